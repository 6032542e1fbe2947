import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../../../../server/platform/paths.ts';
import type { Texts } from '../../../../web/i18n/index.ts';
import { LANGS, type Lang } from '../../../../web/i18n/lang.ts';

/** How texts of all screens are written: figures stand apart from Chinese, and one thing has one name. */

const textsOf = (node: Texts, at = ''): [key: string, text: string][] =>
  Object.entries(node).flatMap(([key, one]) =>
    typeof one === 'string' ? [[`${at}${key}`, one] as [string, string]] : textsOf(one, `${at}${key}.`),
  );
const folder = (lang: Lang) => join(PROJECT_ROOT, 'web/i18n', lang);
const all = (lang: Lang) =>
  readdirSync(folder(lang)).flatMap((name) =>
    textsOf(JSON.parse(readFileSync(join(folder(lang), name), 'utf8')) as Texts, `${name.replace('.json', '')}.`),
  );
const TEXTS = Object.fromEntries(LANGS.map((lang) => [lang, all(lang)])) as Record<Lang, [string, string][]>;
const those = (lang: Lang, is: (text: string) => boolean) =>
  TEXTS[lang].filter(([, text]) => is(text)).map(([key, text]) => `${key}: ${text}`);

describe('texts in Chinese', () => {
  it('have a space between figures and Chinese', () => {
    // What is spoken has none: nobody hears it, and voices take a pause for it.
    const spoken = /^shell\.alarm\.speech/;
    const close =
      /\p{Script=Han}(?:\d|\{(?:n|by|share|amount|size|points)\})|(?:\d|\{(?:n|by|share|size|points)\})\p{Script=Han}/u;
    expect(those('zh-CN', (text) => close.test(text)).filter((one) => !spoken.test(one))).toEqual([]);
  });

  it('call what is past its term 超期, and what a source has not sent in time 迟报', () => {
    // 逾期 is what others owe (水费逾期, by the words of the law): the rule packs have it, and no text of ours.
    expect(those('zh-CN', (text) => /逾期|迟到/.test(text))).toEqual([]);
  });
});
