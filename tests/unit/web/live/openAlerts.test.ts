import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, shallowRef } from 'vue';
import { alertKey } from '../../../../common/alertRef.ts';
import type { AlertBrief, Frame } from '../../../../contract/frame.ts';
import { useOpenAlerts, withLatest } from '../../../../web/live/openAlerts.ts';
import { fixture, fixtureBrief, fixturePack } from '../../../support/webFixtures.ts';

const pack = fixturePack();
const brief = (i: number, change: Partial<AlertBrief> = {}): AlertBrief => ({
  ...fixtureBrief(i, pack, Date.now()),
  ...change,
});
const ids = (alerts: readonly AlertBrief[] | undefined) => alerts?.map(({ alertId }) => alertId).sort();

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the open alerts of the map', () => {
  it('are those read, with the newest of the frame in place of them, without what closed', () => {
    const [a, b, c] = [brief(1), brief(2), brief(3)];
    const merged = withLatest(
      new Map([
        [alertKey(a), a],
        [alertKey(b), b],
      ]),
      {
        [b.alertId]: { ...b, stage: 'closed' },
        [c.alertId]: c,
        [a.alertId]: { ...a, tier: 'red' },
      },
    );
    expect(ids(merged)).toEqual(ids([a, c]));
    expect(merged.find(({ alertId }) => alertId === a.alertId)!.tier).toBe('red');
  });

  it('are two where two districts of a city use one id', () => {
    const [here, there] = [brief(1, { region: '330102' }), brief(1, { region: '330110' })];
    const read = new Map([
      [alertKey(here), here],
      [alertKey(there), there],
    ]);
    expect(withLatest(read, {})).toHaveLength(2);
    const closed = { [alertKey(there)]: { ...there, stage: 'closed' as const } };
    expect(withLatest(read, closed)).toEqual([here]);
  });

  it('are read page by page, and again only when something changed and half a minute has passed', async () => {
    const all = Array.from({ length: 450 }, (_, i) => brief(i, { stage: 'accepted' }));
    const list = vi.fn(
      async (_params: URLSearchParams, { limit, cursor = '0' }: { limit: number; cursor?: string }) => {
        const from = Number(cursor);
        return {
          total: all.length,
          items: all.slice(from, from + limit),
          ...(from + limit < all.length ? { cursor: String(from + limit) } : {}),
        };
      },
    );
    const frame = shallowRef<Frame>();
    const scope = effectScope();
    const alerts = scope.run(() => useOpenAlerts(() => frame.value, list))!;
    expect(alerts.value).toBeUndefined();
    frame.value = { ...fixture().frame, latest: {} };
    await vi.advanceTimersByTimeAsync(0);
    expect(alerts.value).toHaveLength(450);
    expect(list).toHaveBeenCalledTimes(3);

    // A new one comes with the frame at once; nothing is read for it yet.
    const fresh = brief(9_999, { stage: 'raised' });
    frame.value = { ...frame.value, seq: frame.value.seq + 1, latest: { [fresh.alertId]: fresh } };
    await nextTick();
    expect(alerts.value).toHaveLength(451);
    expect(list).toHaveBeenCalledTimes(3);
    all.splice(0, 100);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(alerts.value).toHaveLength(351);
    expect(list).toHaveBeenCalledTimes(5);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(list).toHaveBeenCalledTimes(5);

    // A reading that fails takes nothing away.
    list.mockRejectedValueOnce(new Error('gone'));
    frame.value = { ...frame.value, seq: frame.value.seq + 1, latest: {} };
    await vi.advanceTimersByTimeAsync(0);
    expect(alerts.value).toHaveLength(350);
    scope.stop();
  });

  it('of another region are read at once, and those of the one before are no longer shown', async () => {
    const asked: string[] = [];
    const list = async (params: URLSearchParams) => {
      const region = params.get('scope')!;
      asked.push(region);
      return { total: 1, items: [brief(1, { alertId: `of ${region}`, stage: 'raised' })] };
    };
    const frameOf = (region: string): Frame => ({ ...fixture().frame, scope: region, latest: {} });
    const frame = shallowRef<Frame>(frameOf('330100'));
    const scope = effectScope();
    const alerts = scope.run(() => useOpenAlerts(() => frame.value, list))!;
    await vi.advanceTimersByTimeAsync(0);
    expect(ids(alerts.value)).toEqual(['of 330100']);
    frame.value = frameOf('330110');
    await nextTick();
    expect(alerts.value).toBeUndefined();
    await vi.advanceTimersByTimeAsync(0);
    expect(ids(alerts.value)).toEqual(['of 330110']);
    expect(asked).toEqual(['330100', '330110']);
    scope.stop();
  });
});
