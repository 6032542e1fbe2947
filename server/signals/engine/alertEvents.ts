import { ENGINE_SOURCE } from '../../../contract/alertLimits.ts';
import { CHANNELS, type Channel } from '../../../contract/codes.ts';
import { MAX_ARREARS_DAYS, MAX_REASONS, MAX_STRING } from '../../../contract/fields.ts';
import type { AlertRule } from '../../../contract/signals.ts';
import type { StoredEvent } from '../../alerts/state.ts';
import type { Assessment } from '../assess/assess.ts';
import type { CompiledPack } from '../assess/compiledPack.ts';
import { indicatorText } from '../assess/view.ts';
import type { AlertMark } from './alertMarks.ts';
import type { Place } from './place.ts';

/** A month of unpaid wages, in days (signals §4). */
const DAYS_OF_MONTH = 30;
const MAX_SCORE = 1_000;

/** An event about an alert, as it goes into the region's stream. */
export interface Emitted {
  alertId: string;
  event: StoredEvent;
}

/** `wage.alert.raised` of an assessment with a tier (signals §4). @param at epoch ms */
export function raisedEvent(
  alertId: string,
  assessment: Assessment,
  place: Place,
  pack: CompiledPack,
  at: number,
): Emitted {
  const { tier, workers, amountFen, months, score } = assessment;
  // Months are in thousandths at most: whole numbers, so that half a day is rounded up.
  const arrearsDays = Math.floor((DAYS_OF_MONTH * Math.round(months * 1000) + 500) / 1000);
  return {
    alertId,
    event: {
      type: 'wage.alert.raised',
      time: at,
      source: ENGINE_SOURCE,
      id: `${alertId}/raised`,
      data: {
        tier: tier!,
        town: place.town,
        industry: place.industry,
        channel: channelOf(assessment),
        enterprise: place.enterprise,
        ...(place.project ? { project: place.project } : {}),
        workers,
        amountFen,
        ...(months > 0 ? { arrearsDays: Math.min(arrearsDays, MAX_ARREARS_DAYS) } : {}),
        ...(place.location ? { location: place.location } : {}),
        score: Math.min(score, MAX_SCORE),
        reasons: assessment.indicators
          .filter(({ points }) => points > 0)
          .slice(0, MAX_REASONS)
          .map((indicator) => ({
            channel: indicator.channel,
            text: indicatorText(pack, indicator, 'zh-CN').slice(0, MAX_STRING),
            weight: indicator.points,
          })),
        rule: ruleOf(assessment, pack),
      },
    },
  };
}

/** `wage.alert.amended` that makes an alert graver (signals §4). @param at epoch ms */
export function graverEvent(alert: AlertMark, assessment: Assessment, pack: CompiledPack, at: number): Emitted {
  const { tier, workers, amountFen } = assessment;
  const rule = pack.source.tiers.find(({ id }) => id === assessment.rule)!;
  return {
    alertId: alert.alertId,
    event: {
      type: 'wage.alert.amended',
      time: at,
      source: ENGINE_SOURCE,
      id: `${alert.alertId}/${tier!}`,
      data: {
        tier: tier!,
        ...(workers > alert.workers ? { workers } : {}),
        ...(amountFen > alert.amountFen ? { amountFen } : {}),
        reason: `${rule.id} ${rule.name['zh-CN']}`.slice(0, MAX_STRING),
        rule: ruleOf(assessment, pack),
      },
    },
  };
}

/** The channel with most points, of equal ones the first of the vocabulary; without points, that of the first indicator. */
function channelOf({ channelPoints, indicators }: Assessment): Channel {
  let most = channelPoints[0];
  for (const one of channelPoints) if (one.points > most!.points) most = one;
  if (most) return most.channel;
  const speaking = new Set(indicators.map(({ channel }) => channel));
  return CHANNELS.find((channel) => speaking.has(channel)) ?? 'other';
}

function ruleOf({ rule }: Assessment, { region, version }: CompiledPack): AlertRule {
  return { pack: region, version, id: rule! };
}
