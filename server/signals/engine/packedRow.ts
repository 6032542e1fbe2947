import type { Channel, Industry, Tier } from '../../../contract/codes.ts';
import type { ByteWriter } from './bytes.ts';
import { FINDING, writePairs } from './findingCodec.ts';
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
export type PackedResult = [
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

/** Whether a packed finding says anything besides its version and time. */
export const hasResult = (packed: PackedFinding): packed is PackedResult => packed.length > 2;

/** Writes a packed finding as `writeFinding` would write what it stands for. @param into words of the bytes */
export function writePackedFinding(writer: ByteWriter, packed: PackedResult, words: Words, into: Words): void {
  const number = (word: number) => into.number(words.word(word));
  const [version, changedAt, score, tier, rule, flags, workers, amountFen, months, channels, indicators] = packed;
  writer.uint(
    ((flags & WATCH) === 0 ? 0 : FINDING.watch) |
      ((flags & UNPLACED) === 0 ? 0 : FINDING.unplaced) |
      (tier === 0 ? 0 : FINDING.tier) |
      (rule < 0 ? 0 : FINDING.rule) |
      FINDING.result,
  );
  writer.uint(number(version));
  writer.time(changedAt);
  writer.decimal(score);
  if (tier !== 0) writer.uint(into.number(tier));
  if (rule >= 0) writer.uint(number(rule));
  writer.uint(workers);
  writer.uint(amountFen);
  writer.decimal(months);
  writePairs(writer, channels, (channel) => into.number(channel));
  writePairs(writer, indicators, number);
}
