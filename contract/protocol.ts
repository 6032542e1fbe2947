import { Type, type Static } from 'typebox';
import type { AlertBrief, Frame } from './frame.ts';
import { WindowSchema } from './frame.ts';
import type { JsonObject } from './mergePatch.ts';

export { BEAT_MS, MAX_ALERT_BRIEFS, SILENCE_MS, WALL_NAMESPACE } from './pushTiming.ts';

/** A division code: a region (6 digits) or a town (9). */
export const ScopeSchema = Type.String({ pattern: '^[0-9]{6}([0-9]{3})?$' });

export const WatchSchema = Type.Object({ scope: ScopeSchema, window: WindowSchema }, { additionalProperties: false });
export type Watch = Static<typeof WatchSchema>;

export type WatchAck = { frame: Frame } | { problem: Refusal };
/** Named reasons to refuse a `watch`. */
export interface Refusal {
  code: 'bad-request' | 'unknown-scope' | 'unknown-window' | 'not-ready' | 'not-allowed';
  detail: string;
}

/** `patch` turns the frame with seq `prev` into that with `seq` (RFC 7396). */
export interface Patch { scope: string; window: string; seq: number; prev: number; at: string; patch: JsonObject }
/** `lag`: age in ms of the oldest accepted event not yet counted. `build` lets a page notice a new release. */
export interface Beat { at: string; lag: number; build: string }
/** Newly raised alerts, gravest first; `more` counts those beyond the first 20. */
export interface AlertNotice { scope: string; briefs: AlertBrief[]; more: number }

export interface ClientEvents {
  watch: (request: Watch, ack: (answer: WatchAck) => void) => void;
}
export interface ServerEvents {
  patch: (patch: Patch) => void;
  beat: (beat: Beat) => void;
  alert: (notice: AlertNotice) => void;
}
