import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref, shallowRef } from 'vue';
import type { WindowName } from '../../../../contract/codes.ts';
import type { Frame } from '../../../../contract/frame.ts';
import { nextShown, type Shown } from '../../../../web/live/shown.ts';
import { toHeadlines } from '../../../../web/panels/headline/mapping.ts';
import { titleOf } from '../../../../web/wall/title.ts';
import { aboutOf, LEAVE_MS, usePicture } from '../../../../web/wall/usePicture.ts';
import { fixture } from '../../../support/webFixtures.ts';

const made = fixture();
const { pack } = made;
const HOME = pack.code;
const TOWNS = pack.towns.slice(0, 3).map(({ code }) => code);
const WINDOWS: WindowName[] = ['30d', '7d', 'all'];

let hidden = false;
beforeEach(() => {
  vi.useFakeTimers();
  hidden = false;
  vi.stubGlobal('document', {
    get visibilityState() {
      return hidden ? 'hidden' : 'visible';
    },
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** What may befall a wall, in any order. */
type Event =
  | { kind: 'choose'; scope: string; window: WindowName }
  /** A frame of what is watched comes: first, or a patch. */
  | { kind: 'region' }
  | { kind: 'place' }
  /** One that was on its way when something else was chosen. */
  | { kind: 'late'; scope: string; window: WindowName }
  | { kind: 'quality'; high: boolean }
  | { kind: 'hide'; hidden: boolean }
  | { kind: 'wait'; ms: number };
const events: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    kind: fc.constant('choose' as const),
    scope: fc.constantFrom(HOME, ...TOWNS),
    window: fc.constantFrom(...WINDOWS),
  }),
  fc.constant<Event>({ kind: 'region' }),
  fc.constant<Event>({ kind: 'place' }),
  fc.record({
    kind: fc.constant('late' as const),
    scope: fc.constantFrom(...TOWNS),
    window: fc.constantFrom(...WINDOWS),
  }),
  fc.record({ kind: fc.constant('quality' as const), high: fc.boolean() }),
  fc.record({ kind: fc.constant('hide' as const), hidden: fc.boolean() }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 2 * LEAVE_MS }) }),
);

let seq = 0;
const frameOf = (scope: string, window: WindowName): Frame => ({
  ...made.frame,
  scope,
  window,
  seq: ++seq,
  totals: { ...made.frame.totals, open: seq },
});

describe('the picture of the wall', () => {
  it('never mixes two places or windows, and is at rest what the newest frames say, by name too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(events, { maxLength: 40 }), async (script) => {
        hidden = false;
        const scope = effectScope();
        const shown = shallowRef<Shown>({ frame: undefined, region: undefined });
        const quality = ref(true);
        const { picture, about, leaving } = scope.run(() =>
          usePicture(
            () => ({ ...shown.value, pack, boundaries: undefined }),
            () => quality.value,
          ),
        )!;
        let wanted: { scope: string; window: WindowName } = { scope: HOME, window: '30d' };
        let region: Frame | undefined;
        let place: Frame | undefined;
        const show = () => {
          shown.value = nextShown(shown.value, { home: HOME, ...wanted, packCode: HOME, region, place });
        };
        const whole = () => {
          const { frame, region: around } = picture.value;
          if (!frame) return;
          expect(around?.window).toBe(frame.window);
          expect(around?.scope).toBe(HOME);
          const title = titleOf(pack, HOME, frame.scope, 'zh-CN');
          const town = pack.towns.find(({ code }) => code === frame.scope);
          expect(title.places.slice(1)).toEqual(town ? [town.name['zh-CN']] : []);
          expect(about.value).toBe(aboutOf(picture.value));
        };
        for (const event of script) {
          if (event.kind === 'choose') wanted = { scope: event.scope, window: event.window };
          else if (event.kind === 'region') region = frameOf(HOME, wanted.window);
          else if (event.kind === 'place') place = frameOf(wanted.scope, wanted.window);
          else if (event.kind === 'late') place = frameOf(event.scope, event.window);
          else if (event.kind === 'quality') quality.value = event.high;
          else if (event.kind === 'hide') hidden = event.hidden;
          else await vi.advanceTimersByTimeAsync(event.ms);
          show();
          await nextTick();
          whole();
        }
        // Now all of what is wanted comes, and the wall comes to rest.
        region = frameOf(HOME, wanted.window);
        place = frameOf(wanted.scope, wanted.window);
        show();
        await nextTick();
        await vi.advanceTimersByTimeAsync(2 * LEAVE_MS);
        whole();
        const last = wanted.scope === HOME ? region : place;
        expect(leaving.value).toBe(false);
        expect(picture.value.frame).toBe(last);
        expect(picture.value.region).toBe(region);
        // A panel is a pure mapping of the frame: what it draws is the mapping of the last one.
        expect(toHeadlines(picture.value.frame!, pack, made.now)).toEqual(toHeadlines(last, pack, made.now));
        scope.stop();
      }),
      { numRuns: 100 },
    );
  });

  it('lets the old one go before the new one comes, and only then', async () => {
    const scope = effectScope();
    const shown = shallowRef<Shown>({ frame: undefined, region: undefined });
    const { picture, leaving } = scope.run(() =>
      usePicture(
        () => ({ ...shown.value, pack, boundaries: undefined }),
        () => true,
      ),
    )!;
    const put = async (place: string, window: WindowName) => {
      const region = frameOf(HOME, window);
      shown.value = { frame: place === HOME ? region : frameOf(place, window), region };
      await nextTick();
    };
    // The first one is there at once, and so is what changes within a place and window.
    await put(HOME, '30d');
    expect([picture.value.frame?.scope, leaving.value]).toEqual([HOME, false]);
    const { open } = picture.value.frame!.totals;
    await put(HOME, '30d');
    expect([picture.value.frame!.totals.open > open, leaving.value]).toEqual([true, false]);
    await put(TOWNS[0]!, '30d');
    expect([picture.value.frame?.scope, leaving.value]).toEqual([HOME, true]);
    await put(TOWNS[1]!, '7d');
    await vi.advanceTimersByTimeAsync(LEAVE_MS);
    expect([picture.value.frame?.scope, picture.value.frame?.window, leaving.value]).toEqual([TOWNS[1], '7d', false]);
    scope.stop();
  });
});
