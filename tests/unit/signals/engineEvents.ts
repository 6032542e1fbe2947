import type { Stage, Tier } from '../../../contract/codes.ts';
import { startOfDay, HOUR_MS } from '../../../common/regionTime.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import type { CompiledPack } from '../../../server/signals/assess/compiledPack.ts';
import type { AlertMark } from '../../../server/signals/engine/alertMarks.ts';
import { bucketedDigest } from '../../../server/signals/engine/digests.ts';
import type { EngineEvent } from '../../../server/signals/engine/engineEvents.ts';
import type { KeptObservation, Registration } from '../../../server/signals/engine/subject.ts';
import { DAY, seen } from './support.ts';

/** What an engine takes in, for tests. */

export const noon = (day: number): number => startOfDay(day) + 12 * HOUR_MS;
export const NOW = noon(DAY);

/** An observation at noon, `age` days before `DAY`, received an hour later. */
export function observed(
  pack: CompiledPack,
  key: SubjectKey,
  code: string,
  age: number,
  more: Partial<KeptObservation> = {},
): EngineEvent {
  const observation: KeptObservation = seen(pack, code, age, more);
  return {
    kind: 'observed',
    key,
    code,
    observation,
    received: observation.time + HOUR_MS,
    digest: bucketedDigest(observation.source, observation.id),
  };
}

let registrations = 0;
export function registered(key: SubjectKey, name: string, more: Partial<Registration> = {}): EngineEvent {
  return {
    kind: 'registered',
    key,
    received: NOW,
    registration: {
      time: NOW - 400 * 24 * HOUR_MS,
      source: 'urn:test:register',
      id: `r${registrations++}`,
      name,
      town: '330110001',
      industry: 'C',
      active: true,
      ...more,
    },
  };
}

let entries = 0;
let previous = '0-0';
/** Alerts as the feed has them after a change. */
export function fed(...alerts: { key: SubjectKey; mark: AlertMark }[]): EngineEvent {
  const id = `${++entries}-0`;
  const event: EngineEvent = { kind: 'fed', id, previous, alerts };
  previous = id;
  return event;
}
/** A new feed begins. */
export function newFeed(): void {
  entries = 0;
  previous = '0-0';
}

export function alert(
  key: SubjectKey,
  alertId: string,
  tier: Tier,
  stage: Stage,
  more: Partial<AlertMark> = {},
): { key: SubjectKey; mark: AlertMark } {
  return {
    key,
    mark: { alertId, tier, gravest: tier, stage, workers: 0, amountFen: 0, raisedAt: NOW, ...more },
  };
}
