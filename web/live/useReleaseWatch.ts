import { onScopeDispose } from 'vue';
import type { useFrameStore } from './frameStore.ts';
import { ReleaseWatch } from './releaseWatch.ts';

/** Reloads this screen once after an update of the server, when it is quiet. Call in `setup`. */
export function useReleaseWatch(store: ReturnType<typeof useFrameStore>, quiet: () => boolean): void {
  const release = new ReleaseWatch({
    now: () => performance.timeOrigin + performance.now(),
    storage: sessionStorage,
    reload: () => {
      location.reload();
    },
    quiet,
  });
  onScopeDispose(
    store.onBeat((beat) => {
      release.takeBuild(beat.build);
    }),
  );
}
