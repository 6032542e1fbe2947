import { ChangeVersionError, decodeChange } from '../../aggregations/change.ts';
import {
  mapEntry,
  type ActivationRecord,
  type ObservationExtras,
  type PackedObservation,
  type RegistrationRecord,
} from '../../streams/observations/entry.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import type { StreamEntry } from '../../streams/entries.ts';
import { NO_UNTIL } from '../assess/observation.ts';
import { alertOfRow } from './alertMarks.ts';
import { bucketedDigest } from './digests.ts';
import type { EngineEvent } from './engineEvents.ts';
import type { RawObservation } from './rawBlock.ts';
import type { ObservedMore, Registration } from './subject.ts';

/** What the engine reads: its streams, in this order. */
export const OBSERVATIONS = 0;
export const ALERTS = 1;

/** @throws SyntaxError if an entry is none */
export function decodeInput(entry: StreamEntry, input: number): EngineEvent[] {
  if (input === ALERTS) return [fed(entry)];
  return mapEntry<EngineEvent>(entry.payload, observed, other);
}

function other(record: RegistrationRecord | ActivationRecord, received: number): EngineEvent {
  return record.type === 'registered'
    ? { kind: 'registered', key: record.key, registration: registrationOf(record), received }
    : { kind: 'activated', version: record.version, at: received, settle: record.settle };
}

function fed({ id, previous, payload }: StreamEntry): EngineEvent {
  try {
    return { kind: 'fed', id, previous, alerts: decodeChange(payload).rows.map(alertOfRow) };
  } catch (error) {
    if (!(error instanceof ChangeVersionError)) throw error;
    return { kind: 'fed', id, previous, alerts: [], unreadable: true };
  }
}

function registrationOf({ time, source, id, data }: RegistrationRecord): Registration {
  const { kind, enterprise, project, town, industry, status, headcount, location, ...more } = data;
  return {
    time,
    source,
    id,
    name: enterprise.name,
    uscc: kind === 'project' ? enterprise.uscc : undefined,
    project: project && { id: project.id, name: project.name },
    town,
    industry,
    active: status === 'active',
    headcount,
    location,
    more: Object.keys(more).length ? more : undefined,
  };
}

function observed(packed: PackedObservation, received: number): EngineEvent {
  const source = packed[2];
  const id = packed[3];
  const key = packed[4];
  const more = packed[11];
  // What rawOf (rawBlock.ts) gives it has its place from the beginning: no other shape is made of it then.
  const observation: RawObservation = {
    indicator: -1,
    ref: packed[6],
    time: packed[1],
    source,
    id,
    value: packed[7],
    amountFen: packed[8],
    workers: packed[9],
    until: packed[10] ?? NO_UNTIL,
    more: more && moreOf(key, more),
    subject: -1,
    received,
  };
  return { kind: 'observed', key, code: packed[5], received, digest: bucketedDigest(source, id), observation };
}

/** What the key does not say already. */
function moreOf(key: SubjectKey, more: ObservationExtras): ObservedMore | undefined {
  const { enterprise, project, ...rest } = more;
  const found: ObservedMore = rest;
  if (enterprise?.name !== undefined && key !== `N:${enterprise.name}`) found.name = enterprise.name;
  if (enterprise?.uscc !== undefined && key.startsWith('P:')) found.uscc = enterprise.uscc;
  if (project?.name !== undefined) found.projectName = project.name;
  return Object.keys(found).length ? found : undefined;
}
