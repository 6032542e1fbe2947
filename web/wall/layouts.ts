import type { ShapeName } from '../shell/layout/shapes.ts';

/**
 * Arrangements of the same panels for every shape of wall, as data (screens.md: "other arrangements, not a
 * stretched picture"). A layout is columns of slots; heights are in tracks. A slot is shown by the panel of its name:
 * `panels/<slot>/<Slot>Panel.vue` (panelSlots.ts finds it), or the map.
 */
export const SLOTS = [
  'headline',
  'map',
  'trend',
  'tiers',
  'towns',
  'industries',
  'channels',
  'ticker',
  'closedLoop',
  'successRate',
  'recovered',
] as const;
export type Slot = (typeof SLOTS)[number];

export interface Layout {
  /** Widths are CSS track sizes; stacks are [slot, tracks] from top to bottom. Equal neighbours become one area. */
  columns: readonly { width: string; stack: readonly (readonly [Slot, number])[] }[];
  /** Where the header breaks into two lines. */
  headerLines: 1 | 2;
}

/** Every column has so many tracks; at the design size of 16:9 a track is 2rem high. */
export const TRACKS = 48;

export const LAYOUTS: Record<ShapeName, Layout> = {
  wide16: {
    headerLines: 1,
    columns: [
      {
        width: '44rem',
        stack: [
          ['tiers', 11],
          ['towns', 16],
          ['industries', 10],
          ['channels', 11],
        ],
      },
      {
        width: '1fr',
        stack: [
          ['headline', 8],
          ['map', 28],
          ['trend', 12],
        ],
      },
      {
        width: '44rem',
        stack: [
          ['ticker', 15],
          ['closedLoop', 11],
          ['successRate', 12],
          ['recovered', 10],
        ],
      },
    ],
  },
  // A small screen is looked at from near: the same panels, in larger letters for its size.
  small: {
    headerLines: 1,
    columns: [
      {
        width: '43rem',
        stack: [
          ['tiers', 11],
          ['towns', 15],
          ['industries', 11],
          ['channels', 11],
        ],
      },
      {
        width: '1fr',
        stack: [
          ['headline', 9],
          ['map', 26],
          ['trend', 13],
        ],
      },
      {
        width: '43rem',
        stack: [
          ['ticker', 13],
          ['closedLoop', 12],
          ['successRate', 12],
          ['recovered', 11],
        ],
      },
    ],
  },
  wide21: {
    headerLines: 1,
    columns: [
      {
        width: '44rem',
        stack: [
          ['tiers', 11],
          ['towns', 37],
        ],
      },
      {
        width: '44rem',
        stack: [
          ['industries', 21],
          ['channels', 15],
          ['recovered', 12],
        ],
      },
      {
        width: '1fr',
        stack: [
          ['headline', 8],
          ['map', 28],
          ['trend', 12],
        ],
      },
      {
        width: '46rem',
        stack: [
          ['ticker', 20],
          ['closedLoop', 12],
          ['successRate', 16],
        ],
      },
    ],
  },
  wide32: {
    headerLines: 1,
    columns: [
      {
        width: '56rem',
        stack: [
          ['tiers', 11],
          ['towns', 37],
        ],
      },
      {
        width: '52rem',
        stack: [
          ['industries', 21],
          ['channels', 15],
          ['closedLoop', 12],
        ],
      },
      {
        width: '1fr',
        stack: [
          ['headline', 8],
          ['map', 40],
        ],
      },
      {
        width: '60rem',
        stack: [
          ['successRate', 18],
          ['trend', 16],
          ['recovered', 14],
        ],
      },
      { width: '56rem', stack: [['ticker', 48]] },
    ],
  },
  wide48: {
    headerLines: 1,
    columns: [
      { width: '68rem', stack: [['towns', 48]] },
      {
        width: '60rem',
        stack: [
          ['tiers', 14],
          ['closedLoop', 14],
          ['successRate', 20],
        ],
      },
      {
        width: '60rem',
        stack: [
          ['industries', 26],
          ['channels', 22],
        ],
      },
      {
        width: '1fr',
        stack: [
          ['headline', 8],
          ['map', 40],
        ],
      },
      {
        width: '92rem',
        stack: [
          ['trend', 26],
          ['recovered', 22],
        ],
      },
      { width: '72rem', stack: [['ticker', 48]] },
    ],
  },
  // Two columns under the map; panels in both columns at the same height are as wide as the screen.
  portrait: {
    headerLines: 2,
    columns: [
      {
        width: '1fr',
        stack: [
          ['headline', 4],
          ['map', 13],
          ['tiers', 5],
          ['towns', 8],
          ['industries', 6],
          ['channels', 6],
          ['trend', 6],
        ],
      },
      {
        width: '1fr',
        stack: [
          ['headline', 4],
          ['map', 13],
          ['ticker', 8],
          ['closedLoop', 6],
          ['successRate', 6],
          ['recovered', 5],
          ['trend', 6],
        ],
      },
    ],
  },
};

/** `grid-template-areas`, `-columns` and `-rows` of a layout. */
export function gridOf(layout: Layout): { areas: string; columns: string; rows: string } {
  const columns = layout.columns.map(({ stack }) => stack.flatMap(([slot, tracks]) => Array<Slot>(tracks).fill(slot)));
  const tracks = columns[0]!.length;
  const lines = Array.from({ length: tracks }, (_, row) => `"${columns.map((column) => column[row]).join(' ')}"`);
  return {
    areas: lines.join(' '),
    columns: layout.columns.map(({ width }) => (width.endsWith('fr') ? `minmax(0, ${width})` : width)).join(' '),
    rows: `repeat(${tracks}, minmax(0, 1fr))`,
  };
}
