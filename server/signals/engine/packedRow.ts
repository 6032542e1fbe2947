import type { Channel, Industry, Tier } from '../../../contract/codes.ts';
import type { Finding, Registration } from './subject.ts';
import type { Words } from './words.ts';

/** Registrations and findings as JSON arrays, as the engine's feed has them: strings that recur as numbers (words.ts), what is absent as 0. */

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
/** Flags of a finding in a row. */
export const ROW_FLAGS = { watch: 1, unplaced: 2 } as const;
const { watch: WATCH, unplaced: UNPLACED } = ROW_FLAGS;
/** No headcount is not one of 0. */
const NO_HEADCOUNT = -1;

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
