import type { Industry } from '../../../contract/codes.ts';
import type { LngLat } from '../../../contract/frame.ts';
import type { RegisteredData } from '../../../contract/signals.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';

/**
 * An entry of a region's stream of observations: what was received at one moment, in order. Everything is checked, and
 * ready to be used: keys are made, values are whole thousandths, days are numbers, positions are CGCS2000. Activations of
 * rule versions go through the same stream, so that each decision knows exactly which rules were in force.
 */
export interface ObservationEntry {
  /** When it was received, epoch ms; of events sent in again from an export, when they were received first. */
  received: number;
  records: SignalRecord[];
}

export type SignalRecord = RegistrationRecord | ObservationRecord | ActivationRecord;

interface EventRecord {
  /** Epoch ms. */
  time: number;
  source: string;
  id: string;
  /** As the event names its subject; names that belong to a uscc are joined by the engine. */
  key: SubjectKey;
}

export interface RegistrationRecord extends EventRecord {
  type: 'registered';
  data: StoredRegistration;
}
/** A registration as it is kept: the uscc in its normal form, `industry` always there. */
export type StoredRegistration = Omit<RegisteredData, 'region' | 'location' | 'industry'> & {
  industry: Industry;
  location?: LngLat;
};

export interface ObservationRecord extends EventRecord {
  type: 'observed';
  /** The indicator's code. */
  indicator: string;
  /** '' without one. */
  ref: string;
  /** Whole thousandths; 1000 without one. */
  value: number;
  amountFen: number;
  workers: number;
  /** A day (`dayOf`). */
  until?: number;
  /** What an alert takes where there is no registration, and what people read; left out when the event has none of it. */
  more?: ObservationExtras;
}
export interface ObservationExtras {
  enterprise?: { uscc?: string; name?: string };
  project?: { id: string; name?: string };
  text?: string;
  town?: string;
  industry?: Industry;
  location?: LngLat;
}

/** From here on a version of the rules is in force; the one before is retired. */
export interface ActivationRecord {
  type: 'activated';
  version: string;
  /** All that is known by then is taken as dealt with: `settledAt` of every subject is the entry's `received`. */
  settle: boolean;
}

/** Of one kind of record, the number under which it is stored: that of the event type where it is one. */
const REGISTERED = 8;
const OBSERVED = 9;
const ACTIVATED = 0;

/** An observation as the stream has it. */
export type PackedObservation = [
  typeof OBSERVED,
  time: number,
  source: string,
  id: string,
  SubjectKey,
  indicator: string,
  ref: string,
  value: number,
  amountFen: number,
  workers: number,
  until: number | null,
  more?: ObservationExtras,
];
type PackedRegistration = [typeof REGISTERED, number, string, string, SubjectKey, StoredRegistration];
type PackedActivation = [typeof ACTIVATED, version: string, settle: 0 | 1];
type Packed = PackedRegistration | PackedObservation | PackedActivation;

export function packRecord(record: SignalRecord): unknown[] {
  switch (record.type) {
    case 'registered':
      return [REGISTERED, record.time, record.source, record.id, record.key, record.data];
    case 'observed': {
      const { time, source, id, key, indicator, ref, value, amountFen, workers, until, more } = record;
      const packed: unknown[] = [
        OBSERVED,
        time,
        source,
        id,
        key,
        indicator,
        ref,
        value,
        amountFen,
        workers,
        until ?? null,
      ];
      if (more) packed.push(more);
      return packed;
    }
    case 'activated':
      return [ACTIVATED, record.version, record.settle ? 1 : 0];
  }
}

function unpackRecord(packed: Packed): SignalRecord {
  switch (packed[0]) {
    case OBSERVED: {
      const [, time, source, id, key, indicator, ref, value, amountFen, workers, until, more] = packed;
      return {
        type: 'observed',
        time,
        source,
        id,
        key,
        indicator,
        ref,
        value,
        amountFen,
        workers,
        ...(until === null ? {} : { until }),
        ...(more ? { more } : {}),
      };
    }
    default:
      return unpackOther(packed);
  }
}

function unpackOther(packed: PackedRegistration | PackedActivation): RegistrationRecord | ActivationRecord {
  if (packed[0] === ACTIVATED) return { type: 'activated', version: packed[1], settle: packed[2] === 1 };
  const [, time, source, id, key, data] = packed;
  return { type: 'registered', time, source, id, key, data };
}

/** As the stream has it: `[received, record, record …]`. */
export function encodeEntry({ received, records }: ObservationEntry): string {
  return JSON.stringify([received, ...records.map(packRecord)]);
}

/**
 * Records of an entry as something else, in order: of most of them, which are observations, nothing is made in between.
 * @throws SyntaxError if the text is no entry
 */
export function mapEntry<T>(
  payload: string,
  observed: (packed: PackedObservation, received: number) => T,
  other: (record: RegistrationRecord | ActivationRecord, received: number) => T,
): T[] {
  const [received, ...records] = JSON.parse(payload) as [number, ...Packed[]];
  return records.map((packed) =>
    packed[0] === OBSERVED ? observed(packed, received) : other(unpackOther(packed), received),
  );
}

/** @throws SyntaxError if the text is no entry */
export function decodeEntry(payload: string): ObservationEntry {
  const [received, ...records] = JSON.parse(payload) as [number, ...Packed[]];
  return { received, records: records.map(unpackRecord) };
}
