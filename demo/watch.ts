import type { Frame } from '../contract/frame.ts';
import type { Rules } from '../contract/rulePack.ts';
import type { Boundaries } from '../contract/boundaries.ts';
import type { Clock } from './clock.ts';
import type { Desk } from './desk.ts';
import type { HistoryPlan } from './historyPlan.ts';
import { Register } from './register.ts';
import type { AnyEvent, DemoLog, EventSender } from './sender.ts';
import type { DemoState, StateFile } from './stateFile.ts';
import { Distress } from './strain.ts';
import { behindOpen, pastYear, presentState, type Watched } from './year.ts';

/** How the demonstration comes to be watched. */
export interface WatchOptions {
  /** Share of the published numbers of employers and sites, in (0, 1]. */
  scale: number;
  /** Puts the newest rules in force where none are, taking all that is known as dealt with (signals §2). */
  activate: () => Promise<void>;
}

export interface WatchParts extends WatchOptions {
  plan: HistoryPlan;
  boundaries?: Boundaries | undefined;
  sender: EventSender;
  desk: Desk;
  file: StateFile;
  state: DemoState;
  log: DemoLog;
  clock: Clock;
  signal: AbortSignal;
  onSent: (events: number) => void;
}

/** Events in one request; how far it is is noted after each. */
const PART = 2_000;
/** Events a second at most, and no more than half of the time: the wall and its feed go on beside it, on a slow machine too. */
const MOST_A_SECOND = 8_000;
const POLL_MS = 1_000;
const LONGEST_WAIT_MS = 10 * 60_000;

/**
 * Enters the register and a year of observations behind the history, then what holds now; once, and after a break from where
 * it was. The rules come into force first: everything older has been dealt with, and raises nothing.
 * @returns what the feed goes on with, or undefined where this server watches nothing of the demonstration
 */
export async function startWatching(parts: WatchParts): Promise<(Watched & { since: number }) | undefined> {
  const { plan, state, file, log, activate, clock } = parts;
  const region = plan.world.pack.code;
  if (!state.watch) {
    const rules = (await parts.sender.read(`/api/v1/rules?region=${region}`)) as Rules | undefined;
    if (!rules?.items.length) return undefined;
    if (rules.active !== undefined) {
      // By somebody else: a year of observations would raise alerts.
      log.warn({ version: rules.active }, 'demonstration: rules are in force already, nothing is watched for it');
      return undefined;
    }
    state.watch = { scale: parts.scale, at: Math.floor(clock.now()), sent: 0, done: false };
    await file.save(state);
  }
  const { watch } = state;
  const register = new Register(plan.world, { scale: watch.scale, boundaries: parts.boundaries });
  const watched: Watched = { plan, register, distress: new Distress(register) };
  if (!watch.done) {
    if (watch.inForceAt === undefined) {
      await activate();
      watch.inForceAt = Math.floor(clock.now()) + 1;
      await file.save(state);
    }
    await load(parts, watched, watch, watch.inForceAt);
  }
  return { ...watched, since: watch.at };
}

async function load(
  parts: WatchParts,
  watched: Watched,
  watch: NonNullable<DemoState['watch']>,
  inForceAt: number,
): Promise<void> {
  const { state, file, log, clock, sender, onSent, desk } = parts;
  const { register } = watched;
  const began = clock.now();
  log.info(
    { employers: register.employers, sites: register.sites.length, from: watch.sent },
    'demonstration: entering the register and a year of observations',
  );
  let part: AnyEvent[] = [];
  // Past the registrations that the server has taken before a break.
  let at = Math.min(watch.sent, register.employers + register.sites.length);
  const send = async () => {
    const started = clock.now();
    if (part.length) onSent(await sender.stream(() => part));
    watch.sent = at;
    await file.save(state);
    const took = clock.now() - started;
    const pause = Math.max((part.length / MOST_A_SECOND) * 1000 - took, took);
    part = [];
    if (pause > 0) await clock.sleep(pause, parts.signal);
  };
  for (const event of everything(watched, watch.at, inForceAt, at)) {
    if (at++ < watch.sent) {
      // The server lives in the same process: it gets its turn.
      if (at % PART === 0) await clock.sleep(0, parts.signal);
      continue;
    }
    if (part.push(event) >= PART) await send();
  }
  await send();
  const open = behindOpen(watched, await desk.open(), inForceAt);
  if (open.length) onSent(await sender.stream(() => open));
  await assessed(parts, register);
  watch.done = true;
  await file.save(state);
  log.info(
    { events: watch.sent + open.length, ms: Math.round(clock.now() - began) },
    'demonstration: everybody is watched',
  );
}

/** @param registered how many registrations to leave out */
function* everything(
  watched: Watched,
  at: number,
  inForceAt: number,
  registered: number,
): Generator<AnyEvent, void, undefined> {
  yield* watched.register.registrations(at, registered);
  yield* pastYear(watched, at);
  yield* presentState(watched, inForceAt);
}

/** Waits until the server has assessed what it has taken: from then on observations become alerts at once. */
async function assessed({ plan, sender, clock, signal }: WatchParts, { employers }: Register): Promise<void> {
  const path = `/api/v1/snapshot?scope=${plan.world.pack.code}&window=all`;
  const until = clock.now() + LONGEST_WAIT_MS;
  for (let before = -1; clock.now() < until;) {
    const frame = (await sender.read(path)) as Partial<Pick<Frame, 'monitor'>> | undefined;
    const total = frame?.monitor?.observations?.total ?? -1;
    if (total >= 0 && total === before && frame!.monitor!.enterprises >= employers) return;
    before = total;
    await clock.sleep(POLL_MS, signal);
  }
}
