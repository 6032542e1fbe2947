import type { RegionPack } from '../contract/region.ts';
import { DAY_MS, isoDate, parseRfc3339, REGION_OFFSET_MS } from '../common/regionTime.ts';
import { pastOf, planHistory } from '../demo/history.ts';
import { toEvent } from '../demo/life.ts';

/**
 * Events for throughput benchmarks: whole, believable lives of alerts as NDJSON, made so fast (from a pool of
 * lives already in bytes, in which only numbers and times are overwritten) that their making is no part of what
 * is measured.
 */
export interface BenchEventsOptions {
  pack: RegionPack;
  /** Stop after so many events; the last alerts then have not all of theirs. */
  events?: number;
  /** Stop after the lives of so many alerts. One of the two must be given. */
  alerts?: number;
  /** Number of the first alert: a second stream with other numbers brings other alerts. */
  firstAlert?: number;
  /** When alerts are raised, epoch ms, spread evenly over this span, and nothing later than `to`. */
  from: number;
  to: number;
  seed?: number;
  /** About so many bytes in a buffer. */
  chunkBytes?: number;
}

export interface BenchCounts {
  events: number;
  alerts: number;
}

interface Line {
  bytes: Buffer;
  /** ms after the alert was raised. */
  offset: number;
  /** Where the number of the alert stands. */
  numbers: number[];
  timeAt: number;
  dueAt: number;
  termMs: number;
}
type Template = Line[];

const POOL = 2000;
/** So many alerts live at the same time: one step of each, then the next step of each. */
const TOGETHER = 512;
const DIGITS = 9;
const PLACE = `BN${'0'.repeat(DIGITS)}`;
/** Milliseconds are never left out, so that every time has the same length. */
const SAMPLE_MS = 1;
const DEFAULT_CHUNK = 256 * 1024;

/** NDJSON in buffers of whole lines; each buffer is the caller's. @returns what was made */
export function* benchEvents(options: BenchEventsOptions): Generator<Buffer, BenchCounts, undefined> {
  const { events: mostEvents = Infinity, firstAlert = 0, from, to, chunkBytes = DEFAULT_CHUNK } = options;
  const pool = templates(options);
  const perAlert = pool.reduce((sum, { length }) => sum + length, 0) / pool.length;
  const mostAlerts = options.alerts ?? Math.ceil(mostEvents / perAlert) + TOGETHER;
  if (!Number.isFinite(mostAlerts)) throw new Error('say how many events or alerts');
  if (firstAlert + mostAlerts > 10 ** DIGITS) throw new Error('alert numbers have nine digits');
  const longest = Math.max(...pool.flatMap((lines) => lines.map(({ bytes }) => bytes.length)));
  const days = new Map<number, Buffer>();
  const spacing = (to - from) / mostAlerts;

  let chunk = Buffer.allocUnsafe(chunkBytes + longest);
  let used = 0;
  let events = 0;
  let alerts = 0;
  for (let block = 0; block < mostAlerts && events < mostEvents; block += TOGETHER) {
    const end = Math.min(mostAlerts, block + TOGETHER);
    for (let step = 0, left = true; left; step++) {
      left = false;
      for (let i = block; i < end && events < mostEvents; i++) {
        const life = pool[i % pool.length]!;
        const line = life[step];
        if (!line) continue;
        left = true;
        if (step === 0) alerts++;
        const raisedAt = from + Math.floor(i * spacing);
        // Near the end, lives go faster: nothing happens after it, and steps stay in order.
        const whole = life[life.length - 1]!.offset;
        const faster = raisedAt + whole > to ? (to - raisedAt) / whole : 1;
        const time = raisedAt + Math.floor(line.offset * faster);
        used = write(chunk, used, line, firstAlert + i, time, days);
        events++;
        if (used >= chunkBytes) {
          yield chunk.subarray(0, used);
          chunk = Buffer.allocUnsafe(chunkBytes + longest);
          used = 0;
        }
      }
    }
  }
  if (used) yield chunk.subarray(0, used);
  return { events, alerts };
}

/** The same all at once. */
export function collectEvents(options: BenchEventsOptions): { buffers: Buffer[]; events: number } {
  const stream = benchEvents(options);
  const buffers: Buffer[] = [];
  for (;;) {
    const next = stream.next();
    if (next.done) return { buffers, events: next.value.events };
    buffers.push(next.value);
  }
}

/** Lives from the demonstration, as lines. */
function templates({ pack, seed = 1, to }: BenchEventsOptions): Template[] {
  const plan = planHistory({ pack, seed, anchor: to });
  const pool: Template[] = [];
  for (let n = 0; n < plan.raisedAt.length && pool.length < POOL; n++) {
    if (plan.fateOf(n)) continue;
    const { steps, times } = pastOf(plan, n);
    const id = plan.alertId(n);
    pool.push(
      steps.map((step, k) => {
        const event = toEvent(step, k, 'urn:bench', Math.floor(to / 1000) * 1000 + SAMPLE_MS);
        const text = `${JSON.stringify(event).replaceAll(id, PLACE)}\n`;
        const bytes = Buffer.from(text);
        const due = 'dueAt' in event.data ? event.data.dueAt : undefined;
        return {
          bytes,
          offset: times[k]! - times[0]!,
          numbers: positions(bytes, PLACE).map((at) => at + 2),
          timeAt: bytes.indexOf('"time":"') + 8,
          dueAt: due === undefined ? -1 : bytes.indexOf('"dueAt":"') + 9,
          termMs: due === undefined ? 0 : parseRfc3339(due)! - parseRfc3339(event.time)!,
        };
      }),
    );
  }
  if (!pool.length) throw new Error('the demonstration has no whole lives');
  return pool;
}

function positions(bytes: Buffer, text: string): number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) found.push(at);
  return found;
}

function write(chunk: Buffer, at: number, line: Line, alert: number, time: number, days: Map<number, Buffer>): number {
  chunk.set(line.bytes, at);
  for (const position of line.numbers) writeNumber(chunk, at + position, alert, DIGITS);
  writeTime(chunk, at + line.timeAt, time, days);
  if (line.dueAt >= 0) writeTime(chunk, at + line.dueAt, time + line.termMs, days);
  return at + line.bytes.length;
}

function writeNumber(chunk: Buffer, at: number, value: number, digits: number): void {
  let rest = value;
  for (let i = at + digits - 1; i >= at; i--) {
    chunk[i] = 48 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}

/** `2026-11-21T18:24:07.001+08:00`, all but the zone. */
function writeTime(chunk: Buffer, at: number, ms: number, days: Map<number, Buffer>): void {
  const local = ms + REGION_OFFSET_MS;
  const day = Math.floor(local / DAY_MS);
  let date = days.get(day);
  if (!date) days.set(day, (date = Buffer.from(isoDate(ms))));
  chunk.set(date, at);
  const ofDay = local - day * DAY_MS;
  writeNumber(chunk, at + 11, Math.floor(ofDay / 3_600_000), 2);
  writeNumber(chunk, at + 14, Math.floor(ofDay / 60_000) % 60, 2);
  writeNumber(chunk, at + 17, Math.floor(ofDay / 1000) % 60, 2);
  writeNumber(chunk, at + 20, Math.floor(ofDay) % 1000, 3);
}
