import { Type, type Static } from 'typebox';
import { DIVISION_PATTERN } from '../common/divisions.ts';
import { BRIEFING_PAGES } from './briefingLimits.ts';
import { closed, codes, Timestamp } from './fields.ts';
import { CompareSchema } from './compareSchema.ts';
import { LIVE_ID_PATTERN } from './liveBriefing.ts';
import { REPLAY_STEPS } from './replayLimits.ts';
import { GRID, MAX_CHUNK_POINTS, MAX_STROKE_POINTS } from './presentLimits.ts';

/** A briefing that is presented to others (docs/briefing.md): what is said over the lines of screens about it. */

export const BRIEFING_ID_PATTERN = '^\\d{6}-[0-9a-f]{18}$';
/** One that is kept, or one of now (liveBriefing.ts). */
const id = Type.Union(
  [Type.String({ pattern: BRIEFING_ID_PATTERN }), Type.String({ pattern: LIVE_ID_PATTERN, maxLength: 80 })],
  { description: 'id of the briefing' },
);
const page = codes(BRIEFING_PAGES);
const part = Type.Integer({ minimum: 0, maximum: GRID });
/** A place on the page, in 10,000ths of its width and height. */
export const PlaceSchema = Type.Object({ x: part, y: part }, closed);
export type Place = Static<typeof PlaceSchema>;

/** The moment at which the time bar is: `step` is the distance of its frames. */
export const PresentedMomentSchema = Type.Object(
  {
    at: Timestamp,
    step: codes(REPLAY_STEPS),
    /** As it was shown then, in place of today's facts. */
    shown: Type.Boolean(),
    /** Time goes by. */
    playing: Type.Boolean(),
  },
  closed,
);
export type PresentedMoment = Static<typeof PresentedMomentSchema>;
/** With what the pages are compared, as an address says it (`vs`); the rights of whoever follows decide what they see of it. */
export const PresentedOtherSchema = Type.Union([
  CompareSchema,
  Type.String({ maxLength: 40, pattern: '^at:[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,12}(Z|[+-][0-9]{2}:[0-9]{2})$' }),
  Type.String({ maxLength: 40, pattern: '^briefing:[0-9]{6}-[0-9a-f]{18}$' }),
]);

/** How a presentation stands. Of two of the same briefing the one with the larger `seq` is newer, also after it has ended and begun again. */
export const PresentationSchema = Type.Object({
  briefing: Type.String(),
  /** Of the briefing. */
  scope: Type.String(),
  seq: Type.Integer(),
  /** Whether somebody presents; what follows is then how it was when it ended. */
  on: Type.Boolean(),
  /** Left out for displays, which are told no names. */
  presenter: Type.Optional(Type.Object({ id: Type.String(), name: Type.String() })),
  page: Type.String(),
  black: Type.Boolean(),
  pointer: Type.Optional(PlaceSchema),
  /** Left out: that of the briefing itself. */
  moment: Type.Optional(PresentedMomentSchema),
  /** Left out: with nothing. */
  vs: Type.Optional(Type.String()),
  /** By the server's clock. */
  began: Timestamp,
  /** Grows when title or pages of the briefing have been changed: they are to be read again. */
  edited: Type.Integer(),
});
export type Presentation = Static<typeof PresentationSchema>;

/** `follow`: a briefing; or, for a display, whatever is presented of its scope. */
export const FollowSchema = Type.Union([
  Type.Object({ briefing: id }, closed),
  Type.Object({ scope: Type.String({ pattern: DIVISION_PATTERN }) }, closed),
]);
export type Follow = Static<typeof FollowSchema>;

const stroke = Type.String({ pattern: '^[A-Za-z0-9_-]{4,20}$', description: 'id of a stroke, made up by the page' });
const points = Type.Array(part, { minItems: 2, maxItems: 2 * MAX_CHUNK_POINTS });
const drawn = {
  page,
  stroke,
  /** How many points the stroke has already: what is sent twice counts once. */
  from: Type.Integer({ minimum: 0, maximum: MAX_STROKE_POINTS }),
  /** x and y in turns. */
  points,
};
/** One stroke, or all of a page. */
const erased = Type.Union([Type.Object({ stroke }, closed), Type.Object({ page }, closed)]);

/** `present`: what only the presenter does. All of it may be sent twice. */
export const PresentSchema = Type.Union([
  Type.Object({ briefing: id, do: Type.Literal('begin'), page, take: Type.Optional(Type.Boolean()) }, closed),
  Type.Object(
    {
      briefing: id,
      do: Type.Literal('show'),
      page: Type.Optional(page),
      black: Type.Optional(Type.Boolean()),
      /** `null`: no pointer any more. */
      pointer: Type.Optional(Type.Union([PlaceSchema, Type.Null()])),
      /** `null`: the briefing's own again. */
      moment: Type.Optional(Type.Union([PresentedMomentSchema, Type.Null()])),
      /** `null`: compared with nothing any more. */
      vs: Type.Optional(Type.Union([PresentedOtherSchema, Type.Null()])),
    },
    { ...closed, minProperties: 3 },
  ),
  Type.Object({ briefing: id, do: Type.Literal('end') }, closed),
  Type.Object({ briefing: id, do: Type.Literal('draw'), ...drawn }, closed),
  Type.Object({ briefing: id, do: Type.Literal('erase'), what: erased }, closed),
]);
export type Present = Static<typeof PresentSchema>;
export type PresentDo<D extends Present['do']> = Extract<Present, { do: D }>;
/** What changes the presentation itself. */
export type PresentationCommand = PresentDo<'begin' | 'show' | 'end'>;
export type InkCommand = PresentDo<'draw' | 'erase'>;

/** A stroke of the pen: x and y in turns, in 10,000ths of the page. */
export interface Stroke {
  id: string;
  page: string;
  points: number[];
}
/** Told to those who follow in full: what was drawn, or taken away. */
export type InkChange = { briefing: string } & (
  { page: string; stroke: string; from: number; points: number[] } | { erased: Static<typeof erased> }
);

export interface PresentRefusal {
  code: 'bad-request' | 'not-allowed' | 'unknown' | 'not-ready' | 'taken' | 'not-presenting' | 'full';
  detail: string;
  /** Of `taken`: the name of whoever presents. */
  by?: string;
}
export type FollowAck =
  | {
      /** Left out where nobody has presented it of late. */
      presentation?: Presentation;
      /** In the order in which they were begun; none for displays. */
      strokes: Stroke[];
      /** The asker as `presenter.id` names them; none for displays. */
      you?: string;
    }
  | { problem: PresentRefusal };
export type PresentAck = { presentation?: Presentation } | { problem: PresentRefusal };

/** Of `ClientEvents` and `ServerEvents` (protocol.ts). */
export interface PresentClientEvents {
  follow: (request: Follow, ack: (answer: FollowAck) => void) => void;
  present: (request: Present, ack: (answer: PresentAck) => void) => void;
}
export interface PresentServerEvents {
  presentation: (presentation: Presentation) => void;
  ink: (change: InkChange) => void;
}
