import { computed, type ComputedRef } from 'vue';
import { createI18n, useI18n } from 'vue-i18n';
import { CODE_NAMES } from '../../common/codeNames.ts';
import type { LocalName } from '../../contract/region.ts';
import enCodes from './en/codes.json';
import enDrill from './en/drill.json';
import enMap from './en/map.json';
import enPanels from './en/panels.json';
import enShell from './en/shell.json';
import enSite from './en/site.json';
import enTimebar from './en/timebar.json';
import { LANGS, type Lang } from './lang.ts';
import zhCodes from './zh-CN/codes.json';
import zhDrill from './zh-CN/drill.json';
import zhMap from './zh-CN/map.json';
import zhPanels from './zh-CN/panels.json';
import zhShell from './zh-CN/shell.json';
import zhSite from './zh-CN/site.json';
import zhTimebar from './zh-CN/timebar.json';

/**
 * Every visible string, by namespace. Here is what every page and the wall need: `shell.…` the screen itself, `codes.…` names of codes,
 * `panels.…`, `map.…`, `drill.…`, `site.…` the site's own lines, `timebar.…` the past. The others come with the screens that show them
 * (`parts/`): `desk.…` casework, `clue.…` reporting, `oversight.…` supervisions and how units do, `kiosk.…`, `briefing.…`, `present.…` presenting one, `access.…` sign-in,
 * pairing, administration, `calendar.…` working days, `connectors.…` outside platforms, `reports.…`, `rules.…`, `subjects.…` what is watched.
 * Both languages come at once, so that switching needs neither a reload nor the network.
 */
export const messages = {
  'zh-CN': {
    shell: zhShell,
    codes: { ...zhCodes, ...CODE_NAMES['zh-CN'] },
    panels: zhPanels,
    map: zhMap,
    drill: zhDrill,
    site: zhSite,
    timebar: zhTimebar,
  },
  en: {
    shell: enShell,
    codes: { ...enCodes, ...CODE_NAMES.en },
    panels: enPanels,
    map: enMap,
    drill: enDrill,
    site: enSite,
    timebar: enTimebar,
  },
};

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: messages,
  missingWarn: false,
  fallbackWarn: false,
});

export interface Texts {
  readonly [key: string]: string | Texts;
}
/** Adds the texts of a part of the pages, in both languages. Called by `parts/` alone, each once. */
export function addTexts(namespace: string, texts: Record<Lang, Texts>): void {
  for (const lang of LANGS) i18n.global.mergeLocaleMessage(lang, { [namespace]: texts[lang] });
}

/** Switches the language of the whole page, `<html lang>` included (fonts and screen readers go by it). */
export function setLang(lang: Lang): void {
  i18n.global.locale.value = lang;
  document.documentElement.lang = lang;
}

/** The current language, for the formatters of `format.ts`. Call in `setup`. */
export function useLang(): ComputedRef<Lang> {
  const { locale } = useI18n({ useScope: 'global' });
  return computed(() => locale.value as Lang);
}

/** A name out of a region pack in the given language. */
export function localName(name: LocalName | undefined, lang: Lang): string {
  return name ? name[lang] : '';
}
