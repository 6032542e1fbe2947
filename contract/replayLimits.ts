import type { WindowName } from './codes.ts';

/** Names and limits of replays, without schemas, so that a page does not carry TypeBox. */

export const REPLAY_STEPS = ['minute', '5m', 'hour', 'day'] as const;
export type ReplayStep = (typeof REPLAY_STEPS)[number];
export const REPLAY_STEP_MS: Readonly<Record<ReplayStep, number>> = {
  minute: 60_000,
  '5m': 300_000,
  hour: 3_600_000,
  day: 86_400_000,
};
/** Patches in one replay, so that it has at most one frame more. */
export const MAX_REPLAY_STEPS = 1_500;

/** Windows whose frames are kept as they were shown. */
export const SHOWN_WINDOWS = ['today', 'week', 'month', '30d'] as const satisfies readonly WindowName[];
export type ShownWindow = (typeof SHOWN_WINDOWS)[number];
export const isShownWindow = (window: WindowName): window is ShownWindow =>
  (SHOWN_WINDOWS as readonly string[]).includes(window);
/** How long they are kept. */
export const SHOWN_DAYS = 400;

/** What is marked on a time bar: red alerts raised, and alerts that were put under supervision. */
export const MARK_KINDS = ['red', 'supervised'] as const;
export type MarkKind = (typeof MARK_KINDS)[number];
