import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

interface Texts {
  title: string;
  noScripts: string;
  tooOld: string;
  needed: string;
  how: string;
  loadingAgain: string;
}
const LANGS = ['zh-CN', 'en'] as const;

/** The words of both languages: a page without scripts cannot ask which one is wanted. */
const textsOf = (lang: (typeof LANGS)[number]): Texts =>
  (JSON.parse(readFileSync(new URL(`../i18n/${lang}/shell.json`, import.meta.url), 'utf8')) as { unsupported: Texts })
    .unsupported;

/** Styles that Internet Explorer understands, too. */
const STYLE = `body{margin:0;background:#060d1c;color:#e8f3ff;font:18px/1.7 "Microsoft YaHei","Noto Sans CJK SC",sans-serif}
main{max-width:720px;margin:12% auto 0;padding:0 24px}h1{color:#59c8ff;font-size:30px;font-weight:500}hr{border:0;border-top:1px solid #24507d;margin:28px 0}`;

/** One of the texts in each language. */
export const wordsOf = (pick: (texts: Texts) => string): string[] => LANGS.map((lang) => pick(textsOf(lang)));

const section = (lang: (typeof LANGS)[number], { title, ...texts }: Texts, why: 'noScripts' | 'tooOld') =>
  `<section lang="${lang}">${why === 'tooOld' ? `<h1>${title}</h1>` : ''}<p>${texts[why]}</p>${why === 'tooOld' ? `<p>${texts.needed}</p><p>${texts.how}</p>` : ''}</section>`;

const bodyOf = (why: 'noScripts' | 'tooOld') =>
  `<main>${LANGS.map((lang) => section(lang, textsOf(lang), why)).join('<hr>')}</main>`;

/**
 * A plain page for browsers that run none of the builds (`unsupported.html`), and a word inside the ordinary page where
 * scripts are switched off.
 */
export function unsupportedPage(): Plugin {
  return {
    name: 'wagewatch-unsupported',
    transformIndexHtml: (html) =>
      html.replace('<div id="app"></div>', `<div id="app"></div><noscript>${bodyOf('noScripts')}</noscript>`),
    generateBundle() {
      this.emitFile({
        type: 'asset',
        fileName: 'unsupported.html',
        source: `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${textsOf('zh-CN').title} · ${textsOf('en').title}</title><style>${STYLE}</style></head><body>${bodyOf('tooOld')}</body></html>
`,
      });
    },
  };
}
