import type { MonitoredSource } from '../../contract/signals.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { Decided } from './engine/engineReducer.ts';
import type { Subjects } from './subjects/subjects.ts';

/** What the engine's host tells. */
export interface SignalTelemetry {
  decided(decided: Decided): void;
  /** An engine took (true) or lost (false) the lease of a region. */
  lease(region: string, held: boolean): void;
}

/** The metrics of signals. To be called once, as a name can be registered once. @param figures as they are when they are asked for */
export function createSignalMetrics(
  metrics: Metrics,
  figures: { subjects: () => readonly Subjects[]; lags: () => ReadonlyMap<string, number> },
): SignalTelemetry {
  const observed = metrics.counter('signals_observed_total', 'Observations of committed batches, without repeats');
  const decided = metrics.counter('signals_decided_total', 'Registrations and observations decided, repeats included');
  const duplicates = metrics.counter(
    'signals_duplicate_total',
    'Observations and registrations that had been taken in before',
  );
  const raised = metrics.counter('signals_raised_total', 'Alerts that the rules have raised');
  const escalated = metrics.counter('signals_escalated_total', 'Alerts that the rules have made graver');
  const commit = metrics.histogram(
    'signals_commit_seconds',
    'Time of one atomic commit of the engine',
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
  );
  const waiting = metrics.gauge(
    'signals_waiting',
    'Subjects that a new day, or a version that came into force, has left to be looked at',
    ['region'],
  );
  const held = metrics.gauge('signals_lease_held', '1 while the engine of the region runs in this process', ['region']);
  metrics.gauge('signals_lag_seconds', 'Age of the oldest observation not yet decided', ['region'], (gauge) => {
    for (const [region, lag] of figures.lags()) gauge.set({ region }, lag);
  });
  metrics.gauge(
    'signals_unplaced',
    'Subjects with a tier whose employer, town or industry nobody knows',
    ['region'],
    (gauge) => {
      for (const subjects of figures.subjects())
        gauge.set({ region: subjects.region }, subjects.monitor()?.unplaced ?? 0);
    },
  );
  metrics.gauge('signals_sources_late', 'Channels whose sources are late or silent', ['region', 'state'], (gauge) => {
    for (const subjects of figures.subjects()) {
      const sources: readonly MonitoredSource[] = Object.values(subjects.monitor()?.sources ?? {});
      const states = sources.map(({ state }) => state);
      for (const state of ['late', 'silent'] as const)
        gauge.set({ region: subjects.region, state }, states.filter((one) => one === state).length);
    }
  });
  return {
    decided(batch) {
      observed.inc(batch.observed);
      decided.inc(batch.records);
      duplicates.inc(batch.duplicates);
      raised.inc(batch.raised);
      escalated.inc(batch.escalated);
      waiting.set({ region: batch.region }, batch.waiting);
      commit.observe(batch.commitMs / 1000);
    },
    lease: (region, has) => held.set({ region }, has ? 1 : 0),
  };
}
