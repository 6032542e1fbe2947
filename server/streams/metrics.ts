import type { Metrics } from '../platform/metrics.ts';
import type { StreamTelemetry } from './telemetry.ts';

/** The metrics of taking in, counting and checkpoints. To be called once, as a name can be registered once. */
export function createStreamMetrics(metrics: Metrics): StreamTelemetry {
  const accepted = metrics.counter('events_accepted_total', 'Events put into the durable stream');
  const rejected = metrics.counter('events_rejected_total', 'Events kept as dead letters');
  const duplicates = metrics.counter('events_duplicate_total', 'Accepted events that had been counted before');
  const counted = metrics.counter('events_counted_total', 'Events of committed batches, duplicates included');
  const commit = metrics.histogram(
    'commit_seconds',
    'Time of one atomic commit',
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
  );
  const held = metrics.gauge('lease_held', '1 while this process counts the region', ['region']);
  const checkpoints = metrics.histogram(
    'checkpoint_seconds',
    'Time of one checkpoint',
    [0.01, 0.05, 0.1, 0.5, 1, 5, 15],
  );
  return {
    accepted: (events) => accepted.inc(events),
    rejected: (events) => rejected.inc(events),
    counted(events, again, commitMs) {
      counted.inc(events);
      duplicates.inc(again);
      commit.observe(commitMs / 1000);
    },
    lease: (region, has) => held.set({ region }, has ? 1 : 0),
    checkpoint: (ms) => checkpoints.observe(ms / 1000),
  };
}
