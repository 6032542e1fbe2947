import type { Changes } from '../../contract/briefingChanges.ts';
import type { LocalName } from '../../contract/region.ts';
import { areaOf } from '../divisions.ts';
import type { NameLang } from '../codeNames.ts';
import type { SentencePart } from '../sentence/parts.ts';
import { townsFact } from './changeFacts.ts';
import { EN } from './en.ts';
import type { ChangeWords } from './words.ts';
import { ZH } from './zh.ts';

/** Sentences on a page at most. */
const MOST = 5;
const WORDS: Record<NameLang, ChangeWords> = { 'zh-CN': ZH, en: EN };

/**
 * What has changed in a span, in up to five sentences without their full stops (docs/sentence.md): what came, what was audited, what was recovered, what
 * is newly late, where; and how many are open, where one of those has nothing to say. Pure.
 * @param pack the region's, for the names of its towns
 */
export function changeSentences(
  changes: Changes,
  pack: { code: string; towns: readonly { code: string; name: LocalName }[] },
  lang: NameLang,
): SentencePart[][] {
  const words = WORDS[lang];
  const name = (code: string) => areaOf(pack, code)?.name[lang] ?? code;
  const towns = townsFact(changes);
  const audited = changes.effective + changes.falseAlarm;
  const sentences = [
    words.raised(changes.raised, changes.red),
    words.audited(audited, changes.effective),
    words.recovered(changes.recoveredFen, changes.recoveredWorkers),
    ...(changes.late === undefined ? [] : [words.late(changes.late)]),
    // Of a single town nothing need be said to whoever looks at it alone.
    ...(towns && pack.towns.length > 1 ? [words.towns(towns, name, pack.code)] : []),
    words.open(changes.open.now, changes.open.then),
  ];
  return sentences.slice(0, MOST);
}
