import { CHANNELS, type Channel } from '../../contract/codes.ts';
import type { RulePack } from '../../contract/rulePack.ts';
import type { AssessmentView, SourceState } from '../../contract/signals.ts';
import type { ShownObservation, Sources } from '../../contract/subjects.ts';
import { parseDay, startOfDay } from '../../common/regionTime.ts';
import { isSilent } from '../shell/silence.ts';

/** A portrait's parts, from what the server answers to what is drawn. Pure. */

export interface IndicatorBar {
  indicator: AssessmentView['indicators'][number];
  /** Length of its bar, 0…1 of the greatest indicator. */
  share: number;
  /** What stands behind it, newest first. */
  observations: ShownObservation[];
}

export interface ChannelBar {
  code: Channel;
  points: number;
  /** The most that it adds; left out where the version does not have the channel. */
  cap?: number;
  /** The points of its indicators together; above `points` where the cap holds. */
  sum: number;
  /** How its source speaks; left out where nobody says how often it should. */
  state?: SourceState;
  lastAt?: string;
  indicators: IndicatorBar[];
}

/**
 * Every channel of the version in force: those with points first (most first), then those of which nothing can be known as
 * their source does not speak, then the rest, each in the vocabulary's order.
 */
export function channelBars(
  assessment: AssessmentView | undefined,
  counting: readonly ShownObservation[],
  pack: RulePack | undefined,
  sources: Sources | undefined,
): ChannelBar[] {
  const most = Math.max(0, ...(assessment?.indicators ?? []).map(({ points }) => points));
  const bars = CHANNELS.flatMap((code): ChannelBar[] => {
    const channel = pack?.channels[code];
    const points = assessment?.channelPoints[code] ?? 0;
    const own = (assessment?.indicators ?? []).filter((one) => channelOf(one.code, pack) === code);
    if (!channel && points === 0 && own.length === 0) return [];
    const source = sources?.channels[code];
    return [
      {
        code,
        points,
        ...(channel ? { cap: channel.cap } : {}),
        sum: own.reduce((sum, one) => sum + one.points, 0),
        ...(source?.everyDays === undefined ? {} : { state: source.state }),
        ...(source?.lastAt === undefined ? {} : { lastAt: source.lastAt }),
        indicators: own.map((indicator) => ({
          indicator,
          share: most > 0 ? indicator.points / most : 0,
          observations: counting.filter((one) => one.indicator === indicator.code),
        })),
      },
    ];
  });
  const rank = (bar: ChannelBar) => (bar.indicators.length > 0 ? 0 : isSilent(bar.state) ? 1 : 2);
  return bars
    .map((bar, index) => ({ bar, index }))
    .sort((a, b) => rank(a.bar) - rank(b.bar) || b.bar.points - a.bar.points || a.index - b.index)
    .map(({ bar }) => bar);
}

/** The channel that an indicator belongs to. */
function channelOf(code: string, pack: RulePack | undefined): string | undefined {
  return pack?.indicators[code]?.channel;
}

export interface ScoreLine {
  /** Midnights of the days in the region, epoch ms, ascending. */
  days: number[];
  /** The score on each of them; null before the first that is kept. */
  scores: (number | null)[];
}

/**
 * The score day by day, out of the days on which it changed.
 * @param last the last day, YYYY-MM-DD
 */
export function scoreLine(changes: Readonly<Record<string, number>>, last: string, length: number): ScoreLine {
  const end = parseDay(last) ?? 0;
  const known = Object.entries(changes)
    .map(([day, score]) => [parseDay(day) ?? 0, score] as const)
    .sort(([a], [b]) => a - b);
  const days = Array.from({ length }, (_, i) => end - (length - 1) + i);
  let next = 0;
  let score: number | null = null;
  const scores = days.map((day) => {
    while (next < known.length && known[next]![0] <= day) score = known[next++]![1];
    return score;
  });
  return { days: days.map(startOfDay), scores };
}
