import { onScopeDispose, ref, watch, type Ref } from 'vue';
import type { AlertNotice } from '../../contract/protocol.ts';

/** Red alerts of now that came while the past was on show. Call in `setup`. */
export function useNews(
  onAlert: (listen: (notice: AlertNotice) => void) => () => void,
  active: () => boolean,
): Readonly<Ref<number>> {
  const news = ref(0);
  onScopeDispose(
    onAlert(({ briefs }) => {
      if (active()) news.value += briefs.filter(({ tier }) => tier === 'red').length;
    }),
  );
  watch(active, () => {
    news.value = 0;
  });
  return news;
}
