import { computed, onBeforeUnmount, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import { layoutLabels, type PlacedLabel } from '../labels/layout.ts';
import { labelInputs, labelSizes, type Measure } from '../labels/towns.ts';
import type { Box } from '../types.ts';
import type { MapData, MapProps } from '../useMapData.ts';
import type { projector, View } from '../view.ts';

/** More symbols than this cover the whole map: no name can keep clear of them. */
const MOST_SYMBOLS = 200;
/** Names step aside for new symbols at most so often, ms: a name that moves draws the eye. */
const CALM_MS = 10_000;

interface Props {
  map: MapProps;
  data: MapData;
  view: View;
  settled: boolean;
  rem: number;
}
interface Labels {
  labels: ShallowRef<PlacedLabel[]>;
  placeLabels: () => void;
}

function measurer(): Measure {
  const ctx = document.createElement('canvas').getContext('2d');
  const width = (weight: number, family: string) => (text: string, px: number) => {
    if (!ctx) return [...text].length * px;
    ctx.font = `${weight} ${px}px ${family}`;
    return ctx.measureText(text).width;
  };
  const style = getComputedStyle(document.documentElement);
  const text = style.getPropertyValue('--font-text') || 'sans-serif';
  const figure = width(700, style.getPropertyValue('--font-figures') || text);
  // Figures are drawn tabular, where a 1 is as wide as a 0, but a canvas measures them as they come.
  return { name: width(500, text), figure: (digits, px) => figure('0'.repeat(digits.length), px) };
}

/**
 * The towns' names where there is room for them: placed anew when the map has come to rest elsewhere or their width has
 * changed, and when a new symbol has come to lie under one of them. Not for every change of a figure.
 * @param radius of a symbol, CSS pixels
 * @param corners the element whose `.corner`s (legend, notice, platforms) no name may lie under
 */
export function useLabels(
  props: Props,
  radius: ComputedRef<number>,
  project: ComputedRef<ReturnType<typeof projector>>,
  corners: () => HTMLElement | null | undefined,
): Labels {
  const labels = shallowRef<PlacedLabel[]>([]);
  const measure = measurer();

  function takenBoxes(): Box[] {
    const overlay = corners();
    const origin = overlay?.getBoundingClientRect();
    if (!origin) return [];
    return Array.from(overlay!.querySelectorAll('.corner'), (element) => {
      const box = element.getBoundingClientRect();
      return {
        left: box.left - origin.left,
        right: box.right - origin.left,
        top: box.top - origin.top,
        bottom: box.bottom - origin.top,
      };
    });
  }
  function symbolBoxes(): Box[] {
    const points = props.data.points.value;
    const r = radius.value;
    return points.length > MOST_SYMBOLS
      ? []
      : points.flatMap(({ x, y }) => {
          const p = project.value(x, y, props.data.height.value);
          return p ? [{ left: p.x - r, right: p.x + r, top: p.y - r, bottom: p.y + r }] : [];
        });
  }
  /** Names that lie over a symbol. */
  const covering = (symbols: readonly Box[]) =>
    labels.value.filter(
      ({ box, hidden }) =>
        !hidden &&
        symbols.some((s) => s.left < box.right && s.right > box.left && s.top < box.bottom && s.bottom > box.top),
    ).length;

  let placedAt = -Infinity;
  let inevitable = 0;
  let due: ReturnType<typeof setTimeout> | undefined;
  function placeLabels(): void {
    clearTimeout(due);
    due = undefined;
    if (props.view.width <= 1) return;
    const { shapes, figures, height } = props.data;
    const symbols = symbolBoxes();
    const inputs = labelInputs(
      shapes.value,
      figures.value,
      props.view,
      height.value,
      labelSizes(props.rem),
      measure,
      props.map.lang,
    );
    labels.value = layoutLabels(inputs, {
      width: props.view.width,
      height: props.view.height,
      taken: takenBoxes(),
      symbols,
      gap: 0.4 * props.rem,
    });
    placedAt = performance.now();
    inevitable = covering(symbols);
  }

  const textWidths = computed(() =>
    [...props.data.figures.value.values()].map((f) => `${f.name}${String(f.open ?? '').length}`).join(),
  );
  watch(
    () => [
      props.settled && props.view,
      props.data.shapes.value,
      textWidths.value,
      props.rem,
      props.data.breaks.value.length,
    ],
    () => {
      if (props.settled) placeLabels();
    },
    { flush: 'post' },
  );
  watch(
    props.data.points,
    () => {
      if (!props.settled || due !== undefined || covering(symbolBoxes()) <= inevitable) return;
      due = setTimeout(
        () => {
          due = undefined;
          if (props.settled) placeLabels();
        },
        Math.max(0, placedAt + CALM_MS - performance.now()),
      );
    },
    { flush: 'post' },
  );
  // The first alerts come a moment after the map: they are not news.
  watch(() => props.map.alerts !== undefined, placeLabels, { flush: 'post' });
  onBeforeUnmount(() => {
    clearTimeout(due);
  });
  return { labels, placeLabels };
}
