import type { Channel, Verdict } from '../contract/codes.ts';
import { phrases, type Phrase } from './phrase.ts';
import type { Texts } from './scenario.ts';

/** What may be written in the steps of a life. */
export interface Words {
  units: (platform: string, industry: string) => Phrase[];
  reasons: (channel: Channel) => Phrase[];
  outcomes: (verdict: Verdict, industry: string) => Phrase[];
  notes: Phrase[];
  resolutions: Record<Verdict | 'recovered', Phrase[]>;
  /** What is said in the course of a case, as it stands: it has no slots. */
  returned: string[];
  noted: string[];
  extended: string[];
  urged: string[];
  supervised: string[];
  answered: string[];
  amendments: Record<'upgrade' | 'found' | 'more' | 'less' | 'town', Phrase[]>;
}

const prepared = new WeakMap<Texts, Words>();

/** The texts as phrases, prepared once. */
export function wordsOf(texts: Texts): Words {
  let words = prepared.get(texts);
  if (!words) {
    const all = <K extends string>(record: Record<K, string[]>) =>
      Object.fromEntries(Object.entries<string[]>(record).map(([key, list]) => [key, phrases(list)])) as Record<
        K,
        Phrase[]
      >;
    const units = all(texts.units);
    const reasons = all(texts.reasons);
    const outcomes = all(texts.outcomes);
    words = {
      units: (platform, industry) => units[`${platform}.${industry}`] ?? units[platform] ?? units.other!,
      reasons: (channel) => reasons[channel] ?? reasons.other!,
      outcomes: (verdict, industry) => outcomes[`${verdict}.${industry}`] ?? outcomes[verdict]!,
      notes: phrases(texts.notes),
      resolutions: all(texts.resolutions),
      amendments: all(texts.amendments),
      returned: texts.returned,
      ...texts.case,
    };
    prepared.set(texts, words);
  }
  return words;
}
