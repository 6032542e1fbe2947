import { CHANNELS, INDUSTRIES, STAGES, TIERS, type Verdict } from '../../contract/codes.ts';

/**
 * The facts of all alerts, one typed array a fact, indexed by slot. Times in epoch ms, money in fen, degrees WGS-84;
 * NaN where there is none.
 */
export const VERDICT_CODES = ['effective', 'false-alarm'] as const satisfies readonly Verdict[];

/** The projects' entry 0 is kept free for it, so that a look-up by project needs no case for none. */
export const NO_PROJECT = 0;
export const NO_CELL = 0xffffffff;
/** Slots a zone (see `Zones`) and slots by which capacity grows. */
export const ZONE = 1024;
export const MAX_TOWNS = 32_768;

const TIER_SHIFT = 0;
const STAGE_SHIFT = 2;
const VERDICT_SHIFT = 5;
const INDUSTRY_SHIFT = 7;
const CHANNEL_SHIFT = 12;
const TOWN_SHIFT = 17;

/** All dimensions of an alert in 32 bits. `verdict` 0 for none, else 1 + its code. */
export function packDims(
  tier: number,
  stage: number,
  verdict: number,
  industry: number,
  channel: number,
  town: number,
): number {
  return (
    (tier << TIER_SHIFT) |
    (stage << STAGE_SHIFT) |
    (verdict << VERDICT_SHIFT) |
    (industry << INDUSTRY_SHIFT) |
    (channel << CHANNEL_SHIFT) |
    (town << TOWN_SHIFT)
  );
}
export const tierOf = (dims: number) => (dims >>> TIER_SHIFT) & 3;
export const stageOf = (dims: number) => (dims >>> STAGE_SHIFT) & 7;
export const verdictOf = (dims: number) => (dims >>> VERDICT_SHIFT) & 3;
export const industryOf = (dims: number) => (dims >>> INDUSTRY_SHIFT) & 31;
export const channelOf = (dims: number) => (dims >>> CHANNEL_SHIFT) & 31;
export const townOf = (dims: number) => dims >>> TOWN_SHIFT;

const codeTable = (codes: readonly string[]) => new Map(codes.map((code, i) => [code, i]));
const TIER_INDEX = codeTable(TIERS);
const STAGE_INDEX = codeTable(STAGES);
const INDUSTRY_INDEX = codeTable(INDUSTRIES);
const CHANNEL_INDEX = codeTable(CHANNELS);

export const tierIndex = (code: string) => known(TIER_INDEX, code);
export const stageIndex = (code: string) => known(STAGE_INDEX, code);
export const industryIndex = (code: string) => known(INDUSTRY_INDEX, code);
export const channelIndex = (code: string) => known(CHANNEL_INDEX, code);
export const verdictIndex = (code: Verdict | undefined) => (code === undefined ? 0 : code === 'effective' ? 1 : 2);

function known(table: Map<string, number>, code: string): number {
  const index = table.get(code);
  if (index === undefined) throw new RangeError(`unknown code ${code}`);
  return index;
}

export const CLOSED = STAGES.indexOf('closed');

type NumberArray = Float64Array | Uint32Array;

function grown<T extends NumberArray>(array: T, capacity: number, fill?: number): T {
  const larger = new (array.constructor as new (n: number) => T)(capacity);
  larger.set(array);
  if (fill !== undefined) larger.fill(fill, array.length);
  return larger;
}

export class Columns {
  capacity = 0;
  dims = new Uint32Array(0);
  enterprise = new Uint32Array(0);
  project = new Uint32Array(0);
  workers = new Uint32Array(0);
  amountFen = new Float64Array(0);
  raisedAt = new Float64Array(0);
  dueAt = new Float64Array(0);
  changedAt = new Float64Array(0);
  closedAt = new Float64Array(0);
  verdictAt = new Float64Array(0);
  lng = new Float64Array(0);
  lat = new Float64Array(0);
  /** Cell of the grid of `geo.ts`, NO_CELL without a position. */
  cell = new Uint32Array(0);

  grow(capacity: number): void {
    this.capacity = capacity;
    this.dims = grown(this.dims, capacity);
    this.enterprise = grown(this.enterprise, capacity);
    this.project = grown(this.project, capacity);
    this.workers = grown(this.workers, capacity);
    this.amountFen = grown(this.amountFen, capacity);
    this.raisedAt = grown(this.raisedAt, capacity);
    this.dueAt = grown(this.dueAt, capacity);
    this.changedAt = grown(this.changedAt, capacity);
    this.closedAt = grown(this.closedAt, capacity);
    this.verdictAt = grown(this.verdictAt, capacity);
    this.lng = grown(this.lng, capacity);
    this.lat = grown(this.lat, capacity);
    this.cell = grown(this.cell, capacity);
  }
}

/**
 * Least and greatest value of a column in each run of ZONE slots. Alerts take slots as they appear, so a span of time
 * touches few zones, and the others are decided without looking at their slots. Bounds only ever widen.
 */
export class Zones {
  min = new Float64Array(0);
  max = new Float64Array(0);

  grow(capacity: number): void {
    const zones = capacity / ZONE;
    const before = this.min.length;
    this.min = grown(this.min, zones);
    this.max = grown(this.max, zones);
    this.min.fill(Infinity, before);
    this.max.fill(-Infinity, before);
  }

  widen(slot: number, value: number): void {
    const zone = Math.floor(slot / ZONE);
    if (value < this.min[zone]!) this.min[zone] = value;
    if (value > this.max[zone]!) this.max[zone] = value;
  }

  /** For a value that ought to be there: without it (NaN) the zone can never be taken as a whole. */
  widenOrVoid(slot: number, value: number): void {
    this.widen(slot, value === value ? value : Infinity);
  }
}
