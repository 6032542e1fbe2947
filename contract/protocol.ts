import { Type, type Static } from 'typebox';
import type { AlertBrief, Frame } from './frame.ts';
import { WindowSchema } from './frame.ts';
import type { JsonObject } from '../common/mergePatch.ts';
import { DIVISION_PATTERN } from '../common/divisions.ts';
import type { PresentClientEvents, PresentServerEvents } from './presenting.ts';

export { BEAT_MS, MAX_ALERT_BRIEFS, SILENCE_MS, WALL_NAMESPACE } from './pushTiming.ts';

/** A division code: a region (6 digits) or a town (9). */
export const ScopeSchema = Type.String({ pattern: DIVISION_PATTERN });

export const WatchSchema = Type.Object({ scope: ScopeSchema, window: WindowSchema }, { additionalProperties: false });
export type Watch = Static<typeof WatchSchema>;

export type WatchAck = { frame: Frame } | { problem: Refusal };
/** Named reasons to refuse a `watch`. */
export interface Refusal {
  code: 'bad-request' | 'unknown-scope' | 'unknown-window' | 'not-ready' | 'not-allowed';
  detail: string;
}

/** `patch` turns the frame with seq `prev` into that with `seq` (RFC 7396). */
export interface Patch {
  scope: string;
  window: string;
  seq: number;
  prev: number;
  at: string;
  patch: JsonObject;
}
/** `lag`: age in ms of the oldest accepted event not yet counted. `build` lets a page notice a new release. */
export interface Beat {
  at: string;
  lag: number;
  build: string;
}
/** Newly raised alerts, gravest first; `more` counts those beyond the first 20. */
export interface AlertNotice {
  scope: string;
  briefs: AlertBrief[];
  more: number;
}

/**
 * How a screen is, told every REPORT_MS (accessLimits.ts) and at once after an error. Any screen may send it; kept for paired
 * displays. What does not fit the schema is thrown away.
 */
export const ReportSchema = Type.Object(
  {
    build: Type.String({ maxLength: 40 }),
    /** CSS pixels. */
    width: Type.Integer({ minimum: 0, maximum: 100_000 }),
    height: Type.Integer({ minimum: 0, maximum: 100_000 }),
    pixelRatio: Type.Number({ minimum: 0, maximum: 100 }),
    fps: Type.Optional(Type.Number({ minimum: 0, maximum: 1_000 })),
    /** Age in ms of the figures that it shows. */
    ageMs: Type.Optional(Type.Integer({ minimum: 0 })),
    /** Where it is: path and query. */
    path: Type.Optional(Type.String({ maxLength: 500 })),
    lastError: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: false },
);
export type Report = Static<typeof ReportSchema>;

/**
 * What the server wants a paired display to do; others get none.
 * - `show`: be at `path` (a path of this site with its query), sent at each connection and when an admin changes it; nothing to do where it is there already
 * - `reload`: load the page anew
 * - `identify`: show `name` in large letters for `seconds`
 * - `renew`: `POST /api/v1/access/session/renew`, which sets a new cookie; to be tried again later when it fails
 */
export type Command =
  | { kind: 'show'; path: string; name: string }
  | { kind: 'reload' }
  | { kind: 'identify'; name: string; seconds: number }
  | { kind: 'renew' };

export interface ClientEvents extends PresentClientEvents {
  watch: (request: Watch, ack: (answer: WatchAck) => void) => void;
  report: (report: Report) => void;
}
export interface ServerEvents extends PresentServerEvents {
  patch: (patch: Patch) => void;
  beat: (beat: Beat) => void;
  alert: (notice: AlertNotice) => void;
  command: (command: Command) => void;
}
