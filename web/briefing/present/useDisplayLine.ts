import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { Presentation } from '../../../contract/presenting.ts';
import { instant } from '../../http/instant.ts';
import { BriefingLine } from '../../live/briefingLine.ts';
import { displayLine } from '../../live/displayLine.ts';
import { ReleaseWatch } from '../../live/releaseWatch.ts';
import { ServerClock } from '../../live/serverClock.ts';
import { browserTimers, openBriefingSocket } from '../../live/socketIo.ts';
import { newer } from './inStep.ts';

/** How often the clock is looked at, ms: no page turns later than this. */
const TICK_MS = 250;

/**
 * The line of a display that shows a briefing: the server's clock, what is presented of its scope, what an admin has it do, and how
 * it is. Call in `setup`.
 * @param scope '' until it is known
 */
export function useDisplayLine(scope: () => string): {
  /** Epoch ms by the server's clock. */
  now: Ref<number | undefined>;
  presentation: ShallowRef<Presentation | undefined>;
} {
  const now = ref<number>();
  const presentation = shallowRef<Presentation>();
  const clock = new ServerClock(() => performance.now());
  const release = new ReleaseWatch({
    now: () => performance.timeOrigin + performance.now(),
    storage: sessionStorage,
    reload: () => {
      location.reload();
    },
    quiet: () => presentation.value?.on !== true,
  });
  let line: BriefingLine | undefined;
  let build: string | undefined;
  let heardAt = performance.now();

  watch(
    scope,
    (code) => {
      line?.end();
      if (code === '') return;
      line = new BriefingLine(openBriefingSocket, { scope: code }, browserTimers, {
        joined(answer) {
          // Nothing is presented: what was is over, also where its end was missed.
          if ('problem' in answer) return;
          const { presentation: now } = answer;
          presentation.value = now && newer(presentation.value, now);
        },
        presentation(next) {
          presentation.value = newer(presentation.value, next);
        },
        ink: () => undefined,
        beat(beat) {
          heardAt = performance.now();
          const at = instant(beat.at);
          if (!Number.isNaN(at)) clock.hear(at);
          now.value = clock.now();
          build ??= beat.build;
          release.takeBuild(beat.build);
        },
        command: displayLine.command,
        link: () => undefined,
      });
      displayLine.opened({
        send: (report) => line?.report(report),
        state: () => ({ build, ageMs: performance.now() - heardAt }),
      });
      line.start();
    },
    { immediate: true },
  );
  const ticking = setInterval(() => {
    now.value = clock.now();
  }, TICK_MS);
  const wake = () => line?.wake();
  addEventListener('online', wake);
  onScopeDispose(() => {
    line?.end();
    clearInterval(ticking);
    removeEventListener('online', wake);
  });
  return { now, presentation };
}
