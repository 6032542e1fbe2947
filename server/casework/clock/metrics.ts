import type { Metrics } from '../../platform/metrics.ts';
import type { Spoken } from './clockReducer.ts';

/** What the clocks' host tells. */
export interface ClockTelemetry {
  spoken(spoken: Spoken): void;
  /** How many open cases are watched. */
  held(region: string, cases: number): void;
  /** A clock took (true) or lost (false) the lease of a region. */
  lease(region: string, held: boolean): void;
}

/** The metrics of the clock. To be called once, as a name can be registered once. */
export function createClockMetrics(metrics: Metrics): ClockTelemetry {
  const told = metrics.counter('clock_reminded_total', 'Notices and reminders of terms that are running out');
  const urged = metrics.counter('clock_urged_total', 'Cases that the clock has urged as their term had ended');
  const drafts = metrics.counter('clock_drafts_total', 'Supervisions that the clock has prepared');
  const cases = metrics.gauge('clock_cases', 'Open cases whose terms are watched', ['region']);
  const held = metrics.gauge('clock_lease_held', '1 while the clock of the region runs in this process', ['region']);
  const commit = metrics.histogram(
    'clock_commit_seconds',
    'Time of one atomic commit of the clock',
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
  );
  return {
    spoken(batch) {
      told.inc(batch.told);
      urged.inc(batch.urged);
      drafts.inc(batch.drafts);
      commit.observe(batch.commitMs / 1000);
    },
    held: (region, open) => cases.set({ region }, open),
    lease(region, has) {
      held.set({ region }, has ? 1 : 0);
      // Another process tells of them from now on.
      if (!has) cases.set({ region }, 0);
    },
  };
}
