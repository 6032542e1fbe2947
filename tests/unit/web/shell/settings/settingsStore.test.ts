import { setImmediate } from 'node:timers/promises';
import { createPinia, setActivePinia } from 'pinia';
import { createMemoryHistory, createRouter } from 'vue-router';
import { expect, it, onTestFinished, vi } from 'vitest';
import { useSettingsStore } from '../../../../../web/shell/settings/settingsStore.ts';

/** A screen at `/wall`, with a level over it whose code comes when it is told to. */
async function screen() {
  vi.stubGlobal('document', { documentElement: { lang: '' } });
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });
  setActivePinia(createPinia());
  let come: (failed?: boolean) => void = () => {};
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/wall', component: {} },
      {
        path: '/wall/alerts',
        component: () =>
          new Promise<object>((resolve, reject) => {
            come = (failed = false) => {
              if (failed) reject(new Error('it did not come'));
              else resolve({});
            };
          }),
      },
    ],
  });
  await router.push('/wall?quality=low');
  const settings = useSettingsStore();
  settings.bind(router);
  const written = async () => {
    for (let i = 0; i < 3; i++) await setImmediate();
    return router.currentRoute.value.fullPath;
  };
  return { router, settings, written, come: (failed?: boolean) => come(failed) };
}

it('writes a choice into the URL', async () => {
  const { settings, written } = await screen();
  settings.choose({ window: '24h' });
  expect(await written()).toBe('/wall?window=24h&quality=low');
});

it('calls off no page that is on its way, and the choice holds there', async () => {
  const { router, settings, written, come } = await screen();
  const going = router.push('/wall/alerts?of=open&quality=low&window=7d');
  expect(await written()).toBe('/wall?quality=low');
  settings.choose({ quality: 'high' });
  expect(await written()).toBe('/wall?quality=low');
  come();
  await going;
  expect(await written()).toBe('/wall/alerts?window=7d&quality=high&of=open');
  expect(settings.state).toMatchObject({ quality: 'high', window: '7d' });
  router.back();
  await vi.waitFor(async () => {
    expect(await written()).toBe('/wall?quality=low');
  });
  expect(settings.state).toMatchObject({ quality: 'low', window: '30d' });
});

it('writes what was chosen where the page did not come, or gave way to another', async () => {
  const { router, settings, written, come } = await screen();
  const failing = router.push('/wall/alerts?quality=low');
  const failed = expect(failing).rejects.toThrow('it did not come');
  await written();
  settings.choose({ window: '24h' });
  await written();
  come(true);
  await failed;
  expect(await written()).toBe('/wall?window=24h&quality=low');

  const going = router.push('/wall/alerts?quality=low');
  await written();
  settings.choose({ window: '7d' });
  await written();
  await router.push('/wall?quality=high');
  expect(await written()).toBe('/wall?window=7d&quality=high');
  // Its code comes nonetheless, to nobody.
  come();
  await going;
  expect(await written()).toBe('/wall?window=7d&quality=high');
});
