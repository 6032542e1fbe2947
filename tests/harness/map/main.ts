import type { FeatureCollection } from 'geojson';
import { createApp, h, reactive, shallowReactive, shallowRef, type Component } from 'vue';
import type { AlertBrief } from '../../../contract/frame.ts';
import PlainMap from '../../../web/map/PlainMap.vue';
import WallMap from '../../../web/map/WallMap.vue';
import type { Seams } from '../../../web/map/room.ts';
import type { Layout } from '../../../web/map/overlay/useLayout.ts';
import type { Aim } from '../../../web/map/useAim.ts';
import type { MapTarget, Quality } from '../../../web/map/types.ts';
import type { Lang } from '../../../web/i18n/lang.ts';
import '../../../web/styles/tokens.css';
import './harness.css';
import { fixture, fixtureBrief, type FixtureVariant } from '../../support/webFixtures.ts';
import { instrumentWebGl } from './instrument.ts';

/** The map alone, on fixtures; what it is given is set by the address and by `window.mapHarness`. */

const files = import.meta.glob<FeatureCollection>('../../../assets/geo/330{110,100}/boundaries.geojson', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const query = new URLSearchParams(location.search);
const variant = (query.get('variant') ?? 'normal') as FixtureVariant;
const made = fixture({ variant, window: '30d' });
const drawnAs: Partial<Record<FixtureVariant, string>> = { city: '330100', manyTowns: '', province: '' };
const raw = Object.entries(files).find(([path]) =>
  path.includes(`/${drawnAs[variant] ?? '330110'}/`),
)?.[1] as unknown as string | undefined;

function size(): void {
  const { innerWidth, innerHeight } = window;
  document.documentElement.style.fontSize = `${Math.min(innerWidth / 192, innerHeight / 108) * Number(query.get('rem') ?? 1)}px`;
}
if (query.has('theme')) document.documentElement.dataset['theme'] = query.get('theme')!;
size();
window.addEventListener('resize', size);

const state = shallowReactive({
  frame: made.frame,
  pack: made.pack,
  boundaries: (raw ? JSON.parse(raw) : undefined) as FeatureCollection | undefined,
  alerts: query.has('alerts') ? crowd(Number(query.get('alerts'))) : (undefined as AlertBrief[] | undefined),
  selection: undefined as MapTarget | undefined,
  focus: undefined as AlertBrief | undefined,
  alarmed: undefined as AlertBrief[] | undefined,
  heat: query.has('heat'),
  hero: !query.has('plainest'),
  seams: undefined as Seams | undefined,
  now: made.now,
  quality: (query.get('quality') ?? 'high') as Quality,
  lang: (query.get('lang') ?? 'zh-CN') as Lang,
  reducedMotion: query.has('still'),
});
const log: { opened: MapTarget[]; events: string[]; aim: Aim | undefined } = reactive({
  opened: [],
  events: [],
  aim: undefined,
});
const gl = instrumentWebGl();

/** `count` open alerts, for crowds. */
function crowd(count: number): AlertBrief[] {
  return Array.from({ length: count }, (_, i) => fixtureBrief(i, made.pack, made.now));
}

const shown = shallowRef<{ layout: () => Layout | undefined }>();
/** What stands where on the map now. */
const layout = (): Layout | undefined => shown.value?.layout();

const harness = { state, log, gl, made, crowd, layout };
declare global {
  interface Window {
    mapHarness: typeof harness;
  }
}
window.mapHarness = harness;

const component: Component = query.has('plain') ? PlainMap : WallMap;
createApp({
  render: () =>
    h('main', { style: { width: query.get('w') ?? '100vw', height: query.get('h') ?? '100vh' } }, [
      h(component, {
        ...state,
        ref: shown,
        onHeat: () => {
          state.heat = !state.heat;
        },
        onAim: (aim: Aim | undefined) => {
          log.aim = aim;
        },
        onOpen: (target: MapTarget) => log.opened.push(target),
        onReady: () => log.events.push('ready'),
        onLost: () => log.events.push('lost'),
        onRestored: () => log.events.push('restored'),
      }),
    ]),
}).mount('#app');
