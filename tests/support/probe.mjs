/**
 * Loaded into a server by a test (`NODE_OPTIONS=--import …`): on SIGUSR2 it collects all garbage and writes what is
 * left as JSON into the file that PROBE_FILE names: `{at, heap, external, rss, resources: {kind: count}, lagMs}`;
 * `lagMs` is the 99th percentile of the event loop's delay since the last time.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const RESOLUTION_MS = 10;
if (process.env.PROBE_FILE) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  process.on('SIGUSR2', () => {
    const lagMs = Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS);
    // What the first collection finalises, the second one frees.
    collect();
    collect();
    const { heapUsed, external, rss } = process.memoryUsage();
    const resources = {};
    for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
    const file = process.env.PROBE_FILE;
    writeFileSync(`${file}.new`, JSON.stringify({ at: Date.now(), heap: heapUsed, external, rss, resources, lagMs }));
    renameSync(`${file}.new`, file);
    delay.reset();
  });
}
