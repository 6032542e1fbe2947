import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import type { WindowName } from '../../../contract/codes.ts';
import { useLang } from '../../i18n/index.ts';
import type { Lang } from '../../i18n/lang.ts';

/** What every chart panel says: its texts, the language, and the name of its window. Call in `setup`. */
export function useWords(window: () => WindowName | undefined): {
  t: ReturnType<typeof useI18n>['t'];
  lang: ComputedRef<Lang>;
  windowName: ComputedRef<string>;
} {
  const { t } = useI18n();
  const windowName = computed(() => {
    const name = window();
    return name ? t(`codes.windows.${name}`) : '';
  });
  return { t, lang: useLang(), windowName };
}
