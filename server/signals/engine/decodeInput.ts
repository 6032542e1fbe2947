import { ChangeVersionError, decodeChange } from '../../aggregations/change.ts';
import { decodeEntry, type ObservationRecord, type RegistrationRecord } from '../../streams/observations/entry.ts';
import type { StreamEntry } from '../../streams/entries.ts';
import { NO_UNTIL } from '../assess/observation.ts';
import { alertOfRow } from './alertMarks.ts';
import { bucketedDigest } from './digests.ts';
import type { EngineEvent } from './engineEvents.ts';
import type { ObservedMore, Registration } from './subject.ts';

/** What the engine reads: its streams, in this order. */
export const OBSERVATIONS = 0;
export const ALERTS = 1;

/** @throws SyntaxError if an entry is none */
export function decodeInput(entry: StreamEntry, input: number): EngineEvent[] {
  if (input === ALERTS) return [fed(entry)];
  const { received, records } = decodeEntry(entry.payload);
  return records.map((record): EngineEvent => {
    switch (record.type) {
      case 'registered':
        return { kind: 'registered', key: record.key, registration: registrationOf(record), received };
      case 'observed':
        return observed(record, received);
      case 'activated':
        return { kind: 'activated', version: record.version, at: received, settle: record.settle };
    }
  });
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

function observed(record: ObservationRecord, received: number): EngineEvent {
  const { time, source, id, key, indicator, ref, value, amountFen, workers, until } = record;
  return {
    kind: 'observed',
    key,
    code: indicator,
    received,
    digest: bucketedDigest(source, id),
    observation: {
      indicator: -1,
      ref,
      time,
      source,
      id,
      value,
      amountFen,
      workers,
      until: until ?? NO_UNTIL,
      more: moreOf(record),
    },
  };
}

/** What the key does not say already. */
function moreOf({ key, more }: ObservationRecord): ObservedMore | undefined {
  if (!more) return undefined;
  const { enterprise, project, ...rest } = more;
  const found: ObservedMore = rest;
  if (enterprise?.name !== undefined && key !== `N:${enterprise.name}`) found.name = enterprise.name;
  if (enterprise?.uscc !== undefined && key.startsWith('P:')) found.uscc = enterprise.uscc;
  if (project?.name !== undefined) found.projectName = project.name;
  return Object.keys(found).length ? found : undefined;
}
