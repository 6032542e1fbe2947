import type { SubjectKey } from '../../../common/subjectKey.ts';
import type { HeardAlert } from './alertMarks.ts';
import type { KeptObservation, Registration } from './subject.ts';

/** What the engine takes in. Times in epoch ms. */
export type EngineEvent =
  | { kind: 'registered'; key: SubjectKey; registration: Registration; received: number }
  | {
      kind: 'observed';
      key: SubjectKey;
      /** The indicator's code; its number is put into the observation before it is folded. */
      code: string;
      observation: KeptObservation;
      received: number;
      /** Of `(source, id)` (digests.ts). */
      digest: string;
    }
  /** An entry of the region's change feed: alerts as they stand after it. */
  | {
      kind: 'fed';
      id: string;
      previous: string;
      alerts: HeardAlert[];
      /** It is of another version of the program, and says nothing to this one. */
      unreadable?: true;
    }
  /** Alerts read from their documents, after a gap in the feed. */
  | { kind: 'read'; alerts: HeardAlert[] }
  /** All alerts have been read; `target` is the last entry of the feed after that, if it has one. */
  | { kind: 'readAll'; target: string | undefined }
  /** A rule version has come into force. `settle`: what has happened by then has been dealt with. */
  | { kind: 'activated'; version: string; at: number; settle: boolean }
  /** A piece of the engine's own work: what the clock, or a version that came into force, has left to do. */
  | { kind: 'work' };

export type ObservedEvent = Extract<EngineEvent, { kind: 'observed' }>;

/** What a batch must know that is not in memory. */
export interface BatchKnowledge {
  /** Digests of its observations that were counted before. */
  seen: ReadonlySet<string>;
  /** By alert id: the key that its facts named when it was last heard of. */
  owners: ReadonlyMap<string, SubjectKey>;
}
