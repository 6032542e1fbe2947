import { inject, provide, type ComputedRef, type InjectionKey } from 'vue';
import type { Boundaries } from '../../contract/boundaries.ts';
import type { BriefingContent } from '../../contract/briefings.ts';
import type { BriefingList } from '../../contract/briefingLimits.ts';
import type { Industry, Channel, Stage, Tier } from '../../contract/codes.ts';
import type { RegionAnswer } from '../../contract/rest.ts';

/** Which alerts a figure opens: a list, and of it those of one town, tier, … */
export interface Narrowed {
  list: BriefingList;
  town?: string;
  tier?: Tier;
  stage?: Stage;
  industry?: Industry;
  channel?: Channel;
}

/** How a page stands in its deck. */
export interface PageProps {
  /** Written by hand, in place of the page's own. */
  heading?: string | undefined;
  remark?: string | undefined;
  /** Its number, from 1, and that of the last page. */
  n: number;
  of: number;
}

/** What every page of a briefing is made from. */
export interface Shown {
  content: BriefingContent;
  pack: RegionAnswer;
  boundaries: Boundaries | undefined;
  title: string;
  live: boolean;
  /** Epoch ms of the situation. */
  at: number;
  open: (what: Narrowed) => void;
}

const KEY: InjectionKey<ComputedRef<Shown>> = Symbol('briefing');
export function provideShown(shown: ComputedRef<Shown>): void {
  provide(KEY, shown);
}
export function useShown(): ComputedRef<Shown> {
  return inject(KEY)!;
}
