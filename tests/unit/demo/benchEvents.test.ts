import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { benchEvents, type BenchCounts, type BenchEventsOptions } from '../../../bench/events.ts';
import { ALERT_EVENT_TYPES } from '../../../contract/codes.ts';
import { envelope, type WageEvent } from '../../../contract/events.ts';
import { DAY_MS, parseRfc3339 } from '../../../common/regionTime.ts';
import { count, fold, pack, wrong } from './support.ts';

const to = Date.parse('2026-11-21T10:00:00+08:00');
const span = { pack, from: to - 400 * DAY_MS, to };

function all(options: BenchEventsOptions): { events: WageEvent[]; counts: BenchCounts; buffers: number } {
  const stream = benchEvents(options);
  const buffers: Buffer[] = [];
  for (;;) {
    const { done, value } = stream.next();
    if (done)
      return {
        events: Buffer.concat(buffers)
          .toString()
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as WageEvent),
        counts: value,
        buffers: buffers.length,
      };
    expect(value.at(-1)).toBe(10);
    buffers.push(value);
  }
}

describe('events for benchmarks', () => {
  it('are whole, valid lives with their own numbers and times', () => {
    const { events, counts, buffers } = all({ ...span, alerts: 3000, firstAlert: 5_000_000, chunkBytes: 64 * 1024 });
    expect(counts).toEqual({ events: events.length, alerts: 3000 });
    expect(buffers).toBeGreaterThan(20);
    const ajv = new Ajv({ strict: false });
    ajv.addFormat('date-time', { validate: (text: string) => parseRfc3339(text) !== undefined });
    const checks = new Map(ALERT_EVENT_TYPES.map((type) => [type as string, ajv.compile(envelope(type))]));
    expect(
      wrong(
        events,
        (event) => checks.get(event.type)!(event) === true && event.id.startsWith(`${event.data.alertId}-`),
      ),
    ).toEqual([]);
    expect(wrong(events, ({ time }) => parseRfc3339(time)! >= span.from && parseRfc3339(time)! <= to)).toEqual([]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);

    const alerts = fold(events);
    expect(alerts.size).toBe(3000);
    expect(alerts.has('BN005000000') && alerts.has('BN005002999')).toBe(true);
    expect(count(alerts.values(), ({ stage }) => stage)).toEqual({ closed: 3000 });
    expect(wrong(alerts.values(), ({ events: own }) => own.every(({ id }, i) => id.endsWith(`-${i + 1}`)))).toEqual([]);
    const dispatched = events.filter((event) => event.type === 'wage.alert.dispatched');
    expect(
      wrong(dispatched, ({ data: { dueAt }, time }) =>
        [24, 72, 168].includes((parseRfc3339(dueAt!)! - parseRfc3339(time)!) / 3_600_000),
      ),
    ).toEqual([]);
  });

  it('stop where they should, and are the same again', () => {
    const first = all({ ...span, events: 12_345 });
    expect(first.events).toHaveLength(12_345);
    expect(all({ ...span, events: 12_345 }).events).toEqual(first.events);
    expect(() => benchEvents({ ...span }).next()).toThrow(/how many/);
  });
});
