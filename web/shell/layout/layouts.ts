/**
 * Arrangements of the same panels for every shape of wall, as data (screens.md: "other arrangements, not a
 * stretched picture"). A layout is columns of slots; heights are in tracks.
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

export type LayoutName = 'portrait' | 'small' | 'wide16' | 'wide21' | 'wide32' | 'wide48';

export interface Layout {
  name: LayoutName;
  /** CSS px for which 1rem is 10 px. */
  design: readonly [width: number, height: number];
  /** Widths are CSS track sizes; stacks are [slot, tracks] from top to bottom. Equal neighbours become one area. */
  columns: readonly { width: string; stack: readonly (readonly [Slot, number])[] }[];
  /** Where the header breaks into two lines. */
  headerLines: 1 | 2;
}

/** Every column has so many tracks; at the design size of 16:9 a track is 2rem high. */
export const TRACKS = 48;

export const LAYOUTS: Record<LayoutName, Layout> = {
  wide16: {
    name: 'wide16',
    design: [1920, 1080],
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
    name: 'small',
    design: [1720, 968],
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
    name: 'wide21',
    design: [2560, 1080],
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
    name: 'wide32',
    design: [3840, 1080],
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
    name: 'wide48',
    design: [5760, 1080],
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
    name: 'portrait',
    design: [1080, 1920],
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

/** Upper bounds of the aspect ratio (width / height) of each class, in order. */
const BOUNDS: readonly (readonly [LayoutName, number])[] = [
  ['portrait', 0.85],
  ['wide16', 2.05],
  ['wide21', 2.9],
  ['wide32', 4.4],
  ['wide48', Infinity],
];
/** Below this height a landscape screen is small. */
const SMALL_HEIGHT = 880;
/** How far a bound must be passed before the layout changes: a window dragged along it must not flicker. */
const HYSTERESIS = 0.03;

/** The layout for a viewport in CSS px, holding on to `current` near a bound. */
export function chooseLayout(width: number, height: number, current?: LayoutName): LayoutName {
  const pick = (aspect: number, tall: number): LayoutName => {
    const name = BOUNDS.find(([, bound]) => aspect < bound)![0];
    return name === 'wide16' && tall < SMALL_HEIGHT ? 'small' : name;
  };
  const aspect = width / Math.max(1, height);
  const chosen = pick(aspect, height);
  if (!current || chosen === current) return chosen;
  // Still the current one if a slightly other viewport would be.
  for (const a of [1 - HYSTERESIS, 1, 1 + HYSTERESIS]) {
    for (const h of [1 - HYSTERESIS, 1, 1 + HYSTERESIS]) {
      if (pick(aspect * a, height * h) === current) return current;
    }
  }
  return chosen;
}

/** Root font size in px: 10 at the layout's design size, so that nothing is ever scaled by a transform. */
export function rootSize(width: number, height: number, layout: Layout): number {
  const size = Math.min(width / layout.design[0], height / layout.design[1]) * 10;
  return Math.floor(size * 1000) / 1000;
}

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
