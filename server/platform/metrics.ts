import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { PushTelemetry } from '../push/telemetry.ts';
import type { StreamTelemetry } from '../streams/telemetry.ts';

/** Figures about the program itself, for Prometheus. */
export interface Metrics {
  readonly streams: StreamTelemetry;
  readonly push: PushTelemetry;
  /** A request has been answered, so long after it came; `route` as it is registered. */
  answered(route: string, ms: number): void;
  readonly contentType: string;
  render(): Promise<string>;
}

/** @param lag age in ms of the oldest accepted event not yet counted, read when the figures are asked for */
export function createMetrics(lag: () => { region: string; ms: number }[]): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name: `wagewatch_${name}`, help, registers });
  const events = {
    accepted: counter('events_accepted_total', 'Events put into the durable stream'),
    rejected: counter('events_rejected_total', 'Events kept as dead letters'),
    duplicates: counter('events_duplicate_total', 'Accepted events that had been counted before'),
    counted: counter('events_counted_total', 'Events of committed batches, duplicates included'),
  };
  const commit = new Histogram({
    name: 'wagewatch_commit_seconds',
    help: 'Time of one atomic commit',
    registers,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
  });
  const tick = new Histogram({
    name: 'wagewatch_tick_seconds',
    help: 'Time of one tick of the push',
    registers,
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25],
  });
  const answers = new Histogram({
    name: 'wagewatch_request_seconds',
    help: 'Time from the head of a request to the end of its answer',
    labelNames: ['route'],
    registers,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5],
  });
  const held = new Gauge({
    name: 'wagewatch_lease_held',
    help: '1 while this process counts the region',
    labelNames: ['region'],
    registers,
  });
  const checkpoints = new Histogram({
    name: 'wagewatch_checkpoint_seconds',
    help: 'Time of one checkpoint',
    registers,
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 15],
  });
  const screens = new Gauge({ name: 'wagewatch_screens', help: 'Screens connected to this process', registers });
  const patches = counter('patches_total', 'Patches sent, counted once a screen');
  const bytes = counter('patch_bytes_total', 'Bytes of patches sent, before compression and framing');
  const dropped = counter('queues_dropped_total', 'Times a screen was passed over because its queue was full');
  new Gauge({
    name: 'wagewatch_lag_seconds',
    help: 'Age of the oldest accepted event not yet counted',
    labelNames: ['region'],
    registers,
    collect() {
      for (const { region, ms } of lag()) this.set({ region }, ms / 1000);
    },
  });

  return {
    streams: {
      accepted: (n) => events.accepted.inc(n),
      rejected: (n) => events.rejected.inc(n),
      counted(n, duplicates, commitMs) {
        events.counted.inc(n);
        events.duplicates.inc(duplicates);
        commit.observe(commitMs / 1000);
      },
      lease: (region, has) => held.set({ region }, has ? 1 : 0),
      checkpoint: (ms) => checkpoints.observe(ms / 1000),
    },
    push: {
      screens: (change) => screens.inc(change),
      patch(count, size) {
        patches.inc(count);
        bytes.inc(count * size);
      },
      dropped: (count) => dropped.inc(count),
      tick: (ms) => tick.observe(ms / 1000),
    },
    answered: (route, ms) => answers.observe({ route }, ms / 1000),
    contentType: registry.contentType,
    render: () => registry.metrics(),
  };
}
