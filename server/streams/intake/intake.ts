import { OWN_SOURCE } from '../../../contract/alertLimits.ts';
import type { Rejection } from '../../../contract/rest.ts';
import { ChunkSender, type LastEntry, type Outgoing } from './chunkSender.ts';
import { createOffsetWatch, type OffsetWatch } from './offsetWatch.ts';
import { openRequest, type IntakeParts, type IntakeRequest } from './intakeRequest.ts';
import { makerOf, type Sender } from './outside.ts';
import { namedOf } from './validate.ts';

/** Events taken between two looks at whether more may be taken. */
const PART = 500;

/** The one way in for events. */
export interface Intake {
  /**
   * Takes the events of one request from outside, one by one. What it rejects becomes dead letters.
   * @param from what is kept of who sends them
   */
  request(from?: Sender): IntakeRequest;
  /**
   * Takes events of the program's own (CloudEvents as in contract §1); the extension attributes `actor` and `platform` say who
   * has made them. The caller is told what was refused; no dead letters are made.
   * @throws when Redis does not have the events: those that it has count once, so all may be submitted again
   */
  submit(events: readonly unknown[]): Promise<Submission>;
  /** Why `submit` would refuse an event; undefined where it would not. */
  refusal(event: unknown): string | undefined;
}

/** What became of submitted events. */
export interface Submission {
  /** So many are in the durable streams. */
  accepted: number;
  /** The last entry in each stream that they are in. */
  entries: readonly LastEntry[];
  /** All that were refused, by their index. */
  refused: Rejection[];
  /**
   * Resolves when all accepted ones have been counted (registrations and observations: decided): whoever reads their alerts
   * now sees them.
   * @throws the signal's reason when that comes first; the events are counted all the same
   */
  settled(signal: AbortSignal): Promise<void>;
}

/** A valid event of the program's own. */
interface OwnEvent extends Outgoing {
  index: number;
}

/**
 * By what moment the time of an event of ours is judged: by none. What is done here comes after all that has happened to its alert, and
 * where the clock was set back, some of that lies ahead.
 */
function latestOf(event: unknown, now: number): number {
  const { source } = namedOf(event);
  return source?.startsWith(OWN_SOURCE) === true ? Infinity : now;
}

export function createIntake(parts: IntakeParts): Intake {
  const watches = new Map<string, OffsetWatch>();
  const watchOf = ({ region, stream }: LastEntry) => {
    const { progress, observations } = parts.regions(region);
    const key = `${region} ${stream}`;
    let watch = watches.get(key);
    if (!watch) {
      watch = createOffsetWatch(stream === 'events' ? progress : { read: () => observations.progress() });
      watches.set(key, watch);
    }
    return watch;
  };
  return {
    request: (from = {}) => openRequest(parts, from),
    refusal(event) {
      const result = parts.validate(event, latestOf(event, parts.now()));
      if (!result.ok) return result.problem;
      const maker = makerOf(event);
      return typeof maker === 'string' ? maker : undefined;
    },
    async submit(events) {
      const refused: Rejection[] = [];
      const refuse = (index: number, event: unknown, problem: string) => {
        const { id } = namedOf(event);
        refused.push({ index, problem, ...(id === undefined ? {} : { id }) });
      };
      const sender = new ChunkSender<OwnEvent>({
        regions: parts.regions,
        telemetry: parts.telemetry,
        now: parts.now,
        refuse: ({ index, event }, problem) => refuse(index, event, problem),
      });
      for (let index = 0; index < events.length; index++) {
        const event = events[index];
        const result = parts.validate(event, latestOf(event, parts.now()));
        if (!result.ok) refuse(index, event, result.problem);
        else if ('signal' in result) sender.addSignal(result.region, result.signal);
        else {
          const { alertId, event: stored } = result.accepted;
          const maker = makerOf(event);
          if (typeof maker === 'string') {
            refuse(index, event, maker);
            continue;
          }
          if (maker) stored.by = maker;
          sender.add(result.region, { alertId, event: stored, free: stored.source.startsWith(OWN_SOURCE), index });
        }
        if (index % PART === PART - 1) await sender.ready();
      }
      await sender.flush();
      const last = sender.lastEntries;
      return {
        accepted: sender.durable,
        entries: last,
        refused: refused.sort((a, b) => a.index - b.index),
        async settled(signal) {
          await Promise.all(last.map((entry) => watchOf(entry).passed(entry.id, signal)));
        },
      };
    },
  };
}
