import { CODE_NAMES, type CodeNames } from '../../common/codeNames.ts';
import type { RegionAnswer } from '../../contract/rest.ts';
import type { Lang } from '../i18n/lang.ts';
import enMap from '../i18n/en/map.json';
import zhMap from '../i18n/zh-CN/map.json';

/**
 * The map's strings, by the `lang` it is given. Taken from the same files as the rest of the screen, but without the
 * i18n plugin: the map also stands alone (harness, kiosk), and its language is a property of it.
 */
export type MapTexts = typeof zhMap & Pick<CodeNames, 'tiers' | 'platforms'>;
const all: Record<Lang, MapTexts> = {
  'zh-CN': textsOf(zhMap, CODE_NAMES['zh-CN']),
  en: textsOf(enMap, CODE_NAMES.en),
};

function textsOf(own: typeof zhMap, { tiers, platforms }: CodeNames): MapTexts {
  return { ...own, tiers, platforms };
}

export function texts(lang: Lang): MapTexts {
  return all[lang];
}

/** `{n} person | {n} people` + {n: 3} → `3 people`; a text of one form is the same for all numbers. */
export function fill(text: string, values: Record<string, string | number>): string {
  const [one = '', several = one] = text.split(' | ');
  return (values['n'] === 1 ? one : several).replace(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? ''));
}

/** What must stand on every map of a region: the number of the review of a licensed drawing, or that it is a sketch. */
export function mapNotice(map: RegionAnswer['map'] | undefined, lang: Lang): string {
  if (!map) return '';
  const { reviewNumber, schematic } = texts(lang);
  return map.kind === 'licensed' && map.reviewNumber ? fill(reviewNumber, { number: map.reviewNumber }) : schematic;
}
