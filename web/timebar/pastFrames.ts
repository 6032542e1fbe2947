import type { AlertBrief, Frame } from '../../contract/frame.ts';
import type { ReplayFrame } from '../../contract/replay.ts';
import { parseRfc3339 } from '../../common/regionTime.ts';
import { CORRECTABLE, type Corrected } from '../panels/headline/corrected.ts';

/** Frames of the past, made fit for panels that know frames of now. Pure. */

/**
 * The frame, with the records that a frame from before a field existed may lack; undefined for a moment of which none was
 * kept, or one without figures.
 */
export function wholeFrame(frame: ReplayFrame | Partial<Frame> | undefined): Frame | undefined {
  if (!frame || 'missing' in frame) return undefined;
  const known: Partial<Frame> = frame;
  const { totals, scope, window, at } = known;
  if (!totals || scope === undefined || window === undefined || at === undefined) return undefined;
  return {
    seq: 0,
    compare: {},
    byTier: {},
    byTown: {},
    byIndustry: {},
    byChannel: {},
    series: {},
    heat: {},
    latest: {},
    ...known,
    scope,
    window,
    at,
    totals,
  };
}

/**
 * The alerts that the map shows in the past: of the newest that had been raised by then, those that were open. In today's facts
 * an alert has the stage of today; one that is closed was open then if something happened to it after that moment.
 */
export function openThen(frame: Frame): AlertBrief[] {
  const at = parseRfc3339(frame.at) ?? 0;
  return Object.values(frame.latest).flatMap((brief) => {
    if (brief.stage !== 'closed') return [brief];
    // Of a frame as it was shown, nothing in it is later than its moment.
    const open = (parseRfc3339(brief.changedAt) ?? 0) > at;
    return open ? [{ ...brief, stage: 'raised' as const }] : [];
  });
}

/**
 * How many alerts are the newest that `openThen` chooses from, where that leaves out some that were open: the map then says so. Undefined where
 * it has all of them, or none because a site withholds single alerts.
 */
export function newestOnly(frame: Frame): number | undefined {
  const newest = Object.keys(frame.latest).length;
  return newest > 0 && openThen(frame).length < frame.totals.open ? newest : undefined;
}

/**
 * The figures that two frames of one moment have different, as shown then and by today's facts.
 * @param on which of the two is on show; the values are the other's
 */
export function correctedOf(shown: Frame, facts: Frame, on: 'shown' | 'facts'): Corrected | undefined {
  const other = on === 'shown' ? facts : shown;
  const same = (a: number | undefined, b: number | undefined) =>
    a === b || (a !== undefined && b !== undefined && Math.abs(a - b) < 5e-4 * Math.min(1, Math.abs(a)));
  // What one of them withholds is no correction.
  if (shown.withheld !== undefined || facts.withheld !== undefined) return undefined;
  const values: Corrected['values'] = {};
  for (const key of CORRECTABLE) {
    const value = other.totals[key];
    const own = (on === 'shown' ? shown : facts).totals[key];
    // A rate is told to a tenth of a per cent; less is no difference that anybody sees.
    const differs = key === 'successRate' ? !same(own, value) : own !== value;
    if (value !== undefined && differs) values[key] = value;
  }
  return Object.keys(values).length > 0 ? { of: on === 'shown' ? 'facts' : 'shown', values } : undefined;
}
