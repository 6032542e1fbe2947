import { onScopeDispose, watch } from 'vue';
import { READERS } from '../../contract/roles.ts';
import { accessApi } from '../http/accessApi.ts';
import { briefingsApi } from '../http/briefingsApi.ts';
import { wasDisplay } from '../http/signIn.ts';
import { Looking } from './looking.ts';

const ACTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;
/** Only the first screen after a page was loaded can have been brought back by a reload. */
let loaded = true;
function cameBackByItself(): boolean {
  const [entry] = loaded ? performance.getEntriesByType('navigation') : [];
  loaded = false;
  return (entry as PerformanceNavigationTiming | undefined)?.type === 'reload';
}

/**
 * Tells the server that somebody looks at the situation of a scope, so that it can say what has changed the next time (docs/briefing.md).
 * Call in `setup`.
 * @param shown the situation on show and its moment (RFC 3339); undefined where it is not of now
 * @param settleMs how long it must be in sight to have been looked at
 * @param opening whether a page that loads itself anew, as walls do after an update, counts as opened by somebody
 */
export function useLook(
  shown: () => { scope: string; at: string } | undefined,
  settleMs: number,
  opening: 'always' | 'by-somebody',
): void {
  // A display is nobody.
  if (wasDisplay() !== undefined) return;
  async function tell(scope: string): Promise<void> {
    const at = shown()?.at;
    const { principal } = await accessApi.session();
    // Others have no part in briefings.
    if (at !== undefined && principal && READERS.includes(principal.role)) await briefingsApi.looked(scope, at);
  }
  const looking = new Looking({
    now: () => performance.now(),
    after(ms, run) {
      const id = setTimeout(run, ms);
      return () => {
        clearTimeout(id);
      };
    },
    shown: () => shown()?.scope,
    look(scope) {
      tell(scope).catch(() => {
        // The page says that it does not know.
      });
    },
    settleMs,
  });
  const act = () => {
    if (document.visibilityState !== 'hidden') looking.act();
  };
  const seen = () => {
    if (document.visibilityState === 'hidden') looking.hide();
    else looking.act();
  };
  const byItself = cameBackByItself();
  if (opening === 'always' || !byItself) act();
  watch(
    () => shown()?.scope,
    () => {
      looking.changed();
    },
  );
  for (const event of ACTS) addEventListener(event, act, { capture: true, passive: true });
  document.addEventListener('visibilitychange', seen);
  onScopeDispose(() => {
    looking.hide();
    for (const event of ACTS) removeEventListener(event, act, { capture: true });
    document.removeEventListener('visibilitychange', seen);
  });
}
