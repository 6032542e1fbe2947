import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import type { BriefingPage } from '../../contract/briefingLimits.ts';
import { useLang } from '../i18n/index.ts';
import { findingOf } from './findings.ts';
import { useShown, type PageProps, type Shown } from './context.ts';

/**
 * How a page is headed: as somebody has written, else by what it finds, with its topic above; else by its topic. Call in `setup`.
 * @param shown where the page shows another moment than the rest
 */
export function useFinding(
  page: BriefingPage,
  props: PageProps,
  topic?: () => string,
  shown: ComputedRef<Shown> = useShown(),
): ComputedRef<{ heading: string; topic?: string }> {
  const { t } = useI18n();
  const lang = useLang();
  return computed(() => {
    if (props.heading !== undefined) return { heading: props.heading };
    const { content, pack } = shown.value;
    const name = topic?.() ?? t(`briefing.pages.${page}`);
    const finding = findingOf(page, { content, pack, lang: lang.value, t });
    return finding === undefined ? { heading: name } : { heading: finding, topic: name };
  });
}
