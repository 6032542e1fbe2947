import type { Channel, Industry, Tier } from '../../../contract/codes.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import { NO_UNTIL } from '../assess/observation.ts';
import { packMark, unpackMark, type PackedMark } from './alertMarks.ts';
import {
  NEVER,
  type Finding,
  type KeptObservation,
  type ObservedMore,
  type Registration,
  type Subject,
} from './subject.ts';
import type { Words } from './words.ts';

/**
 * A subject as text: a JSON array of arrays, strings that recur as numbers (words.ts), what is absent as 0. About 180 bytes for
 * a registered employer, and 60 more for each observation.
 */
type Packed = [
  n: number,
  due: number,
  registration: PackedRegistration | 0,
  observations: PackedObservation[],
  alerts: PackedMark[],
  found: PackedFinding | 0,
  scores: [day: number, tenths: number][],
  owner?: SubjectKey,
];
export type PackedRegistration = [
  time: number,
  source: number,
  id: string,
  name: string,
  town: number,
  industry: Industry,
  active: 0 | 1,
  headcount: number,
  location: [lng: number, lat: number] | 0,
  uscc: string | 0,
  project: [id: string, name: string] | 0,
  more: Registration['more'] | 0,
];
/** Trailing absent ones are left out. */
type PackedObservation = [
  indicator: number,
  time: number,
  source: number,
  id: string,
  value: number,
  ref?: string | 0,
  amountFen?: number,
  workers?: number,
  until?: number,
  more?: ObservedMore | 0,
];
/** Of nothing that counts only the first two. */
export type PackedFinding = [version: number, changedAt: number] | PackedResult;
type PackedResult = [
  version: number,
  changedAt: number,
  score: number,
  tier: Tier | 0,
  rule: number,
  flags: number,
  workers: number,
  amountFen: number,
  months: number,
  channels: [Channel, number][],
  indicators: [code: number, points: number][],
];
const WATCH = 1;
const UNPLACED = 2;
/** No headcount is not one of 0. */
const NO_HEADCOUNT = -1;

export function encodeSubject(subject: Subject, words: Words): string {
  const packed: Packed = [
    subject.n,
    subject.due,
    subject.registration ? packRegistration(subject.registration, words) : 0,
    subject.observations.map((one) => packObservation(one, words)),
    subject.alerts.map(packMark),
    subject.found ? packFinding(subject.found, words) : 0,
    subject.scores,
  ];
  if (subject.owner !== undefined) packed.push(subject.owner);
  return JSON.stringify(packed);
}

/** @throws SyntaxError if the text is no subject */
export function decodeSubject(key: SubjectKey, text: string, words: Words): Subject {
  const [n, due, registration, observations, alerts, found, scores, owner] = JSON.parse(text) as Packed;
  return {
    key,
    n,
    due,
    registration: registration === 0 ? undefined : unpackRegistration(registration, words),
    observations: observations.map((one) => unpackObservation(one, words)),
    alerts: alerts.map(unpackMark),
    found: found === 0 ? undefined : unpackFinding(found, words),
    scores,
    owner,
  };
}

/** A subject of which nothing is known. */
export function newSubject(key: SubjectKey, n: number): Subject {
  return {
    key,
    n,
    due: NEVER,
    registration: undefined,
    observations: [],
    alerts: [],
    found: undefined,
    scores: [],
  };
}

export function packRegistration(one: Registration, words: Words): PackedRegistration {
  const { location, project } = one;
  return [
    one.time,
    words.number(one.source),
    one.id,
    one.name,
    words.number(one.town),
    one.industry,
    one.active ? 1 : 0,
    one.headcount ?? NO_HEADCOUNT,
    location ? [location.lng, location.lat] : 0,
    one.uscc ?? 0,
    project ? [project.id, project.name] : 0,
    one.more ?? 0,
  ];
}

export function unpackRegistration(packed: PackedRegistration, words: Words): Registration {
  const [time, source, id, name, town, industry, active, headcount, location, uscc, project, more] = packed;
  return {
    time,
    source: words.word(source),
    id,
    name,
    uscc: uscc === 0 ? undefined : uscc,
    project: project === 0 ? undefined : { id: project[0], name: project[1] },
    town: words.word(town),
    industry,
    active: active === 1,
    headcount: headcount === NO_HEADCOUNT ? undefined : headcount,
    location: location === 0 ? undefined : { lng: location[0], lat: location[1] },
    more: more === 0 ? undefined : more,
  };
}

function packObservation(one: KeptObservation, words: Words): PackedObservation {
  const packed: PackedObservation = [
    one.indicator,
    one.time,
    words.number(one.source),
    one.id,
    one.value,
    one.ref === '' ? 0 : one.ref,
    one.amountFen,
    one.workers,
    one.until === NO_UNTIL ? 0 : one.until,
    one.more ?? 0,
  ];
  while (packed.at(-1) === 0 && packed.length > 5) packed.pop();
  return packed;
}

function unpackObservation(packed: PackedObservation, words: Words): KeptObservation {
  const [indicator, time, source, id, value, ref = 0, amountFen = 0, workers = 0, until = 0, more = 0] = packed;
  return {
    indicator,
    ref: ref === 0 ? '' : ref,
    time,
    source: words.word(source),
    id,
    value,
    amountFen,
    workers,
    until: until === 0 ? NO_UNTIL : until,
    more: more === 0 ? undefined : more,
  };
}

export function packFinding(one: Finding, words: Words): PackedFinding {
  const version = words.number(one.version);
  if (!one.score && one.tier === undefined && !one.watch && !one.indicators.length) return [version, one.changedAt];
  return [
    version,
    one.changedAt,
    one.score,
    one.tier ?? 0,
    one.rule === undefined ? -1 : words.number(one.rule),
    (one.watch ? WATCH : 0) | (one.unplaced ? UNPLACED : 0),
    one.workers,
    one.amountFen,
    one.months,
    one.channels,
    one.indicators.map(([code, points]) => [words.number(code), points]),
  ];
}

export function unpackFinding(packed: PackedFinding, words: Words): Finding {
  const version = words.word(packed[0]);
  if (packed.length === 2) return { ...NOTHING_FOUND, version, changedAt: packed[1] };
  const [, changedAt, score, tier, rule, flags, workers, amountFen, months, channels, indicators] = packed;
  return {
    version,
    score,
    tier: tier === 0 ? undefined : tier,
    rule: rule < 0 ? undefined : words.word(rule),
    watch: (flags & WATCH) !== 0,
    workers,
    amountFen,
    months,
    channels,
    indicators: indicators.map(([code, points]) => [words.word(code), points]),
    changedAt,
    unplaced: (flags & UNPLACED) !== 0,
  };
}

const NOTHING_FOUND = {
  score: 0,
  watch: false,
  workers: 0,
  amountFen: 0,
  months: 0,
  channels: [],
  indicators: [],
  unplaced: false,
} satisfies Partial<Finding>;
