import { onScopeDispose, watch } from 'vue';
import type { BriefingContent } from '../../../contract/briefings.ts';
import { briefingsApi } from '../../http/briefingsApi.ts';
import { wasDisplay } from '../../http/signIn.ts';

/** While a page is looked at, the server is told so often that the visit goes on (server/briefing/looks.ts). */
const EVERY_MS = 10 * 60_000;

/** Tells the server that one looks at a situation, so that it can say what has changed the next time. Call in `setup`. */
export function useLook(content: () => Pick<BriefingContent, 'scope' | 'at'> | undefined): void {
  function look(): void {
    const now = content();
    // A display is nobody.
    if (!now || document.visibilityState === 'hidden' || wasDisplay() !== undefined) return;
    briefingsApi.looked(now.scope, now.at).catch(() => {
      // The page says that it does not know.
    });
  }
  watch(() => content()?.scope, look, { immediate: true });
  const timer = setInterval(look, EVERY_MS);
  onScopeDispose(() => {
    clearInterval(timer);
  });
}
