import type { FeatureCollection } from 'geojson';
import { createApp, h, reactive, shallowReactive, type Component } from 'vue';
import type { AlertBrief } from '../../../contract/frame.ts';
import PlainMap from '../../../web/map/PlainMap.vue';
import WallMap from '../../../web/map/WallMap.vue';
import type { MapTarget, Quality } from '../../../web/map/types.ts';
import type { Lang } from '../../../web/i18n/lang.ts';
import '../../../web/styles/tokens.css';
import './harness.css';
import { fixture, fixtureBrief, type FixtureVariant } from '../../support/webFixtures.ts';
import { instrumentWebGl } from './instrument.ts';

/** The map alone, on fixtures; what it is given is set by the address and by `window.mapHarness`. */

const files = import.meta.glob<FeatureCollection>('../../../assets/geo/330110/boundaries.geojson', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const raw = Object.values(files)[0] as unknown as string | undefined;
const query = new URLSearchParams(location.search);
const variant = (query.get('variant') ?? 'normal') as FixtureVariant;
const made = fixture({ variant, window: '30d' });

function size(): void {
  const { innerWidth, innerHeight } = window;
  document.documentElement.style.fontSize = `${Math.min(innerWidth / 192, innerHeight / 108) * Number(query.get('rem') ?? 1)}px`;
}
size();
window.addEventListener('resize', size);

const state = shallowReactive({
  frame: made.frame,
  pack: made.pack,
  boundaries: (raw && variant !== 'manyTowns' ? JSON.parse(raw) : undefined) as FeatureCollection | undefined,
  alerts: undefined as AlertBrief[] | undefined,
  selection: undefined as MapTarget | undefined,
  focus: undefined as AlertBrief | undefined,
  quality: (query.get('quality') ?? 'high') as Quality,
  lang: (query.get('lang') ?? 'zh-CN') as Lang,
  reducedMotion: query.has('still'),
});
const log: { opened: MapTarget[]; events: string[] } = reactive({ opened: [], events: [] });
const gl = instrumentWebGl();

/** `count` open alerts, for crowds. */
function crowd(count: number): AlertBrief[] {
  return Array.from({ length: count }, (_, i) => fixtureBrief(i, made.pack, made.now));
}

const harness = { state, log, gl, made, crowd };
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
        onOpen: (target: MapTarget) => log.opened.push(target),
        onReady: () => log.events.push('ready'),
        onLost: () => log.events.push('lost'),
        onRestored: () => log.events.push('restored'),
      }),
    ]),
}).mount('#app');
