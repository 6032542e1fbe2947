import { computed, type ComputedRef } from 'vue';
import { createI18n, useI18n } from 'vue-i18n';
import { CODE_NAMES } from '../../common/codeNames.ts';
import type { LocalName } from '../../contract/region.ts';
import enAccess from './en/access.json';
import enBriefing from './en/briefing.json';
import enCalendar from './en/calendar.json';
import enClue from './en/clue.json';
import enCodes from './en/codes.json';
import enConnectors from './en/connectors.json';
import enDesk from './en/desk.json';
import enDrill from './en/drill.json';
import enKiosk from './en/kiosk.json';
import enMap from './en/map.json';
import enOversight from './en/oversight.json';
import enPanels from './en/panels.json';
import enReports from './en/reports.json';
import enRules from './en/rules.json';
import enShell from './en/shell.json';
import enSite from './en/site.json';
import enSubjects from './en/subjects.json';
import enTimebar from './en/timebar.json';
import type { Lang } from './lang.ts';
import zhAccess from './zh-CN/access.json';
import zhBriefing from './zh-CN/briefing.json';
import zhCalendar from './zh-CN/calendar.json';
import zhClue from './zh-CN/clue.json';
import zhCodes from './zh-CN/codes.json';
import zhConnectors from './zh-CN/connectors.json';
import zhDesk from './zh-CN/desk.json';
import zhDrill from './zh-CN/drill.json';
import zhKiosk from './zh-CN/kiosk.json';
import zhMap from './zh-CN/map.json';
import zhOversight from './zh-CN/oversight.json';
import zhPanels from './zh-CN/panels.json';
import zhReports from './zh-CN/reports.json';
import zhRules from './zh-CN/rules.json';
import zhShell from './zh-CN/shell.json';
import zhSite from './zh-CN/site.json';
import zhSubjects from './zh-CN/subjects.json';
import zhTimebar from './zh-CN/timebar.json';

/**
 * Every visible string, by namespace: `shell.…` the screen itself, `codes.…` names of codes, `panels.…`, `map.…`, `drill.…`, `desk.…` casework, `clue.…` reporting, `oversight.…` supervisions and how units do, `kiosk.…`, `briefing.…`,
 * `access.…` sign-in, pairing, administration, `site.…` the site's own lines, `calendar.…` working days, `connectors.…` outside platforms, `reports.…` reports, `rules.…` the rules, `subjects.…` what is watched, `timebar.…` the past.
 * Both languages are in the first load (a few KB), so that switching needs neither a reload nor the network.
 */
export const messages = {
  'zh-CN': {
    shell: zhShell,
    codes: { ...zhCodes, ...CODE_NAMES['zh-CN'] },
    panels: zhPanels,
    map: zhMap,
    drill: zhDrill,
    desk: zhDesk,
    clue: zhClue,
    oversight: zhOversight,
    kiosk: zhKiosk,
    briefing: zhBriefing,
    access: zhAccess,
    site: zhSite,
    calendar: zhCalendar,
    connectors: zhConnectors,
    reports: zhReports,
    rules: zhRules,
    subjects: zhSubjects,
    timebar: zhTimebar,
  },
  en: {
    shell: enShell,
    codes: { ...enCodes, ...CODE_NAMES.en },
    panels: enPanels,
    map: enMap,
    drill: enDrill,
    desk: enDesk,
    clue: enClue,
    oversight: enOversight,
    kiosk: enKiosk,
    briefing: enBriefing,
    access: enAccess,
    site: enSite,
    calendar: enCalendar,
    connectors: enConnectors,
    reports: enReports,
    rules: enRules,
    subjects: enSubjects,
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
