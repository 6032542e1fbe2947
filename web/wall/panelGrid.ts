import type { Panels } from '../shell/layout/seams.ts';
import { type Grid, type Slot, SLOTS } from './layouts.ts';

/**
 * The wall put together from several screens (docs/screens.md, Several screens): every slot lies within one screen of
 * them, and only the map goes on over the seams between those of its column. Pure.
 */

/** A column of slots within a column of screens. */
interface Lane {
  column: number;
  map: boolean;
}
const WEIGHTS: Partial<Record<Slot, number>> = { towns: 3, agenda: 3, sources: 2, stages: 2, ticker: 2, trend: 2 };
const weight = (slot: Slot) => WEIGHTS[slot] ?? 1.5;
/** A lane is about as wide, rem; a narrow one is better than a wide hole. */
const LANE = 44;
/** Clear space on both sides of a seam and at the edges, rem: the picture shifts by a few pixels, too. */
const CLEAR = 1.4;
const TRACKS = 12;
/** Least heights beside the map, rem. */
const HEADLINE = 13;
const TREND = 20;
/** Least height of the map in its last screen, tracks: with less, the trend below it is left out. */
const LEAST_MAP = 4;
/** So much is left of a screen above the time bar, tracks. */
const LEAST_TRACKS = 3;
/** Least heights of what cannot leave out rows, rem, with the gap to its neighbour: lower, its texts would be cut. */
const LEAST: Partial<Record<Slot, number>> = { pages: 17, tiers: 17, recovered: 17, ticker: 13 };

const LEFT: readonly Slot[] = ['towns', 'sources', 'pages'];
const RIGHT: readonly Slot[] = ['agenda', 'stages', 'ticker'];
const MORE: readonly Slot[] = ['industries', 'successRate', 'recovered', 'tiers'];

/** The column of screens with headline and map: the middle one, or the one left of the middle. */
export const mapColumn = ({ columns }: Panels): number => Math.floor((columns - 1) / 2);

/** The column of screens with the time bar: beside the map, which keeps its height. */
export const barColumn = ({ columns }: Panels): number => (columns === 1 ? 0 : mapColumn({ columns, rows: 1 }) + 1);

/** Puts slots into cells in their order, each cell getting about the same weight. */
function shared(slots: readonly Slot[], cells: number): Slot[][] {
  const total = slots.reduce((sum, slot) => sum + weight(slot), 0);
  const found = Array.from({ length: cells }, (): Slot[] => []);
  let before = 0;
  slots.forEach((slot, i) => {
    const middle = before + weight(slot) / 2;
    before += weight(slot);
    const cell = slots.length <= cells ? i : Math.min(cells - 1, Math.floor((cells * middle) / total));
    found[cell]!.push(slot);
  });
  return found;
}

/**
 * Tracks of the slots of a cell, by their weights; together `count`. What would be too low gets its least height from the
 * highest; where nothing is high enough to give, it is left out.
 * @param height of a track, rem
 */
function tracked(slots: readonly Slot[], height: number, count = TRACKS): Slot[] {
  const total = slots.reduce((sum, slot) => sum + weight(slot), 0);
  let before = 0;
  const tracks = slots.map((slot) => {
    const from = Math.round((before / total) * count);
    before += weight(slot);
    return Math.round((before / total) * count) - from;
  });
  for (const [i, slot] of slots.entries()) {
    const least = Math.ceil((LEAST[slot] ?? 0) / height);
    while (slots.length > 1 && tracks[i]! < least) {
      const highest = tracks.indexOf(Math.max(...tracks));
      if (tracks[highest]! <= least)
        return tracked(
          slots.filter((one) => one !== slot),
          height,
          count,
        );
      tracks[highest]!--;
      tracks[i]!++;
    }
  }
  return slots.flatMap((slot, i) => Array<Slot>(tracks[i]!).fill(slot));
}

/**
 * @param page size of the page in rem
 * @param top height of what lies above the grid in the first row of screens, rem; `bottom`: below it in the last
 * @param bar height of the time bar at the foot of its screen, rem: its room stays empty
 */
export function panelGrid(
  panels: Panels,
  page: { width: number; height: number },
  top: number,
  bottom = 0,
  bar = 0,
): Grid {
  const { columns, rows } = panels;
  const at = mapColumn(panels);
  const wide = page.width / columns;
  const beside = Math.max(1, Math.min(3, Math.floor(wide / LANE)));
  const lanes: Lane[] = Array.from({ length: columns }, (_, column): Lane[] => {
    if (columns === 1) return [false, true, false].map((map) => ({ column, map }));
    return column === at ? [{ column, map: true }] : Array.from({ length: beside }, () => ({ column, map: false }));
  }).flat();

  const middle = lanes.findIndex(({ map }) => map);
  const left = lanes.slice(0, middle).length * rows;
  const right = lanes.slice(middle + 1).length * rows;
  const more = [...MORE];
  const fill = (slots: readonly Slot[], cells: number) => [
    ...slots,
    ...more.splice(0, Math.max(0, cells - slots.length)),
  ];
  const sides =
    left === 0
      ? [[], shared(fill([...LEFT, ...RIGHT], right), right)]
      : [shared(fill(LEFT, left), left), shared(fill(RIGHT, right), right)];

  const trackHeight = (row: number) =>
    (page.height / rows - (row === 0 ? top : 0) - (row === rows - 1 ? bottom : 0) - 2 * CLEAR) / TRACKS;
  const tracksFor = (height: number, row: number) => Math.max(1, Math.ceil(height / trackHeight(row)));

  /** Tracks that are left to a lane in a row of screens. */
  const tracksOf = (lane: number, row: number) =>
    bar > 0 && row === rows - 1 && lanes[lane]!.column === barColumn(panels)
      ? Math.max(LEAST_TRACKS, TRACKS - tracksFor(bar, row))
      : TRACKS;

  /** What a lane shows in a row of screens. */
  const slotsOf = (lane: number, row: number): readonly (Slot | '.')[] => {
    const count = tracksOf(lane, row);
    if (lanes[lane]!.map) {
      const first = row === 0 ? Array<Slot>(tracksFor(HEADLINE, 0)).fill('headline') : [];
      const trend = row < rows - 1 || (rows === 1 && trackHeight(0) < 6) ? 0 : tracksFor(TREND, row);
      // Beside the bar there may be no room for more than the map.
      const last = Array<Slot>(count - first.length - trend < LEAST_MAP ? 0 : trend).fill('trend');
      return [...first, ...Array<Slot>(count - first.length - last.length).fill('map'), ...last];
    }
    const cells = lane < middle ? sides[0]! : sides[1]!;
    const slots = cells[(lane < middle ? lane : lane - middle - 1) * rows + row] ?? [];
    if (slots.length === 0) return Array<'.'>(count).fill('.');
    const fitting = tracked(slots, trackHeight(row), count);
    // The ticker plays the past; stages exist only now.
    return count === TRACKS || !slots.includes('ticker') || fitting.includes('ticker')
      ? fitting
      : tracked(
          slots.filter((slot) => slot !== 'stages'),
          trackHeight(row),
          count,
        );
  };
  const cellOf = (lane: number, row: number): readonly (Slot | '.')[] => [
    ...slotsOf(lane, row),
    ...Array<'.'>(TRACKS - tracksOf(lane, row)).fill('.'),
  ];

  const lines: string[] = [];
  const heights: string[] = [];
  for (let row = 0; row < rows; row++) {
    const cells = lanes.map((_, lane) => cellOf(lane, row));
    const clear = (last: boolean) => lanes.map(({ map }) => (map && (last ? row < rows - 1 : row > 0) ? 'map' : '.'));
    const line = (names: readonly string[]) => {
      // Clear space on both sides of every column of screens.
      const parts = Array.from({ length: columns }, (_, column) => [
        '.',
        ...names.flatMap((name, lane) => (lanes[lane]!.column === column ? [name] : [])),
        '.',
      ]);
      return `"${parts.flat().join(' ')}"`;
    };
    const above = (row === 0 ? top : 0) + (row === rows - 1 ? bottom : 0);
    lines.push(line(clear(false)), ...Array.from({ length: TRACKS }, (_, i) => line(cells.map((cell) => cell[i]!))));
    lines.push(line(clear(true)));
    heights.push(
      `${CLEAR}rem`,
      `repeat(${TRACKS}, calc((100vh / ${rows} - ${above + 2 * CLEAR}rem) / ${TRACKS}))`,
      `${CLEAR}rem`,
    );
  }
  const widths = Array.from({ length: columns }, (_, column) => {
    const own = lanes.filter((lane) => lane.column === column);
    const each =
      columns === 1
        ? own.map(({ map }) => `calc((100vw - ${4 * CLEAR}rem) * ${map ? 0.5 : 0.25})`)
        : own.map(() => `calc((100vw / ${columns} - ${2 * CLEAR}rem) / ${own.length})`);
    return [`${CLEAR}rem`, ...each, `${CLEAR}rem`];
  }).flat();
  const used = new Set(lines.join(' ').replaceAll('"', ' ').split(' '));
  return {
    areas: lines.join(' '),
    columns: widths.join(' '),
    rows: heights.join(' '),
    slots: SLOTS.filter((slot) => used.has(slot)),
  };
}
