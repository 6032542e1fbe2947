import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertBrief } from '../../../../contract/frame.ts';
import { toRfc3339 } from '../../../../common/regionTime.ts';
import { ALERT_SORTS, type AlertList } from '../../../../contract/rest.ts';
import { AlertListModel, compareBy } from '../../../../web/drill/alertListModel.ts';

const T0 = Date.UTC(2026, 10, 21);
function brief(n: number, change: Partial<AlertBrief> = {}): AlertBrief {
  return {
    region: '330110',
    alertId: `A${String(n).padStart(4, '0')}`,
    tier: 'red',
    town: '330110012',
    industry: 'E',
    channel: 'petition',
    stage: 'raised',
    enterprise: { name: `某企业${n}` },
    workers: n % 7,
    amountFen: (n * 7919) % 1000,
    raisedAt: toRfc3339(T0 + n * 60_000),
    dueAt: toRfc3339(T0 + ((n * 31) % 50) * 3_600_000),
    overdue: false,
    recoveredFen: 0,
    changedAt: toRfc3339(T0 + n * 60_000),
    ...change,
  };
}
const page = (items: AlertBrief[], total = items.length, cursor?: string): AlertList => ({
  items,
  total,
  ...(cursor ? { cursor } : {}),
});
const ids = (model: AlertListModel) => model.rows.map((row) => row.brief.alertId);

describe('a list that is looked at', () => {
  it('changes rows in their places, and lets new ones wait', () => {
    const model = new AlertListModel('-raised');
    model.append(page([brief(3), brief(2), brief(1)]));
    const changed = brief(2, { stage: 'accepted', changedAt: toRfc3339(T0 + 9e6) });
    const fresh = brief(4);
    expect(model.follow(page([changed, fresh, brief(3), brief(1)], 4), page([changed, fresh]))).toBe(true);
    expect(ids(model)).toEqual(['A0003', 'A0002', 'A0001']);
    expect(model.rows[1]).toEqual({ brief: changed, gone: false });
    expect([model.waiting, model.total]).toEqual([1, 4]);
    expect(model.follow(page([changed, fresh, brief(3), brief(1)], 4), page([changed, fresh]))).toBe(false);
  });

  it('tells apart the alerts of two districts that use one id', () => {
    const [here, there] = [brief(1, { region: '330102' }), brief(1, { region: '330110' })];
    const model = new AlertListModel('-raised');
    model.append(page([here, there]));
    expect(model.rows.map(({ brief: { region } }) => region)).toEqual(['330102', '330110']);
    const changed = { ...there, stage: 'accepted' as const, changedAt: toRfc3339(T0 + 9e6) };
    model.follow(page([changed, here]), page([changed]));
    expect(model.rows.map(({ brief: { stage } }) => stage)).toEqual(['raised', 'accepted']);
    // One of them leaves: the other stays.
    const closed = { ...there, stage: 'closed' as const, changedAt: toRfc3339(T0 + 9.1e6) };
    model.follow(page([here]), page([closed]));
    expect(model.rows.map(({ gone }) => gone)).toEqual([false, true]);
    // A third district's, whose place is after theirs, waits as one of its own.
    const third = brief(1, { region: '330182', changedAt: toRfc3339(T0 + 9.2e6) });
    model.follow(page([third, here]), page([third]));
    expect([model.waiting, model.has(third), model.has(here)]).toEqual([1, false, true]);
    for (const sort of ALERT_SORTS) expect([there, here].sort(compareBy(sort))).toEqual([here, there]);
  });

  it('keeps what left the list, marked', () => {
    const model = new AlertListModel('-raised');
    model.append(page([brief(3), brief(2), brief(1)]));
    const closed = brief(2, { stage: 'closed', changedAt: toRfc3339(T0 + 9e6) });
    expect(model.follow(page([brief(3), brief(1)], 2), page([closed, brief(3), brief(1)]))).toBe(true);
    expect(model.rows.map((row) => row.gone)).toEqual([false, true, false]);
    expect([model.rows[1]!.brief.stage, model.total]).toEqual(['closed', 2]);
    // It may come back.
    const back = brief(2, { changedAt: toRfc3339(T0 + 9.1e6) });
    model.follow(page([back, brief(3), brief(1)], 3), page([back]));
    expect(model.rows[1]).toEqual({ brief: back, gone: false });
  });

  it('does not take for gone what the changes of the list do not reach back to', () => {
    const model = new AlertListModel('-raised');
    model.append(page([brief(3), brief(2), brief(1)], 3));
    model.follow(page([brief(3)], 3, 'more'), page([brief(3), brief(2)]));
    expect(model.rows.every((row) => !row.gone)).toBe(true);
  });

  it('lets nothing wait that scrolling will meet anyway', () => {
    const model = new AlertListModel('-raised');
    model.append(page([brief(9), brief(8)], 4, 'more'));
    const below = brief(1, { changedAt: toRfc3339(T0 + 9e6) });
    model.follow(page([below], 4, 'more'), page([below]));
    expect(model.waiting).toBe(0);
    model.append(page([brief(2), below], 4));
    expect(ids(model)).toEqual(['A0009', 'A0008', 'A0002', 'A0001']);
  });

  it('shows each alert once, in the order of the server, whatever moves between two pages', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ALERT_SORTS),
        fc.array(fc.record({ at: fc.nat(30), n: fc.nat(60), amount: fc.nat(1000) }), { maxLength: 10 }),
        fc.integer({ min: 1, max: 9 }),
        (sort, changes, limit) => {
          const world = new Map(Array.from({ length: 40 }, (_, n) => [n, brief(n)]));
          const compare = compareBy(sort);
          const model = new AlertListModel(sort);
          let last: AlertBrief | undefined;
          for (let step = 0; ; step++) {
            for (const { at, n, amount } of changes) {
              if (at === step)
                world.set(
                  n,
                  brief(n, { amountFen: amount, workers: amount % 9, changedAt: toRfc3339(T0 + 1e8 + step * 1000) }),
                );
            }
            const after = [...world.values()].sort(compare).filter((one) => !last || compare(one, last) > 0);
            const items = after.slice(0, limit);
            model.append(page(items, world.size, after.length > limit ? 'more' : undefined));
            last = items.at(-1) ?? last;
            if (model.cursor === undefined) break;
          }
          const seen = ids(model);
          expect(new Set(seen).size).toBe(seen.length);
          // What did not move was met.
          const moved = new Set(changes.map(({ n }) => brief(n).alertId));
          for (const one of world.values()) if (!moved.has(one.alertId)) expect(seen).toContain(one.alertId);
        },
      ),
    );
  });

  it('shows, from wherever it was jumped to, each alert once and in order, up to the top and down to the end', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ALERT_SORTS),
        fc.integer({ min: 1, max: 150 }),
        fc.array(fc.nat(3), { maxLength: 8 }),
        fc.nat(7),
        (sort, where, arrivals, waiting) => {
          const world = Array.from({ length: 160 }, (_, n) => brief(n));
          const compare = compareBy(sort);
          const sorted = () => [...world].sort(compare);
          const pageAt = (skip: number, limit: number) =>
            page(sorted().slice(skip, skip + limit), world.length, skip + limit < world.length ? 'more' : undefined);
          const model = new AlertListModel(sort);
          model.append(pageAt(0, 20));
          model.jump(where, pageAt(where, 20));
          expect(model.at(where)?.brief).toEqual(sorted()[where]);
          const steady = new Set(ids(model));
          let moved = 0;
          for (let step = 0; model.start > 0; step++) {
            // New ones arrive above and below, some of them known to wait.
            for (let i = 0; i < (arrivals[step] ?? 0); i++) world.push(brief(1000 + world.length));
            if (step === waiting) model.follow(page(world.slice(-2), world.length, 'more'), page([]));
            const anchor = model.rows[0]!.brief.alertId;
            const before = model.start;
            const skip = Math.max(0, model.start - 20);
            moved = model.prepend(pageAt(skip, 40), skip);
            // What was at hand is where it was, unless it is said to have moved.
            expect(model.at(before + moved)?.brief.alertId).toBe(anchor);
            if (step > 400) throw new Error('never at the top');
          }
          const seen = ids(model);
          expect(new Set(seen).size).toBe(seen.length);
          expect(model.rows.map((row) => row.brief)).toEqual([...model.rows.map((row) => row.brief)].sort(compare));
          for (const one of steady) expect(seen).toContain(one);
          // None that was there from the first is missing between the top and the last at hand.
          const last = model.rows.at(-1)!.brief;
          for (const one of world.slice(0, 160)) if (compare(one, last) <= 0) expect(seen).toContain(one.alertId);
        },
      ),
      { numRuns: 200 },
    );
  });
});
