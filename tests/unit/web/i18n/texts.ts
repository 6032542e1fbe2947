import enAccess from '../../../../web/i18n/en/access.json';
import enCalendar from '../../../../web/i18n/en/calendar.json';
import enConnectors from '../../../../web/i18n/en/connectors.json';
import enRules from '../../../../web/i18n/en/rules.json';
import zhAccess from '../../../../web/i18n/zh-CN/access.json';
import zhCalendar from '../../../../web/i18n/zh-CN/calendar.json';
import zhConnectors from '../../../../web/i18n/zh-CN/connectors.json';
import zhRules from '../../../../web/i18n/zh-CN/rules.json';

/** Texts that come with screens (web/i18n/parts), for tests of what must have a text. */
export const messages = {
  'zh-CN': { access: zhAccess, calendar: zhCalendar, connectors: zhConnectors, rules: zhRules },
  en: { access: enAccess, calendar: enCalendar, connectors: enConnectors, rules: enRules },
};
