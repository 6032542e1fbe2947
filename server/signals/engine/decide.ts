import { gravity } from '../assess/compilePack.ts';
import type { Assessment } from '../assess/assess.ts';
import { openOf, quietUntil, type AlertMark } from './alertMarks.ts';

/** What the engine does about a subject (signals §4). */
export type Decision =
  | { do: 'raise' }
  /** Its tier is graver than the open alert's, and than any it ever had. */
  | { do: 'escalate'; alert: AlertMark }
  /** It was found false: not before `day`. */
  | { do: 'wait'; day: number }
  | { do: 'nothing' };

const NOTHING: Decision = { do: 'nothing' };

/**
 * What a subject's assessment asks for, given its alerts, whoever raised them. Pure.
 * @param marks all alerts whose facts name the subject, as keys stand now
 * @param day `dayOf` now
 */
export function decide(
  { tier }: Pick<Assessment, 'tier'>,
  marks: readonly AlertMark[],
  quietDays: number,
  day: number,
): Decision {
  if (tier === undefined) return NOTHING;
  const [first] = openOf(marks);
  if (first)
    return gravity(tier) < Math.min(gravity(first.tier), gravity(first.gravest))
      ? { do: 'escalate', alert: first }
      : NOTHING;
  const quiet = quietUntil(marks, tier, quietDays);
  return day < quiet ? { do: 'wait', day: quiet } : { do: 'raise' };
}
