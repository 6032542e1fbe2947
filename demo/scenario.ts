import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Type, type Static, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { CHANNELS, INDUSTRIES, PLATFORMS, TIERS } from '../contract/codes.ts';

/** What the demonstration is made of: figures and shares (scenario.json) and words (texts.json) in assets/demo/. */

const Count = Type.Integer({ minimum: 0 });
const Positive = Type.Number({ exclusiveMinimum: 0 });
const Weight = Type.Number({ minimum: 0 });
const Share = Type.Number({ minimum: 0, maximum: 1 });
const Words = Type.Array(Type.String(), { minItems: 1 });
/** A record that may leave keys out, and knows no others but `default`. */
export const some = <T extends TSchema>(keys: readonly string[], value: T) =>
  Type.Record(Type.String({ pattern: `^(${[...keys, 'default'].join('|')})$` }), value, {
    additionalProperties: false,
  });
const anyTown = <T extends TSchema>(value: T) =>
  Type.Record(Type.String({ pattern: '^[0-9]{9}$' }), value, { additionalProperties: false });
const byTier = <T extends TSchema>(value: T) => Type.Object({ red: value, orange: value, yellow: value, blue: value });
const Waits = Type.Object({ dispatch: Positive, accept: Positive, handle: Positive, audit: Positive, close: Positive });

export const ScenarioSchema = Type.Object({
  /** Totals that the history adds up to, exactly, at scale 1. */
  published: Type.Object({
    raised: Count,
    effective: Count,
    falseAlarm: Count,
    recoveredFen: Count,
    recoveredWorkers: Count,
    enterprisesPaid: Count,
  }),
  years: Type.Integer({ minimum: 1 }),
  recovery: Type.Object({ alerts: Count, instalmentShare: Share, partialShare: Share }),
  /** How the alerts stand that are not closed at the end of the history; `overdue` is on top of `stages`. */
  open: Type.Object({
    stages: Type.Object({ raised: Weight, dispatched: Weight, accepted: Weight, handled: Weight }),
    overdue: Type.Object({ dispatched: Weight, accepted: Weight }),
    auditedNotClosed: Count,
  }),
  /** How many alerts are raised in the last hours, each row beyond the row before it; nearest first. */
  recent: Type.Array(Type.Object({ hours: Positive, alerts: Count })),
  enterprises: Count,
  /** Shares of the tiers, gravest first, for a region with one, two, three or four of them. */
  tiers: Type.Array(Type.Array(Share)),
  industries: some(INDUSTRIES, Weight),
  channels: some(CHANNELS, Weight),
  channelTilt: some(INDUSTRIES, some(CHANNELS, Weight)),
  /** Weights of towns; a town not named here gets one from its area and kind. */
  towns: anyTown(Weight),
  townTilt: anyTown(some(INDUSTRIES, Weight)),
  falseAlarm: Type.Object({ tiers: byTier(Positive), channels: some(CHANNELS, Positive) }),
  /** Weight of each hour of the day, region's time. */
  hours: Type.Array(Positive, { minItems: 24, maxItems: 24 }),
  /** From Monday. */
  weekdays: Type.Array(Positive, { minItems: 7, maxItems: 7 }),
  /** [days from the Spring Festival, weight], ascending; linear in between. */
  springFestivalWeights: Type.Array(Type.Tuple([Type.Number(), Weight]), { minItems: 2 }),
  amendments: Type.Object({ upgrade: Share, amount: Share, town: Share }),
  returned: Share,
  /** Mean hours of each step in the history. */
  historyHours: byTier(Waits),
  feed: Type.Object({
    /** Mean seconds between two alerts at pace 1. */
    everySeconds: Positive,
    /** One alert in so many is of the gravest tier, at regular distances. */
    gravestEvery: Type.Integer({ minimum: 6 }),
    /** Pace of each hour of the day, region's time. */
    pace: Type.Array(Positive, { minItems: 24, maxItems: 24 }),
    /**
     * So long after each start the feed is lively, for whoever has just started it; then it goes on at this share of
     * its pace, which is about that of the end of the history: comparisons stay believable however long it runs.
     */
    settled: Type.Object({ afterMinutes: Positive, pace: Positive }),
    /** Mean minutes of each step at pace 1. */
    minutes: byTier(Waits),
    /** Share of alerts of a tier whose handling takes `slowHours` at pace 1: those become overdue. */
    slow: some(TIERS, Share),
    slowHours: Type.Tuple([Positive, Positive]),
    falseAlarmShare: Share,
    recoveryShare: Share,
  }),
  size: byTier(Type.Object({ workers: Positive, spread: Positive, max: Positive })),
  /** What a worker earns in a month, about. */
  monthlyYuan: some(INDUSTRIES, Positive),
  /** For how long wages are owed, about. */
  arrearsDays: byTier(Positive),
  scores: byTier(Type.Tuple([Type.Number(), Type.Number()])),
});
export type Scenario = Static<typeof ScenarioSchema>;

export const TextsSchema = Type.Object({
  stems: Type.Object({ first: Type.String({ minLength: 1 }), second: Type.String({ minLength: 1 }) }),
  trades: some(INDUSTRIES, Words),
  projects: Type.Object({ kinds: Words, parts: Words }),
  /** Units by platform, or by `platform.industry`. */
  units: some(
    PLATFORMS.flatMap((platform) => [platform, ...INDUSTRIES.map((letter) => `${platform}\\.${letter}`)]),
    Words,
  ),
  reasons: some(CHANNELS, Words),
  /** By verdict, or by `verdict.industry`. */
  outcomes: Type.Record(Type.String({ pattern: '^(effective|false-alarm)(\\.[A-T])?$' }), Words),
  notes: Words,
  resolutions: Type.Object({ effective: Words, 'false-alarm': Words, recovered: Words }),
  /** Characters of given names; the family name is 某. */
  people: Type.Object({ first: Type.String({ minLength: 1 }), second: Type.String({ minLength: 1 }) }),
  /** What an audit that returns an alert says is missing. */
  returned: Words,
  /** What is said in the course of a case. */
  case: Type.Object({ noted: Words, extended: Words, urged: Words, supervised: Words, answered: Words }),
  /** `found`: somebody looked and knows now; `more` and `less`: the sums were corrected upwards or downwards. */
  amendments: Type.Object({ upgrade: Words, found: Words, more: Words, less: Words, town: Words }),
});
export type Texts = Static<typeof TextsSchema>;

let scenario: Scenario | undefined;
let texts: Texts | undefined;

/** The scenario of the published totals. @throws Error naming the field at fault */
export function publishedScenario(): Scenario {
  return (scenario ??= readAsset('scenario.json', ScenarioSchema));
}

/** The words. @throws Error naming the field at fault */
export function demoTexts(): Texts {
  return (texts ??= readAsset('texts.json', TextsSchema));
}

/** A file of assets/demo/, checked. @throws Error naming the field at fault */
export function readAsset<T extends TSchema>(name: string, schema: T): Static<T> {
  const file = join(assets(dirname(fileURLToPath(import.meta.url))), name);
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (Value.Check(schema, value)) return value;
  const fault = Value.Errors(schema, value)[0];
  throw new Error(`assets/demo/${name}${fault?.instancePath ?? ''}: ${fault?.message ?? 'is not as expected'}`);
}

/** assets/demo/ of the project: this file runs from the sources and from the build. */
function assets(from: string): string {
  for (let dir = from; ; dir = dirname(dir)) {
    const found = join(dir, 'assets', 'demo', 'scenario.json');
    if (existsSync(found)) return dirname(found);
    if (dirname(dir) === dir) throw new Error('assets/demo/scenario.json was not found above the program');
  }
}
