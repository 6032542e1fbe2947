import { CHANNELS, TEN_SOURCES } from '../../../contract/codes.ts';
import type { Frame } from '../../../contract/frame.ts';
import { parseRfc3339 } from '../../../common/regionTime.ts';

/**
 * How a source is. `ok`, `late`, `silent` and `never` are measured against how often it should speak (signals §4). Where
 * nobody knows that, `heard` says only that there was something, and when; `unheard` that there was nothing yet;
 * `unknown` that the frame does not say (a town's, one of the past, small figures withheld).
 */
export type SourceState = 'ok' | 'late' | 'silent' | 'never' | 'heard' | 'unheard' | 'unknown';

export interface SourceLine {
  code: string;
  /** Alerts raised in the window. */
  raised: number;
  state: SourceState;
  /** When it last spoke, epoch ms. */
  lastAt?: number;
}

export interface Coverage {
  enterprises: number;
  projects: number;
  watch: number;
  /** Observations received today. */
  today?: number;
}

export interface SourcesView {
  lines: SourceLine[];
  /** What is watched; absent without an engine for signals. */
  coverage?: Coverage;
  /** Nothing has ever come: neither an alert nor an observation. */
  nothingYet: boolean;
  /** Figures of 0 may be withheld ones. */
  withheld: boolean;
}

/**
 * The ten sources in their fixed places (a place on the wall means one source), then the further ones in use. Pure.
 * @param region the region's frame, which alone knows how sources are; `frame` itself where it is a region's
 */
export function toSources(frame: Frame, region: Frame = frame): SourcesView {
  const monitored = region.monitor?.sources;
  const last = region.lastByChannel;
  const line = (code: string): SourceLine => {
    const made: SourceLine = { code, raised: frame.byChannel[code]?.raised ?? 0, state: 'unknown' };
    const health = monitored?.[code];
    const at = health?.lastAt ?? (monitored ? undefined : last?.[code]?.raisedAt);
    const lastAt = at === undefined ? undefined : parseRfc3339(at);
    if (lastAt !== undefined) made.lastAt = lastAt;
    if (health) made.state = health.state;
    else if (monitored) made.state = 'never';
    else if (last) made.state = lastAt === undefined ? 'unheard' : 'heard';
    return made;
  };
  const inUse = (code: string) => {
    const row = frame.byChannel[code];
    return Boolean(row?.raised || row?.open || monitored?.[code]?.lastAt || last?.[code]);
  };
  const further = CHANNELS.filter((code) => !TEN_SOURCES.includes(code) && inUse(code));
  const view: SourcesView = {
    lines: [...TEN_SOURCES, ...further].map(line),
    nothingYet: isBare(region),
    withheld: frame.withheld !== undefined,
  };
  const coverage = coverageOf(frame.monitor ?? region.monitor);
  if (coverage) view.coverage = coverage;
  return view;
}

function coverageOf(monitor: Frame['monitor']): Coverage | undefined {
  if (!monitor) return undefined;
  const { enterprises, projects, watch, observations } = monitor;
  return { enterprises, projects, watch, ...(observations ? { today: observations.today } : {}) };
}

/** Whether a region has never had anything: of a frame that would say so. */
function isBare({ byStage, lastByChannel, monitor, withheld }: Frame): boolean {
  if (!byStage || !lastByChannel || withheld !== undefined) return false;
  const alerts = Object.values(byStage).reduce((sum, n) => sum + n, 0);
  return alerts === 0 && Object.keys(lastByChannel).length === 0 && !monitor?.observations?.total;
}
