import type {
  LapsedObservation,
  ShownObservation,
  ShownRegistration,
  SubjectBrief,
} from '../../../contract/subjects.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import type { Registration } from '../engine/subject.ts';
import type { ShownObservation as KeptAndShown } from './portrait.ts';
import type { SubjectItem } from './query.ts';

/** What is watched, in the shapes of the contract (contract/subjects.ts). Pure. */

export function briefOf(region: string, item: SubjectItem): SubjectBrief {
  const { key, kind, name, contractor, town, industry, location, registered, active } = item;
  const { score, tier, rule, watch, workers, amountFen, months, channels, indicators, changedAt, unplaced } = item;
  return {
    key,
    region,
    kind,
    name,
    ...(contractor === undefined ? {} : { contractor }),
    ...(town === undefined ? {} : { town }),
    ...(industry === undefined ? {} : { industry }),
    ...(location === undefined ? {} : { location }),
    registered,
    active,
    score,
    ...(tier === undefined ? {} : { tier }),
    ...(rule === undefined ? {} : { rule }),
    watch,
    workers,
    amountFen,
    months,
    channelPoints: Object.fromEntries(channels),
    indicators: indicators.map(([code, points]) => ({ code, points })),
    ...(changedAt > 0 ? { changedAt: toRfc3339(changedAt) } : {}),
    unplaced,
  };
}

export function registrationView(
  key: SubjectKey,
  { time, source, id, name, uscc, project, town, industry, active, headcount, location, more }: Registration,
): ShownRegistration {
  const code = uscc ?? (key.startsWith('U:') ? key.slice(2) : undefined);
  return {
    time: toRfc3339(time),
    source,
    id,
    kind: project ? 'project' : 'enterprise',
    enterprise: { ...(code === undefined ? {} : { uscc: code }), name },
    ...(project ? { project } : {}),
    town,
    industry,
    ...(headcount === undefined ? {} : { headcount }),
    ...(location ? { location } : {}),
    ...more,
    status: active ? 'active' : 'ceased',
  };
}

export function observationView(shown: KeptAndShown): ShownObservation {
  const { code, ref, time, source, id, value, amountFen, workers, text, until } = shown;
  return {
    indicator: code,
    ref,
    time: toRfc3339(time),
    source,
    id,
    value,
    amountFen,
    workers,
    ...(text === undefined ? {} : { text }),
    ...(until === undefined ? {} : { until }),
  };
}

export function lapsedView(shown: KeptAndShown): LapsedObservation {
  return { ...observationView(shown), why: shown.why! };
}
