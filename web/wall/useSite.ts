import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import { regionOfCode } from '../../common/divisions.ts';
import type { Site } from '../../contract/site.ts';
import { Poller } from '../http/poller.ts';
import { reads } from '../http/reads.ts';

/** A wall follows what an admin changes within a minute, ms. */
const EVERY_MS = 60_000;

/** The region's own lines; what was read stays when a later reading fails. Call in `setup`. */
export function useSite(home: () => string, read = reads.site): ShallowRef<Site> {
  const site = shallowRef<Site>({});
  const poller = new Poller({
    everyMs: EVERY_MS,
    always: true,
    async run(signal) {
      const code = regionOfCode(home());
      if (code === '') return;
      const answer = await read(code, signal);
      if (!signal.aborted && JSON.stringify(answer) !== JSON.stringify(site.value)) site.value = answer;
    },
  });
  watch(
    () => regionOfCode(home()),
    (code, before) => {
      // Lines of one region do not stand under the figures of another.
      if (before) site.value = {};
      if (code) void poller.restart();
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    poller.stop();
  });
  return site;
}
