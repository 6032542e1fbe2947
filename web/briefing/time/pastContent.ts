import { DAY_MS, parseRfc3339 } from '../../../common/regionTime.ts';
import type { BriefingContent } from '../../../contract/briefings.ts';
import type { Frame } from '../../../contract/frame.ts';
import { midnightOf } from '../words.ts';

/**
 * What pages show of a moment that goes by: the frame of the past, and of the days before it those that are known. What has no past
 * (cases, outlook, accounts) and what a frame does not tell is left out. Pure.
 * @param shown the frame is as it was shown then, with its stages
 */
export function pastContent(base: BriefingContent, frame: Frame, shown: boolean): BriefingContent {
  const at = parseRfc3339(frame.at) ?? 0;
  return {
    at: frame.at,
    scope: base.scope,
    window: frame.window,
    frame,
    history: base.history.filter(({ day }) => midnightOf(day) + DAY_MS <= at),
    cases: [],
    outlook: [],
    totals: {},
    past: shown ? { kept: frame.at } : {},
  };
}
