import { expect } from 'vitest';
import { CHANNELS, TIERS } from '../../../contract/codes.ts';
import type { IndicatorKind } from '../../../contract/rulePack.ts';
import { dayOf, dayText, parseDay, startOfDay, DAY_MS } from '../../../common/regionTime.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import { assess } from '../../../server/signals/assess/assess.ts';
import { compilePack } from '../../../server/signals/assess/compilePack.ts';
import type { CompiledPack } from '../../../server/signals/assess/compiledPack.ts';
import { assessmentView } from '../../../server/signals/assess/view.ts';
import { decodeInput, OBSERVATIONS } from '../../../server/signals/engine/decodeInput.ts';
import type { EngineEvent } from '../../../server/signals/engine/engineEvents.ts';
import type { KeptObservation, Subject } from '../../../server/signals/engine/subject.ts';
import { createValidator, type Validator } from '../../../server/streams/intake/validate.ts';
import { encodeEntry } from '../../../server/streams/observations/entry.ts';
import {
  daysLater,
  oracleAssess,
  oracleDate,
  oracleKept,
  oracleKey,
  oracleSubject,
  type OracleAssessment,
  type OracleSubject,
  type RawObservation,
  type RawRegistration,
} from '../../support/signalsOracle.ts';
import { EngineBox } from './engineBox.ts';
import { DAYS, REGION, START, TOWN, type Arrival, type World } from './oracleWorlds.ts';

/** Lives through a world with the program and with the oracle, and compares them on every day on which something may change. */

/** The way in, for a region of which the first of these packs is stored. */
export function validatorOf(pack: CompiledPack): Validator {
  const known = new Map(pack.indicators.map(({ code }) => [code, pack.source.indicators[code]!]));
  const rules = { towns: new Set([TOWN]), tiers: new Set<string>(TIERS) };
  return createValidator(
    (region) => (region === REGION ? rules : undefined),
    () => known,
  );
}

/** @throws when a pack has a fault */
export function compileAll([first, ...others]: World['packs']): CompiledPack[] {
  const compiled = compilePack(first);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults));
  const { indicators } = compiled.pack;
  const known = new Map(indicators.map(({ code, kind, number }) => [code, { kind, number }]));
  const rest = others.map((pack) => {
    const one = compilePack(pack, { indicators: known });
    if (!one.ok) throw new Error(JSON.stringify(one.faults));
    return one.pack;
  });
  return [compiled.pack, ...rest];
}

/** What both sides say, in one shape. */
function said({ indicators, ...one }: OracleAssessment) {
  const plain = (thousandths: bigint) => Number(thousandths) / 1000;
  const ordered = CHANNELS.flatMap((code): [string, number][] => {
    const given = one.channelPoints[code];
    return given === undefined ? [] : [[code, plain(given)]];
  });
  return {
    score: plain(one.score),
    tier: one.tier,
    rule: one.rule,
    watch: one.watch,
    channels: Number(one.channels),
    channelPoints: ordered,
    indicators: indicators.map((each) => ({
      code: each.code,
      measure: plain(each.measure),
      points: plain(each.points),
      since: each.since,
      until: each.until,
      count: Number(each.count),
      value: plain(each.value),
      workers: Number(each.workers),
      amountFen: Number(each.amountFen),
    })),
    workers: Number(one.workers),
    amountFen: Number(one.amountFen),
    months: plain(one.months),
  };
}
type Said = ReturnType<typeof said>;

function saidByProgram(
  observations: readonly KeptObservation[],
  headcount: number | undefined,
  settledAt: number,
  pack: CompiledPack,
  day: number,
): Said {
  const view = assessmentView(assess(observations, { headcount }, settledAt, pack, day), pack, day);
  const { score, tier, rule, watch, channels, channelPoints, indicators, workers, amountFen, months } = view;
  return {
    score,
    tier,
    rule,
    watch,
    channels,
    channelPoints: Object.entries(channelPoints),
    indicators: indicators.map(
      ({ code, measure, points, since, until, count, value, workers: people, amountFen: fen }) => ({
        code,
        measure,
        points,
        since: Date.parse(since),
        until,
        count,
        value,
        workers: people,
        amountFen: fen,
      }),
    ),
    workers,
    amountFen,
    months,
  };
}

/** A quick comparison; the slow one tells the difference. */
function same(actual: unknown, wanted: unknown, about: string): void {
  if (JSON.stringify(actual) !== JSON.stringify(wanted)) expect(actual, about).toEqual(wanted);
}

/** How much has been compared. */
export interface Compared {
  subjects: number;
  comparisons: number;
}

export class WorldRun {
  readonly compared: Compared = { subjects: 0, comparisons: 0 };
  private readonly world: World;
  private readonly packs: CompiledPack[];
  private readonly kinds: Map<string, IndicatorKind>;
  private readonly validate: Validator;
  private readonly box: EngineBox;
  private readonly observations: RawObservation[] = [];
  private readonly register: RawRegistration[] = [];
  /** As the program has taken them in, under the key that they came with. */
  private readonly taken = new Map<SubjectKey, KeptObservation[]>();
  private readonly keys = new Set<SubjectKey>();
  private readonly changeDays = new Map<RawObservation, Set<string>>();
  private readonly days = new Set<string>();
  /** What the oracle says of whom, until something else comes in. */
  private readonly known = new Map<SubjectKey, OracleSubject>();
  private inForce: number | undefined;
  private settledAt = -Infinity;

  constructor(world: World) {
    this.world = world;
    this.packs = compileAll(world.packs);
    this.kinds = new Map(this.packs[0]!.indicators.map(({ code, kind }) => [code, kind]));
    this.validate = validatorOf(this.packs[0]!);
    this.box = new EngineBox(this.packs, { decides: false });
  }

  run(): Compared {
    const { arrivals } = this.world;
    let next = 0;
    for (let n = 0; n <= DAYS; n++) {
      const day = dayOf(START) + n;
      const arriving: Arrival[] = [];
      while (next < arrivals.length && dayOf(arrivals[next]!.at) === day) arriving.push(arrivals[next++]!);
      if (this.days.has(dayText(day))) {
        this.box.settle([], startOfDay(day));
        this.compareAll(day, (own) => own.some((one) => this.changeDays.get(one)!.has(dayText(day))));
      }
      if (!arriving.length) continue;
      this.arrive(arriving);
      this.box.settle([], startOfDay(day) + DAY_MS - 1);
      this.compareAll(day, () => true);
    }
    this.compared.subjects = this.keys.size;
    return this.compared;
  }

  private arrive(arriving: readonly Arrival[]): void {
    const { pieces } = this.world;
    this.known.clear();
    for (let from = 0, piece = 0; from < arriving.length; piece++) {
      const size = pieces[piece % pieces.length]!;
      const part = arriving.slice(from, from + size);
      from += size;
      this.box.fold(
        part.flatMap((one) => this.take(one)),
        part.at(-1)!.at,
      );
      if (size === 1) this.box.restart();
    }
  }

  /** Tells the oracle of it, and gives it to the program as an event in JSON, by the way in and the stream. */
  private take(one: Arrival): EngineEvent[] {
    if ('activated' in one) {
      this.inForce = this.packs.findIndex(({ version }) => version === one.activated);
      if (one.settle) this.settledAt = Math.max(this.settledAt, one.at);
      return [{ kind: 'activated', version: one.activated, at: one.at, settle: one.settle }];
    }
    const observed = 'observation' in one;
    const raw = observed ? one.observation : one.registration;
    const type = observed ? 'wage.signal.observed' : 'wage.subject.registered';
    const validated = this.validate(JSON.parse(JSON.stringify({ specversion: '1.0', type, ...raw })), one.at);
    if (!validated.ok || !('signal' in validated)) throw new Error(JSON.stringify([raw, validated]));
    const payload = encodeEntry({ received: one.at, records: [validated.signal] });
    const events = decodeInput({ id: '1-0', previous: '0-0', payload }, OBSERVATIONS);
    const [event] = events;
    this.keys.add(validated.signal.key);
    same(validated.signal.key, oracleKey(raw.data), 'key');
    if (event?.kind === 'observed') {
      event.observation.indicator = this.packs[0]!.indicators.find(({ code }) => code === event.code)!.number;
      this.taken.set(event.key, [event.observation, ...(this.taken.get(event.key) ?? [])]);
    }
    if (observed) this.note(one.observation);
    else this.register.push(one.registration);
    return events;
  }

  private note(raw: RawObservation): void {
    this.observations.push(raw);
    const date = oracleDate(Date.parse(raw.time));
    const { indicator, until } = raw.data;
    const after = this.world.packs.flatMap(({ indicators }) => {
      const { validDays, windowDays } = indicators[indicator] ?? {};
      return [validDays ?? windowDays ?? 0, (validDays ?? windowDays ?? 0) + 1];
    });
    const days = [...new Set([0, 1, 400, 401, ...after])].map((age) => daysLater(date, age));
    if (until !== undefined) days.push(until, daysLater(until, 1));
    this.changeDays.set(raw, new Set(days));
    for (const day of days) this.days.add(day);
  }

  private compareAll(day: number, which: (own: readonly RawObservation[]) => boolean): void {
    const subjects = new Map([...this.keys].map((key) => [key, this.box.subject(key)!]));
    for (const key of this.keys) {
      let known = this.known.get(key);
      if (!known) this.known.set(key, (known = oracleSubject(this.observations, this.register, key)));
      if (which(known.observations)) this.compare(key, known, subjects, day);
    }
  }

  private compare(
    key: SubjectKey,
    known: OracleSubject,
    subjects: ReadonlyMap<SubjectKey, Subject>,
    day: number,
  ): void {
    this.compared.comparisons++;
    const about = `${key} on ${dayText(day)}`;
    const subject = subjects.get(key)!;
    const ids = (of: readonly { source: string; id: string }[]) => of.map(({ source, id }) => `${source} ${id}`).sort();
    const kept = oracleKept(this.observations, key, this.kinds, dayText(day));
    same(ids(subject.observations), ids(kept), `${about}: kept`);
    same(subject.owner, known.subject === key ? undefined : known.subject, `${about}: owner`);
    if (known.subject !== key || this.inForce === undefined) return same(subject.found, undefined, about);

    const pack = this.packs[this.inForce]!;
    const wanted = said(oracleAssess(known, this.settledAt, pack.source, dayText(day)));
    const { found, registration } = subject;
    same(
      found && {
        ...{ score: found.score, tier: found.tier, rule: found.rule, watch: found.watch },
        ...{ workers: found.workers, amountFen: found.amountFen, months: found.months },
        ...{ channels: found.channels, indicators: found.indicators, version: found.version },
      },
      {
        ...{ score: wanted.score, tier: wanted.tier, rule: wanted.rule, watch: wanted.watch },
        ...{ workers: wanted.workers, amountFen: wanted.amountFen, months: wanted.months },
        channels: wanted.channelPoints,
        indicators: wanted.indicators.map(({ code, points }) => [code, points]),
        version: pack.version,
      },
      `${about}: found`,
    );
    const joined = [...subjects.values()].filter(({ owner }) => owner === key);
    const all = [subject, ...joined].flatMap((one) => one.observations);
    const taken = [subject, ...joined].flatMap((one) => this.taken.get(one.key) ?? []);
    const headcount = registration?.headcount;
    same(saidByProgram(all, headcount, this.settledAt, pack, day), wanted, `${about}: of what is kept`);
    same(saidByProgram(taken, headcount, this.settledAt, pack, day), wanted, `${about}: of all that came`);
    for (const { until } of wanted.indicators) expect(parseDay(until)!).toBeGreaterThanOrEqual(day);
  }
}
