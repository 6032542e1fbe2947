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
}

export interface SuccessRateView {
  /** Of all alerts of the scope. */
  rate?: number;
  audited: number;
  /** Every tier of the region, gravest first. */
  tiers: (RateLine & { code: Tier })[];
  /** Channels with a verdict in the window, best rate first, then the one with more verdicts. */
  channels: RateLine[];
}

/** Success rates of the window, by tier and by channel, with the number of verdicts each rests on. */
export function toSuccessRate(frame: Frame, pack?: RegionAnswer): SuccessRateView {
  const view: SuccessRateView = {
    audited: auditedOf(frame.totals),
    tiers: tiersOf(frame, pack).map((tier) => ({ ...rateLine(frame.byTier[tier]), code: tier })),
    channels: CHANNELS.map((channel) => ({ ...rateLine(frame.byChannel[channel]), code: channel as string }))
      .filter((line) => line.audited > 0)
      .sort((a, b) => (b.rate ?? 0) - (a.rate ?? 0) || b.audited - a.audited),
  };
  if (frame.totals.successRate !== undefined) view.rate = frame.totals.successRate;
  return view;
}

type Verdicts = Pick<Row, 'effective' | 'falseAlarm' | 'successRate'>;

function auditedOf(row: Verdicts | undefined): number {
  return row ? row.effective + row.falseAlarm : 0;
}

function rateLine(row: Verdicts | undefined): Omit<RateLine, 'code'> {
  const audited = auditedOf(row);
  return row?.successRate === undefined ? { audited } : { rate: row.successRate, audited };
}
