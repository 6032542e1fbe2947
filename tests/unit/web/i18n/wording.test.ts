import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CODE_NAMES } from '../../../../common/codeNames.ts';
import { ALERT_FIELDS } from '../../../../server/alerts/fields.ts';
import { PROJECT_ROOT } from '../../../../server/platform/paths.ts';
import { i18n, type Texts } from '../../../../web/i18n/index.ts';
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

  it('call the tier of an alert 等级, on pages and in files', () => {
    expect(those('zh-CN', (text) => /级别/.test(text))).toEqual([]);
    expect(ALERT_FIELDS.tier.columns.map(({ zh }) => zh)).toEqual(['等级']);
  });
});

/** Things that texts count. */
const THINGS =
  'alerts|bytes|cases|days|employers|entries|hours|messages|months|ones|pages|payments|people|points|projects|records|reports|sites|sources|tests|times|towns|units|workers';
/** A comparison is of decimals, of which there is always more than one digit: `1.0 points higher`, `1.0 days longer`. */
const DECIMALS = /(?:points (?:higher|lower)|days (?:longer|shorter))$/;

describe('texts in English', () => {
  it('call what is done with an alert by one name: what waits for it, the button, and what was done', () => {
    const { stages, actions } = CODE_NAMES.en;
    const next = { raised: 'dispatch', dispatched: 'accept', handled: 'audit', audited: 'close' } as const;
    for (const [stage, action] of Object.entries(next))
      expect(stages[stage as keyof typeof next]).toBe(`To ${actions[action].toLowerCase()}`);
    expect(those('en', (text) => /\b(?:reviewed|(?:to|be) (?:review|file|filed))\b|audit log/i.test(text))).toEqual([]);
  });

  it('count one as one: a number before things has both forms, wherever it stands', () => {
    const several = new RegExp(`\\{(?!place|name)\\w+\\} (?:[a-z]+ ){0,2}(?:${THINGS})\\b`);
    expect(those('en', (text) => several.test(text) && !text.includes(' | ') && !DECIMALS.test(text))).toEqual([]);
  });

  it('say the form of the number that they are handed', () => {
    i18n.global.locale.value = 'en';
    const { t } = i18n.global;
    expect([0, 1, 2].map((n) => t('shell.people', { n: String(n) }, n))).toEqual(['0 people', '1 person', '2 people']);
    // A number of its own name is enough.
    expect([0, 1, 2].map((n) => t('shell.people', { n }))).toEqual(['0 people', '1 person', '2 people']);
    const speech = (workers: number) =>
      t('shell.alarm.speechSeveral', { n: '2', workers, amount: '¥5' }, workers).replace(/, [^,]*$/, '');
    expect([1, 3].map(speech)).toEqual(['2 red alerts, 1 person', '2 red alerts, 3 people']);
  });

  it('are handed the number wherever they have two forms: without it, all is one', () => {
    const forms = new Set(TEXTS.en.filter(([, text]) => text.includes(' | ')).map(([key]) => key));
    const web = join(PROJECT_ROOT, 'web');
    const found: string[] = [];
    let seen = 0;
    for (const name of readdirSync(web, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(vue|ts)$/.test(name)) continue;
      const source = readFileSync(join(web, name), 'utf8');
      for (const call of source.matchAll(/\bt\(\s*'([\w.-]+)'/g)) {
        if (!forms.has(call[1]!)) continue;
        seen++;
        const values = argumentsOf(source.slice(call.index + call[0].length));
        // The number as the last or only argument, or by its own name and not as the text of a number.
        if (
          values.length < 2 &&
          values[0]?.startsWith('{') !== false &&
          !/\bn(?:: (?!(?:\w*[cC]ount|packNumber|n|String)\()|,| \})/.test(values[0] ?? '')
        )
          found.push(`${name}: ${call[1]!}`);
      }
    }
    expect(found).toEqual([]);
    expect(seen).toBeGreaterThan(50);
  });
});

/** What a call is handed after its first argument. @param rest the source from there on */
function argumentsOf(rest: string): string[] {
  const values: string[] = [];
  let depth = 0;
  let value = '';
  for (const sign of rest) {
    if (depth === 0 && (sign === ')' || sign === ',')) {
      if (value.trim()) values.push(value.trim());
      value = '';
      if (sign === ')') return values;
      continue;
    }
    if ('([{'.includes(sign)) depth++;
    if (')]}'.includes(sign)) depth--;
    value += sign;
  }
  return values;
}
