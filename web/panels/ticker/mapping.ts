import { employerOf } from '../../shell/employer.ts';
import { alertKey } from '../../../common/alertRef.ts';
import type { Tier } from '../../../contract/codes.ts';
import type { AlertBrief, Frame } from '../../../contract/frame.ts';
import { parseRfc3339 } from '../../../common/regionTime.ts';
import type { RegionAnswer } from '../../../contract/rest.ts';
import type { Lang } from '../../i18n/lang.ts';
import { placeName } from '../../i18n/places.ts';

export interface TickerRow {
  /** `alertKey`: two districts of a city may use one id. */
  key: string;
  tier: Tier;
  town: string;
  enterprise: string;
  workers: number;
  amountFen: number;
  /** Epoch ms. */
  raisedAt: number;
  brief: AlertBrief;
}

/** The newest alerts on top, at most `most`; equal moments by id, so that rows never swap places. Pure. */
export function toTicker(frame: Frame, pack: RegionAnswer | undefined, lang: Lang, most: number): TickerRow[] {
  return Object.values(frame.latest)
    .map((brief) => ({ key: alertKey(brief), brief, raisedAt: parseRfc3339(brief.raisedAt) ?? 0 }))
    .sort((a, b) => b.raisedAt - a.raisedAt || (a.key < b.key ? 1 : -1))
    .slice(0, most)
    .map(({ key, brief, raisedAt }) => ({
      key,
      tier: brief.tier,
      town: placeName(pack, brief.town, lang),
      enterprise: employerOf(brief),
      workers: brief.workers,
      amountFen: brief.amountFen,
      raisedAt,
      brief,
    }));
}

/** What stands where no alert is listed: where small figures are withheld there may be some, which this screen is not shown. */
export const nothingListed = (frame: Pick<Frame, 'withheld'> | undefined): string =>
  frame?.withheld === undefined ? 'shell.ticker.empty' : 'shell.ticker.withheld';
