import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DAY_MS } from '../../common/regionTime.ts';
import type { Frame } from '../../contract/frame.ts';
import { collectEvents } from '../events.ts';
import { cpuSeconds, residentBytes, startBenchServer, untilMetric } from '../serverProcess.ts';
import { countNdjson } from '../throughput.ts';
import { loadPack330110 } from './pack.ts';
import type { Peer } from './peer.ts';

export async function startWageWatch(): Promise<Peer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'wagewatch-bench-'));
  let server = await startBenchServer(dataDir);
  return {
    name: `WageWatch ${(JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version}`,
    get ingest() {
      return `${server.url}/api/v1/events`;
    },
    get screens() {
      return { kind: 'wall' as const, urls: [server.url] };
    },
    async raised() {
      return ((await (await fetch(`${server.url}/api/v1/snapshot?window=365d`)).json()) as Frame).totals.raised;
    },
    cpu: () => cpuSeconds(server.pid) + cpuSeconds(server.redisPid),
    memory: () => residentBytes(server.pid) + residentBytes(server.redisPid),
    async history(alerts) {
      const now = Date.now();
      const before = await server.metric('wagewatch_events_counted_total');
      const { buffers, events } = collectEvents({
        pack: loadPack330110(),
        alerts,
        from: now - 3 * 365 * DAY_MS,
        to: now - DAY_MS,
      });
      await countNdjson(server, buffers, events);
      await untilMetric(server, 'wagewatch_events_counted_total', before + events);
    },
    async crash() {
      process.kill(server.redisPid, 'SIGKILL');
      process.kill(server.pid, 'SIGKILL');
      await sleep(500);
      server = await startBenchServer(dataDir);
    },
    async stop() {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
