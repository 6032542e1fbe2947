import { CHANNELS, type Tier } from '../../../contract/codes.ts';
import type { Frame, Row } from '../../../contract/frame.ts';
import type { RegionAnswer } from '../../../contract/rest.ts';
import { tiersOf } from '../parts/tiersOf.ts';

export interface RateLine {
  code: string;
  /** 0…1; absent when nothing was audited. */
  rate?: number;
  /** Verdicts the rate rests on: effective and false alarms. */
  audited: number;
  /** Rate less the overall rate; absent with it. */
  deviation?: number;
}

export interface SuccessRateView {
  /** Of all alerts of the scope. */
  rate?: number;
  audited: number;
  /** Deviation that a full bar stands for: the greatest there is, but at least LEAST_SCALE. */
  scale: number;
  /** Every tier of the region, gravest first. */
  tiers: (RateLine & { code: Tier })[];
  /** Channels with a verdict in the window, best rate first, then the one with more verdicts. */
  channels: RateLine[];
}

/** Differences of a point or two are chance: a bar for them stays short. */
const LEAST_SCALE = 0.05;

/** Success rates of the window, by tier and by channel, with the number of verdicts each rests on. */
export function toSuccessRate(frame: Frame, pack?: RegionAnswer): SuccessRateView {
  const overall = frame.totals.successRate;
  const view: SuccessRateView = {
    audited: auditedOf(frame.totals),
    scale: LEAST_SCALE,
    tiers: tiersOf(frame, pack).map((tier) => ({ ...rateLine(frame.byTier[tier], overall), code: tier })),
    channels: CHANNELS.map((channel) => ({ ...rateLine(frame.byChannel[channel], overall), code: channel }))
      .filter((line) => line.audited > 0)
      .sort((a, b) => (b.rate ?? 0) - (a.rate ?? 0) || b.audited - a.audited),
  };
  if (overall !== undefined) view.rate = overall;
  for (const { deviation = 0 } of [...view.tiers, ...view.channels])
    view.scale = Math.max(view.scale, Math.abs(deviation));
  return view;
}

type Verdicts = Pick<Row, 'effective' | 'falseAlarm' | 'successRate'>;

function auditedOf(row: Verdicts | undefined): number {
  return row ? row.effective + row.falseAlarm : 0;
}

function rateLine(row: Verdicts | undefined, overall: number | undefined): Omit<RateLine, 'code'> {
  const line: Omit<RateLine, 'code'> = { audited: auditedOf(row) };
  if (row?.successRate === undefined) return line;
  line.rate = row.successRate;
  if (overall !== undefined) line.deviation = row.successRate - overall;
  return line;
}
