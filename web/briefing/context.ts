import { computed, inject, provide, type ComputedRef, type InjectionKey } from 'vue';
import type { Boundaries } from '../../contract/boundaries.ts';
import type { BriefingContent } from '../../contract/briefings.ts';
import type { BriefingList } from '../../contract/briefingLimits.ts';
import type { Industry, Channel, Stage, Tier } from '../../contract/codes.ts';
import type { RegionAnswer } from '../../contract/rest.ts';
import { instant } from '../http/instant.ts';

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
  /** What the footer says of the moment: of now, frozen, replayed; `still`: frozen, `stillLive`: of now, while other pages are replayed. */
  state: 'live' | 'frozen' | 'replay' | 'still' | 'stillLive';
  /** The situation of the briefing itself, whatever moment is on show: for what has no past. */
  base: BriefingContent;
  open: (what: Narrowed) => void;
  /** Replays the time from a moment (epoch ms) up to that of the briefing; not there where nobody can see it. */
  playFrom?: (from: number) => void;
}

const KEY: InjectionKey<ComputedRef<Shown>> = Symbol('briefing');
export function provideShown(shown: ComputedRef<Shown>): void {
  provide(KEY, shown);
}
export function useShown(): ComputedRef<Shown> {
  return inject(KEY)!;
}

/** For a page that has no past, and all in it: the briefing's own moment, whatever is replayed on other pages. Call in `setup`. */
export function useStill(): ComputedRef<Shown> {
  const shown = useShown();
  const still = computed<Shown>(() => {
    const { base, state, live } = shown.value;
    if (state !== 'replay') return shown.value;
    return { ...shown.value, content: base, at: instant(base.at), state: live ? 'stillLive' : 'still' };
  });
  provideShown(still);
  return still;
}
