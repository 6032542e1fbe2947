import { CODE_NAMES, type CodeNames } from '../../common/codeNames.ts';
import type { Lang } from '../i18n/lang.ts';
import enCodes from '../i18n/en/codes.json';
import enMap from '../i18n/en/map.json';
import zhCodes from '../i18n/zh-CN/codes.json';
import zhMap from '../i18n/zh-CN/map.json';

/**
 * The map's strings, by the `lang` it is given. Taken from the same files as the rest of the screen, but without the
 * i18n plugin: the map also stands alone (harness, kiosk), and its language is a property of it.
 */
export type MapTexts = typeof zhMap & Pick<typeof zhCodes, 'platforms'> & Pick<CodeNames, 'tiers'>;
const all: Record<Lang, MapTexts> = {
  'zh-CN': { ...zhMap, tiers: CODE_NAMES['zh-CN'].tiers, platforms: zhCodes.platforms },
  en: { ...enMap, tiers: CODE_NAMES.en.tiers, platforms: enCodes.platforms },
};

export function texts(lang: Lang): MapTexts {
  return all[lang];
}

/** `{n} open` + {n: 3} → `3 open`. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? ''));
}
