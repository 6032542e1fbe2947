import type { AssessmentView } from '../../../contract/signals.ts';
import { dayText, toRfc3339 } from '../../../common/regionTime.ts';
import type { Assessment, AssessedIndicator } from './assess.ts';
import type { CompiledPack } from './compiledPack.ts';

/** An assessment as it goes out (signals §3, §5). */
export function assessmentView(assessment: Assessment, pack: CompiledPack, day: number): AssessmentView {
  const { score, tier, rule, watch, channels, channelPoints, indicators, workers, amountFen, months } = assessment;
  return {
    day: dayText(day),
    pack: pack.region,
    version: pack.version,
    score,
    ...(tier === undefined ? {} : { tier, rule: rule! }),
    watch,
    channels,
    channelPoints: Object.fromEntries(channelPoints.map(({ channel, points }) => [channel, points])),
    indicators: indicators.map(({ code, measure, points, since, until, count, value, workers, amountFen }) => ({
      code,
      measure,
      points,
      since: toRfc3339(since),
      until: dayText(until),
      count,
      value,
      workers,
      amountFen,
    })),
    workers,
    amountFen,
    months,
  };
}

/** What an indicator says, in words (signals §4, reasons): the pack's text with the numbers in it. */
export function indicatorText(
  { source }: CompiledPack,
  indicator: Pick<AssessedIndicator, 'code' | 'value' | 'count' | 'workers' | 'amountFen'>,
  language: 'zh-CN' | 'en',
): string {
  const { code, value, count, workers, amountFen } = indicator;
  const rule = source.indicators[code]!;
  const fields: Record<string, number> = {
    value,
    count,
    workers,
    // Fen are hundredths: whole yuan and two decimals at most.
    amountYuan: amountFen / 100,
    days: (rule.kind === 'state' ? rule.validDays : rule.windowDays)!,
  };
  return rule.text[language].replace(/\{([^}]*)\}/g, (_, field: string) => String(fields[field]));
}
