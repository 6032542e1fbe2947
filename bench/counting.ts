import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS } from '../common/regionTime.ts';
import type { RegionPack } from '../contract/region.ts';
import { collectEvents } from './events.ts';
import { freshness } from './freshness.ts';
import { median, mib, ms, perSecond, row } from './measure.ts';
import { residentBytes, startBenchServer, untilMetric, type BenchServer } from './serverProcess.ts';
import { countNdjson, rawXadd } from './throughput.ts';

export interface CountingOptions {
  pack: RegionPack;
  /** Events of a round. */
  eventsARound: number;
  /** History of the second half. */
  alerts: number;
  /** Length of a measurement of freshness. */
  seconds: number;
}

/** Events counted a second, and from accepted to shown: with an empty region, and with a long history. Then starts. */
export async function benchCounting({ pack, eventsARound, alerts, seconds }: CountingOptions): Promise<void> {
  let firstAlert = 0;
  async function half(server: BenchServer, name: string): Promise<number[]> {
    process.stdout.write(`\n${name}\n`);
    const now = Date.now();
    const rates: number[] = [];
    for (let round = 1; round <= 3; round++) {
      const { buffers, events } = collectEvents({
        pack,
        events: eventsARound,
        firstAlert,
        from: now - 300 * DAY_MS,
        to: now - DAY_MS,
      });
      firstAlert += eventsARound;
      const raw = await rawXadd(server, buffers, events);
      const counted = await countNdjson(server, buffers, events);
      rates.push((counted.events / counted.ms) * 1000);
      row(
        `  HTTP NDJSON to counted (round ${round})`,
        perSecond(counted.events, counted.ms),
        `raw XADD ${perSecond(raw.events, raw.ms)}, ratio ${(raw.ms / raw.events / (counted.ms / counted.events)).toFixed(2)}; CPU µs an event: server ${((counted.serverCpu / events) * 1e6).toFixed(1)}, Redis ${((counted.redisCpu / events) * 1e6).toFixed(1)}`,
      );
    }
    for (const rate of [100, 2000]) {
      const { p50, p99, max } = await freshness(server.url, rate, seconds);
      row(
        `  accepted to shown at ${rate} events/s`,
        `p99 ${ms(p99)}`,
        `p50 ${ms(p50)}, max ${ms(max)}; the tick is 250 ms`,
      );
    }
    row('  memory', mib(residentBytes(server.pid)), `server; Redis ${mib(residentBytes(server.redisPid))}`);
    return rates;
  }

  const dataDir = mkdtempSync(join(tmpdir(), 'wagewatch-bench-'));
  let server = await startBenchServer(dataDir);
  try {
    const empty = await half(server, 'Empty at first');

    process.stdout.write(`\nLoading ${alerts.toLocaleString('en')} alerts …\n`);
    const now = Date.now();
    const started = performance.now();
    const before = await server.metric('wagewatch_events_counted_total');
    let loaded = 0;
    // In parts, so that the whole history never is in this process' memory.
    for (let made = 0; made < alerts; made += 50_000) {
      const part = collectEvents({
        pack,
        alerts: Math.min(50_000, alerts - made),
        firstAlert: 100_000_000 + made,
        from: now - 3 * 365 * DAY_MS,
        to: now - DAY_MS,
      });
      await countNdjson(server, part.buffers, part.events);
      loaded += part.events;
    }
    await untilMetric(server, 'wagewatch_events_counted_total', before + loaded);
    row(
      `  ${loaded.toLocaleString('en')} events`,
      perSecond(loaded, performance.now() - started),
      'making them included',
    );
    const full = await half(server, `With ${alerts.toLocaleString('en')} alerts`);
    row(
      '  throughput beside the empty one',
      `${((median(full) / median(empty)) * 100).toFixed(0)} %`,
      'medians of three',
    );

    await server.stop();
    process.stdout.write('\nStart\n');
    for (let round = 1; round <= 3; round++) {
      server = await startBenchServer(dataDir);
      row(
        `  up and complete (round ${round})`,
        ms(server.startMs),
        'process start to listening, Redis loading its file included',
      );
      if (round < 3) await server.stop();
    }
    row(
      '  memory after the start',
      mib(residentBytes(server.pid)),
      `server; Redis ${mib(residentBytes(server.redisPid))}`,
    );
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
