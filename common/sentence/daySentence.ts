import type { Frame } from '../../contract/frame.ts';
import type { RegionPack } from '../../contract/region.ts';
import type { NameLang } from '../codeNames.ts';
import { dayFactsOf, periodFactsOf } from './dayFacts.ts';
import { enPeriod, enSentence } from './en.ts';
import type { SentencePart } from './parts.ts';
import { zhPeriod, zhSentence } from './zh.ts';

/**
 * The sentence of the day: what is new, what is late, and whether it gets better, from one frame and nothing else. It says
 * only what the frame knows: of a figure that may be withheld, or of a moment in the past, less. Without a full stop.
 * @param pack that of the frame's region, city or province; a town's frame takes its region's
 * @param now from when on it is counted how long something is overdue, epoch ms: a screen's clock, which goes on while no
 *   frame comes; without it the frame's own time
 */
export function daySentence(frame: Frame, pack: RegionPack, lang: NameLang, now?: number): SentencePart[] {
  const facts = dayFactsOf(frame, pack, now);
  return lang === 'zh-CN' ? zhSentence(facts, frame.scope) : enSentence(facts, frame.scope);
}

/**
 * The sentence of a period: what its frame's window brought against the period before, what is late, what was recovered, and the
 * success rate. Of a frame of now for somebody who is shown all figures; of the window `today` it is the sentence of the day.
 * @param now as in `daySentence`
 */
export function periodSentence(frame: Frame, pack: RegionPack, lang: NameLang, now?: number): SentencePart[] {
  if (frame.window === 'today') return daySentence(frame, pack, lang, now);
  const facts = periodFactsOf(frame, pack, now);
  return lang === 'zh-CN' ? zhPeriod(facts, frame.scope) : enPeriod(facts, frame.scope);
}

/** The sentence as plain text. */
export function plainSentence(parts: readonly SentencePart[]): string {
  return parts.map(({ text }) => text).join('');
}
