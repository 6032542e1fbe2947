import { CHANNELS } from '../../contract/codes.ts';
import type { MonitoredSource, Monitor, SourceState, TownMonitor } from '../../contract/signals.ts';

/** What is watched in a region, for its frames (signals §5). */
export interface Monitored {
  /** Differs after each change of what is watched; states of sources move with the clock besides. */
  readonly stamp: string;
  /** @param now epoch ms @returns undefined while nothing is loaded, and where no version of rules is in force */
  monitor(now: number): Monitor | undefined;
  /** The same of a town. */
  townMonitor(town: string): TownMonitor | undefined;
}

/** From best to worst. */
const STATES: readonly SourceState[] = ['ok', 'late', 'silent', 'never'];

/**
 * `monitor` of a city or province: the sums of its regions that have one. Of a channel the worst state of these regions,
 * so that one district that is silent is not hidden behind another one that speaks; where others have spoken, `never` is `silent`.
 * `lastAt` is the last receipt of any. Pure.
 * @returns undefined when none of them has one
 */
export function sumMonitors(parts: readonly (Monitor | undefined)[]): Monitor | undefined {
  const monitors = parts.filter((part) => part !== undefined);
  if (!monitors.length) return undefined;
  const sum: Monitor = {
    enterprises: 0,
    projects: 0,
    watch: 0,
    unplaced: 0,
    observations: { today: 0, total: 0 },
    sources: {},
  };
  for (const { enterprises, projects, watch, unplaced, observations } of monitors) {
    sum.enterprises += enterprises;
    sum.projects += projects;
    sum.watch += watch;
    sum.unplaced += unplaced;
    sum.observations.today += observations.today;
    sum.observations.total += observations.total;
  }
  for (const channel of CHANNELS) {
    const told = monitors.flatMap(({ sources }) => sources[channel] ?? []);
    if (told.length) sum.sources[channel] = told.reduce(together);
  }
  return sum;
}

function together(a: MonitoredSource, b: MonitoredSource): MonitoredSource {
  const lastAt = [a.lastAt, b.lastAt]
    .filter((at) => at !== undefined)
    .sort()
    .at(-1);
  const worst = STATES.indexOf(a.state) > STATES.indexOf(b.state) ? a.state : b.state;
  return {
    state: worst === 'never' && lastAt !== undefined ? 'silent' : worst,
    ...(lastAt === undefined ? {} : { lastAt }),
    today: a.today + b.today,
  };
}
