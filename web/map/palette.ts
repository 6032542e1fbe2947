import { onBeforeUnmount, shallowRef, type ShallowRef } from 'vue';
import { TIERS, type Tier } from '../../contract/codes.ts';
import '../styles/map.css';

/** Colours of the map, from the tokens of the theme that is on (styles/tokens.css, styles/map.css). */

export interface MapPalette {
  /** The ground of places where nothing grave is open. */
  land: string;
  landEdge: string;
  landFoot: string;
  /** The region's own outline. */
  outline: string;
  /** Places that rise, from the lowest step to the highest. */
  rise: readonly string[];
  riseEdge: string;
  wallTop: string;
  wallFoot: string;
  text: string;
  halo: string;
  mark: string;
  /** Heat, from faint to bright. */
  heat: readonly string[];
  /** Of what is filled with a tier's colour. */
  rim: string;
  tiers: Record<Tier, string>;
}

export const HEAT_OPACITY = [0.24, 0.36, 0.5, 0.66] as const;
const steps = [1, 2, 3, 4] as const;

/** @param token gives the value of a custom property, as a colour that a canvas takes */
export function paletteOf(token: (name: string) => string): MapPalette {
  return {
    land: token('--map-land'),
    landEdge: token('--map-land-edge'),
    landFoot: token('--map-land-foot'),
    outline: token('--map-outline'),
    rise: steps.map((step) => token(`--map-rise-${step}`)),
    riseEdge: token('--map-rise-edge'),
    wallTop: token('--map-wall-top'),
    wallFoot: token('--map-wall-foot'),
    text: token('--map-text'),
    halo: token('--map-halo'),
    mark: token('--map-mark'),
    heat: steps.map((step) => token(`--map-heat-${step}`)),
    rim: token('--rim'),
    tiers: Object.fromEntries(TIERS.map((tier) => [tier, token(`--${tier}-fill`)])) as Record<Tier, string>,
  };
}

/** The palette of the page; replaced when the theme changes, and only then. */
export function usePalette(): ShallowRef<MapPalette> {
  const read = () => {
    const style = getComputedStyle(document.documentElement);
    return paletteOf((name) => style.getPropertyValue(name).trim());
  };
  const palette = shallowRef(read());
  const renew = () => {
    const next = read();
    if (JSON.stringify(next) !== JSON.stringify(palette.value)) palette.value = next;
  };
  const observer = new MutationObserver(renew);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['class', 'data-theme'] });
  const contrast = matchMedia('(prefers-contrast: more)');
  contrast.addEventListener('change', renew);
  onBeforeUnmount(() => {
    observer.disconnect();
    contrast.removeEventListener('change', renew);
  });
  return palette;
}
