import type { NameLang } from './codeNames.ts';

/** `临平街道` → `临平`; `Linping Subdistrict` → `Linping`. Never shorter than two characters. */
export function shortName(name: string, lang: NameLang): string {
  const short =
    lang === 'zh-CN'
      ? name.replace(/(街道|地区|开发区|镇|乡)$/, '')
      : name.replace(/ (Subdistrict|Sub-district|Town|Township|Street)$/i, '');
  return short.length >= 2 ? short : name;
}
