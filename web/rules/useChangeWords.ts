import { useI18n } from 'vue-i18n';
import { instant } from '../http/instant.ts';
import { isolate } from '../i18n/bidi.ts';
import { date, hourMinute } from '../i18n/format.ts';
import { useLang } from '../i18n/index.ts';

/** Names and reasons that the program itself writes into the history, in English. */
const OWN_WORDS: Record<string, string> = { everybody: 'everybody', 'shipped with the program': 'shipped' };

/** How a change of a version is told: by whom, when, why. Call in `setup`. */
export function useChangeWords(): { said: (text: string | undefined) => string; moment: (at: string) => string } {
  const { t } = useI18n();
  const lang = useLang();
  return {
    said: (text = '') => (Object.hasOwn(OWN_WORDS, text) ? t(`rules.own.${OWN_WORDS[text]!}`) : isolate(text)),
    moment: (at) => `${date(instant(at), lang.value)} ${hourMinute(instant(at))}`,
  };
}
