import { describe, expect, it } from 'vitest';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { Supervision } from '../../../contract/supervision.ts';
import { foldRulesOf } from '../../../server/alerts/fold.ts';
import type { StoredEvent } from '../../../server/alerts/state.ts';
import { seenSupervisions } from '../../../server/casework/clock/seenSupervisions.ts';
import type { Region, RegionView } from '../../../server/region/region.ts';
import { casePack } from '../../support/casework.ts';

const PACK = casePack();
const [HERE, THERE] = PACK.towns.map(({ code }) => code) as [string, string];
const AT = Date.parse('2026-11-16T09:00:00+08:00');

/** Where each alert lay when its draft was made, where it lies now, and where the lists believe it to lie. */
const PLACES: [then: string, now: string, listed: string][] = [
  [HERE, HERE, HERE],
  [HERE, THERE, THERE],
  [THERE, HERE, HERE],
  [THERE, THERE, THERE],
  // The lists are behind.
  [HERE, THERE, HERE],
  [THERE, THERE, HERE],
];
const MANY = Array.from({ length: 400 }, (_, i) => ({ alertId: `A${i}`, place: PLACES[i % PLACES.length]! }));

function eventsOf(now: string): StoredEvent[] {
  const facts = { tier: 'red', industry: 'E', channel: 'petition', enterprise: { name: '某甲公司' } } as const;
  const data = { ...facts, town: now, workers: 3, amountFen: 9 };
  return [{ type: 'wage.alert.raised', time: AT, source: 'urn:test', id: 'r', data }];
}

/** A region that notes which documents are read, and how many at the same time. */
function open() {
  const read: string[] = [];
  let underWay = 0;
  let most = 0;
  const placeOf = new Map(MANY.map(({ alertId, place }) => [alertId, place]));
  const region = {
    code: PACK.code,
    pack: PACK,
    rules: () => foldRulesOf(PACK, []),
    view: () =>
      ({
        lists: { find: ({ alertId }: { alertId: string }) => ({ town: placeOf.get(alertId)![2] }) },
      }) as unknown as RegionView,
    async events(alertId: string) {
      read.push(alertId);
      most = Math.max(most, ++underWay);
      await Promise.resolve();
      underWay--;
      return eventsOf(placeOf.get(alertId)![1]);
    },
  } as unknown as Region;
  const items = MANY.map(
    ({ alertId, place: [then] }) =>
      ({
        id: `s-${alertId}`,
        alertId,
        state: 'draft',
        facts: { town: then, stage: 'raised', stageAt: toRfc3339(AT) },
      }) as Supervision,
  );
  const store = {
    list: (_: string, skip: number, limit?: number) =>
      Promise.resolve({
        total: items.length,
        items: items.slice(skip, limit === undefined ? undefined : skip + limit),
      }),
  };
  const page = (scope: string, skip: number, limit: number) =>
    seenSupervisions(region, store, scope, { state: 'draft', skip, limit });
  return { page, read, most: () => most };
}

describe('the supervisions that somebody sees', () => {
  it('of a town are those whose alerts lie there now; what never lay there is not read, and the rest not one by one', async () => {
    const { page, read, most } = open();
    const there = MANY.filter(({ place: [, now] }) => now === HERE).map(({ alertId }) => alertId);
    const { total, items } = await page(HERE, 3, 40);
    expect(total).toBe(there.length);
    expect(items.map(({ alertId }) => alertId)).toEqual(there.slice(3, 43));
    expect(items[0]).toMatchObject({ expect: { stage: 'raised', events: 1 } });
    const worthReading = MANY.filter(({ place: [then, , listed] }) => then === HERE || listed === HERE);
    expect(read).toEqual(worthReading.map(({ alertId }) => alertId));
    expect(most()).toBeGreaterThan(10);
    expect(most()).toBeLessThan(100);
  });
  it('of a region are a page of all', async () => {
    const { page, read, most } = open();
    const { total, items } = await page(PACK.code, 5, 100);
    expect([total, items.map(({ alertId }) => alertId)]).toEqual([
      400,
      MANY.slice(5, 105).map(({ alertId }) => alertId),
    ]);
    expect(read).toHaveLength(100);
    expect(most()).toBeGreaterThan(10);
  });
});
