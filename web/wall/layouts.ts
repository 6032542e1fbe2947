import type { ShapeName } from '../shell/layout/shapes.ts';

/**
 * Arrangements of the same panels for every shape of wall, as data (screens.md: "other arrangements, not a
 * stretched picture"). A layout is columns of slots; heights are in tracks. A slot is shown by the panel of its name:
 * `panels/<slot>/<Slot>Panel.vue` (panelSlots.ts finds it), or the map.
 */
export const SLOTS = [
  'headline',
  'towns',
  'sources',
  'map',
  'trend',
  'agenda',
  'stages',
  'ticker',
  'pages',
  'industries',
  'successRate',
  'recovered',
  'tiers',
] as const;
export type Slot = (typeof SLOTS)[number];

/** From top to bottom, each with its height in tracks. */
export type Stack = readonly (readonly [Slot, number])[];

export interface Layout {
  /** Widths are CSS track sizes. Equal neighbours become one area. */
  columns: readonly { width: string; stack: Stack }[];
  /** Where the header breaks into two lines. */
  headerLines: 1 | 2;
  /** Lines of the sentence under the header. */
  sentenceLines: 1 | 2 | 3;
}

/** Every column has so many tracks; at the design size of 16:9 a track is about 1.9rem high. */
export const TRACKS = 48;

const CENTRE: Stack = [
  ['headline', 7],
  ['map', 29],
  ['trend', 12],
];

/** What fits beside a wall read from near. */
export const LAYOUTS: Record<ShapeName, Layout> = {
  wide16: {
    headerLines: 1,
    sentenceLines: 1,
    columns: [
      {
        width: '46rem',
        stack: [
          ['towns', 26],
          ['sources', 12],
          ['pages', 10],
        ],
      },
      { width: '1fr', stack: CENTRE },
      {
        width: '44rem',
        stack: [
          ['agenda', 26],
          ['stages', 9],
          ['ticker', 13],
        ],
      },
    ],
  },
  // A small screen is looked at from near: the same panels, in larger letters for its size.
  small: {
    headerLines: 1,
    sentenceLines: 1,
    columns: [
      {
        width: '43rem',
        stack: [
          ['towns', 25],
          ['sources', 13],
          ['pages', 10],
        ],
      },
      {
        width: '1fr',
        stack: [
          ['headline', 8],
          ['map', 27],
          ['trend', 13],
        ],
      },
      {
        width: '42rem',
        stack: [
          ['agenda', 26],
          ['stages', 10],
          ['ticker', 12],
        ],
      },
    ],
  },
  wide21: {
    headerLines: 1,
    sentenceLines: 1,
    columns: [
      { width: '44rem', stack: [['towns', 48]] },
      {
        width: '37rem',
        stack: [
          ['sources', 17],
          ['industries', 17],
          ['successRate', 14],
        ],
      },
      { width: '1fr', stack: CENTRE },
      {
        width: '37rem',
        stack: [
          ['stages', 11],
          ['ticker', 24],
          ['recovered', 13],
        ],
      },
      { width: '44rem', stack: [['agenda', 48]] },
    ],
  },
  wide32: {
    headerLines: 1,
    sentenceLines: 1,
    columns: [
      { width: '56rem', stack: [['towns', 48]] },
      {
        width: '50rem',
        stack: [
          ['sources', 20],
          ['stages', 12],
          ['tiers', 16],
        ],
      },
      {
        width: '1fr',
        stack: [
          ['headline', 7],
          ['map', 41],
        ],
      },
      {
        width: '60rem',
        stack: [
          ['trend', 18],
          ['industries', 18],
          ['recovered', 12],
        ],
      },
      { width: '50rem', stack: [['agenda', 48]] },
      {
        width: '46rem',
        stack: [
          ['ticker', 30],
          ['successRate', 18],
        ],
      },
    ],
  },
  wide48: {
    headerLines: 1,
    sentenceLines: 1,
    columns: [
      { width: '66rem', stack: [['towns', 48]] },
      {
        width: '60rem',
        stack: [
          ['sources', 26],
          ['stages', 22],
        ],
      },
      {
        width: '60rem',
        stack: [
          ['industries', 26],
          ['successRate', 22],
        ],
      },
      {
        width: '1fr',
        stack: [
          ['headline', 7],
          ['map', 41],
        ],
      },
      {
        width: '84rem',
        stack: [
          ['trend', 27],
          ['recovered', 21],
        ],
      },
      { width: '60rem', stack: [['agenda', 48]] },
      {
        width: '60rem',
        stack: [
          ['ticker', 30],
          ['tiers', 18],
        ],
      },
    ],
  },
  // Two columns under the map; panels in both columns at the same height are as wide as the screen.
  portrait: {
    headerLines: 2,
    sentenceLines: 2,
    columns: [
      {
        width: '1fr',
        stack: [
          ['headline', 5],
          ['map', 13],
          ['towns', 13],
          ['sources', 6],
          ['pages', 5],
          ['trend', 6],
        ],
      },
      {
        width: '1fr',
        stack: [
          ['headline', 5],
          ['map', 13],
          ['agenda', 13],
          ['stages', 5],
          ['ticker', 6],
          ['trend', 6],
        ],
      },
    ],
  },
  // One column, which scrolls: a track is 1rem.
  phone: {
    headerLines: 2,
    sentenceLines: 3,
    columns: [
      {
        width: '1fr',
        stack: [
          ['headline', 27],
          ['agenda', 52],
          ['towns', 60],
          ['map', 42],
        ],
      },
    ],
  },
};

/** What fits beside a wall read from afar: fewer panels in larger letters (docs/screens.md, Distance). */
export const FAR_LAYOUTS: Record<Exclude<ShapeName, 'phone' | 'small'>, Layout> = {
  wide16: {
    headerLines: 1,
    sentenceLines: 2,
    columns: [
      {
        width: '40rem',
        stack: [
          ['headline', 12],
          ['towns', 36],
        ],
      },
      {
        width: '1fr',
        stack: [
          ['headline', 12],
          ['map', 36],
        ],
      },
      {
        width: '40rem',
        stack: [
          ['headline', 12],
          ['agenda', 36],
        ],
      },
    ],
  },
  wide21: {
    headerLines: 1,
    sentenceLines: 1,
    columns: [
      { width: '44rem', stack: [['towns', 48]] },
      {
        width: '1fr',
        stack: [
          ['headline', 12],
          ['map', 36],
        ],
      },
      { width: '44rem', stack: [['agenda', 48]] },
    ],
  },
  wide32: {
    headerLines: 1,
    sentenceLines: 1,
    columns: [
      { width: '44rem', stack: [['towns', 48]] },
      {
        width: '40rem',
        stack: [
          ['sources', 25],
          ['stages', 23],
        ],
      },
      {
        width: '1fr',
        stack: [
          ['headline', 12],
          ['map', 36],
        ],
      },
      {
        width: '40rem',
        stack: [
          ['trend', 24],
          ['pages', 24],
        ],
      },
      { width: '44rem', stack: [['agenda', 48]] },
    ],
  },
  wide48: {
    headerLines: 1,
    sentenceLines: 1,
    columns: [
      { width: '50rem', stack: [['towns', 48]] },
      {
        width: '44rem',
        stack: [
          ['sources', 26],
          ['stages', 22],
        ],
      },
      {
        width: '44rem',
        stack: [
          ['industries', 24],
          ['successRate', 24],
        ],
      },
      {
        width: '1fr',
        stack: [
          ['headline', 12],
          ['map', 36],
        ],
      },
      {
        width: '52rem',
        stack: [
          ['trend', 25],
          ['recovered', 23],
        ],
      },
      { width: '44rem', stack: [['ticker', 48]] },
      { width: '46rem', stack: [['agenda', 48]] },
    ],
  },
  portrait: {
    headerLines: 2,
    sentenceLines: 3,
    columns: [
      {
        width: '1fr',
        stack: [
          ['headline', 7],
          ['map', 14],
          ['agenda', 14],
          ['towns', 13],
        ],
      },
    ],
  },
};

/**
 * While the time bar is open: lower by a sixth and more, so fewer panels where the others would be too low to be read. What is left
 * stays where it was.
 */
export const TIMED_LAYOUTS: Partial<Record<ShapeName, Layout>> = {
  wide16: {
    headerLines: 1,
    sentenceLines: 1,
    columns: [
      {
        width: '46rem',
        stack: [
          ['towns', 32],
          ['sources', 16],
        ],
      },
      {
        width: '1fr',
        stack: [
          ['headline', 8],
          ['map', 26],
          ['trend', 14],
        ],
      },
      {
        width: '44rem',
        stack: [
          ['agenda', 22],
          ['stages', 11],
          ['ticker', 15],
        ],
      },
    ],
  },
  small: {
    headerLines: 1,
    sentenceLines: 1,
    columns: [
      {
        width: '43rem',
        stack: [
          ['towns', 30],
          ['sources', 18],
        ],
      },
      {
        width: '1fr',
        stack: [
          ['headline', 10],
          ['map', 23],
          ['trend', 15],
        ],
      },
      {
        width: '42rem',
        stack: [
          ['agenda', 20],
          ['stages', 13],
          ['ticker', 15],
        ],
      },
    ],
  },
};

const TIMED_FAR_WIDE16: Layout = {
  headerLines: 1,
  sentenceLines: 1,
  columns: [
    {
      width: '40rem',
      stack: [
        ['headline', 17],
        ['towns', 31],
      ],
    },
    {
      width: '1fr',
      stack: [
        ['headline', 17],
        ['map', 31],
      ],
    },
    {
      width: '40rem',
      stack: [
        ['headline', 17],
        ['agenda', 31],
      ],
    },
  ],
};
export const TIMED_FAR_LAYOUTS: Partial<Record<ShapeName, Layout>> = {
  wide16: TIMED_FAR_WIDE16,
  small: TIMED_FAR_WIDE16,
};

/**
 * A layout by shape and distance.
 * @param timed the time bar is open
 */
export function layoutOf(shape: ShapeName, far: boolean, timed = false): Layout {
  const fromAfar = far && shape !== 'phone';
  const lower = timed ? (fromAfar ? TIMED_FAR_LAYOUTS : TIMED_LAYOUTS)[shape] : undefined;
  if (lower) return lower;
  return fromAfar ? FAR_LAYOUTS[shape === 'small' ? 'wide16' : shape] : LAYOUTS[shape];
}

/** The slots of a layout, in the order in which they are read. */
export function slotsOf(layout: { columns: readonly { stack: Stack }[] }): Slot[] {
  const used = new Set(layout.columns.flatMap(({ stack }) => stack.map(([slot]) => slot)));
  return SLOTS.filter((slot) => used.has(slot));
}

/** How a grid is laid out, in CSS. */
export interface Grid {
  areas: string;
  columns: string;
  rows: string;
  slots: Slot[];
}

const track = (width: string) => (width.endsWith('fr') ? `minmax(0, ${width})` : width);

/** `grid-template-areas`, `-columns` and `-rows` of a layout. */
export function gridOf(layout: Layout, rowHeight = 'minmax(0, 1fr)'): Grid {
  const columns = layout.columns.map(({ stack }) => stack.flatMap(([slot, tracks]) => Array<Slot>(tracks).fill(slot)));
  const tracks = columns[0]!.length;
  const lines = Array.from({ length: tracks }, (_, row) => `"${columns.map((column) => column[row]).join(' ')}"`);
  return {
    areas: lines.join(' '),
    columns: layout.columns.map(({ width }) => track(width)).join(' '),
    rows: `repeat(${tracks}, ${rowHeight})`,
    slots: slotsOf(layout),
  };
}
