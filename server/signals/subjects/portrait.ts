import type { AssessmentView } from '../../../contract/signals.ts';
import { dayOf, dayText } from '../../../common/regionTime.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import { assess, lastDayOf } from '../assess/assess.ts';
import type { CompiledPack } from '../assess/compiledPack.ts';
import { compareRank, groupByIndicator, newestOf, type Observation } from '../assess/observation.ts';
import { assessmentView } from '../assess/view.ts';
import { openOf, settledAt, type AlertMark } from '../engine/alertMarks.ts';
import { SCORE_DAYS } from '../engine/finding.ts';
import type { KeptObservation, Registration, Subject } from '../engine/subject.ts';

/**
 * Why an observation does not count: it happened before all was settled; its days are over; it says that there is nothing any more;
 * something newer has taken its place; the version in force does not use its indicator.
 */
export type LapsedWhy = 'settled' | 'expired' | 'over' | 'replaced' | 'unused';

/** An observation as people read it. */
export interface ShownObservation {
  code: string;
  ref: string;
  time: number;
  source: string;
  id: string;
  /** In the indicator's unit. */
  value: number;
  amountFen: number;
  workers: number;
  text?: string | undefined;
  /** The last day on which it counts or counted; undefined where no version in force says so. */
  until?: string | undefined;
  /** Undefined: it counts. */
  why?: LapsedWhy | undefined;
}

/** All about one subject (signals §5). */
export interface Portrait {
  key: SubjectKey;
  registration?: Registration | undefined;
  /** Undefined while no version is in force. */
  assessment?: AssessmentView | undefined;
  /** What counts, newest first; behind each reason are those of its code. */
  counting: ShownObservation[];
  /** What is kept and does not count, newest first. */
  lapsed: ShownObservation[];
  /** Its alerts, the newest first. */
  alerts: AlertMark[];
  open: AlertMark[];
  /** What happened until then has been dealt with. */
  settledAt?: number | undefined;
  /** Score by date, on the days of the last 365 on which it changed. */
  scores: Record<string, number>;
  /**
   * The same by the version in force and by when things happened (pastScores.ts), for whoever asks: it takes as long as all the rest.
   * Undefined while no version is in force.
   */
  recompute?: (() => Record<string, number>) | undefined;
}

/**
 * All but `recompute`, which readPortrait.ts adds.
 * @param joined the subject of a name that this one alone has
 * @param codeOf code of an indicator by its number
 * @param allSettledAt until when everybody's observations have been dealt with
 */
export function portraitOf(
  subject: Subject,
  joined: Subject | undefined,
  pack: CompiledPack | undefined,
  { day, allSettledAt, codeOf }: { day: number; allSettledAt: number; codeOf: (indicator: number) => string },
): Portrait {
  // Once: what is made of a part of them then needs little sorting.
  const observations = [...subject.observations, ...(joined?.observations ?? [])].sort((a, b) => compareRank(b, a));
  const alerts = [...subject.alerts, ...(joined?.alerts ?? [])].sort((a, b) => b.raisedAt - a.raisedAt);
  const settled = Math.max(allSettledAt, settledAt(alerts));
  const newest = newestOfEach(observations, pack, settled);
  const textOf = rememberedDays();
  const shown = observations.map((one) => shownObservation(one, newest, pack, { settled, day, codeOf, textOf }));
  return {
    key: subject.key,
    registration: subject.registration,
    assessment: pack && assessmentView(assess(observations, subject.registration, settled, pack, day), pack, day),
    counting: shown.filter(({ why }) => why === undefined),
    lapsed: shown.filter(({ why }) => why !== undefined),
    alerts,
    open: openOf(alerts),
    settledAt: settled === -Infinity ? undefined : settled,
    scores: scoresOf(subject, day),
  };
}

function scoresOf({ scores }: Subject, day: number): Record<string, number> {
  const recent = scores.filter(([on]) => on > day - SCORE_DAYS);
  return Object.fromEntries(recent.map(([on, tenths]) => [dayText(on), tenths / 10]));
}

/** Of each indicator that the pack uses, those that have not been dealt with and that rules may look at. */
function newestOfEach(
  all: readonly KeptObservation[],
  pack: CompiledPack | undefined,
  settled: number,
): ReadonlySet<Observation> {
  const newest = new Set<Observation>();
  for (const [number, group] of groupByIndicator(all, ({ time }) => time > settled)) {
    const indicator = pack?.byNumber[number];
    if (indicator) for (const one of newestOf(group, indicator.kind)) newest.add(one);
  }
  return newest;
}

function shownObservation(
  one: KeptObservation,
  newest: ReadonlySet<Observation>,
  pack: CompiledPack | undefined,
  by: { settled: number; day: number; codeOf: (indicator: number) => string; textOf: (day: number) => string },
): ShownObservation {
  const { settled, day, codeOf, textOf } = by;
  const { ref, time, source, id, value, amountFen, workers, more } = one;
  const indicator = pack?.byNumber[one.indicator];
  const lastDay = indicator && lastDayOf(indicator, one);
  const why = ((): LapsedWhy | undefined => {
    if (!indicator) return 'unused';
    if (time <= settled) return 'settled';
    if (!newest.has(one)) return 'replaced';
    if (indicator.kind === 'state' && value === 0) return 'over';
    return day > lastDay! ? 'expired' : undefined;
  })();
  return {
    code: codeOf(one.indicator),
    ref,
    time,
    source,
    id,
    value: value / 1000,
    amountFen,
    workers,
    text: more?.text,
    until: lastDay === undefined ? undefined : textOf(lastDay),
    why,
  };
}

/** `dayText` of few days, asked again and again. */
function rememberedDays(): typeof dayText {
  const texts = new Map<number, string>();
  return (day) => {
    let text = texts.get(day);
    if (text === undefined) texts.set(day, (text = dayText(day)));
    return text;
  };
}

/** The day of an assessment that is shown now: the engine's, which never goes back. @param now epoch ms */
export const dayNow = (standing: { day: number }, now: number): number => Math.max(standing.day, dayOf(now));
