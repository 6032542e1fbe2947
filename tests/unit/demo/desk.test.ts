import { describe, expect, it } from 'vitest';
import type { AlertBrief } from '../../../contract/frame.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import { Desk } from '../../../demo/desk.ts';
import type { FeedItem, ObservedLife } from '../../../demo/feed.ts';

const START = Date.parse('2026-11-21T10:00:00+08:00');
const USCC = '91330110XXXX000199';

/** A desk before a list of alerts, and its clock. */
function deskOf(alerts: { alertId: string; at: number; project?: string }[]) {
  const asked: URLSearchParams[] = [];
  let time = START;
  const desk = new Desk({
    region: '330110',
    read: (path) => {
      asked.push(new URL(path, 'http://demo.test').searchParams);
      const items = alerts.map(
        ({ alertId, at, project }) =>
          ({
            alertId,
            raisedAt: toRfc3339(at),
            ...(project && { project: { id: project, name: project } }),
          }) as AlertBrief,
      );
      return Promise.resolve({ total: items.length, items });
    },
    now: () => time,
  });
  return {
    desk,
    asked,
    alerts,
    pass: (ms: number) => {
      time += ms;
    },
  };
}
const life = (k: number, project?: string) =>
  ({
    k,
    enterprise: { uscc: USCC, name: '某禾建筑有限公司' },
    ...(project && { project: { id: project, name: project } }),
  }) as ObservedLife;
const item = (one: ObservedLife, alertId = `YJ${one.k}`) =>
  ({ life: one, alertId, step: 1 }) as FeedItem & { life: ObservedLife };

describe('the desk', () => {
  it('finds the alert that has come of observations, and asks once', async () => {
    const { desk, asked } = deskOf([
      { alertId: 'SG-2026-3', at: START - 86_400_000 },
      { alertId: 'SG-2026-4', at: START, project: 'XM1' },
      { alertId: 'SG-2026-5', at: START },
    ]);
    desk.observed(life(1), START);
    for (let i = 0; i < 3; i++)
      expect(await desk.alertOf(item(life(1)))).toEqual({ alertId: 'SG-2026-5', raisedAt: START });
    expect(asked).toHaveLength(1);
    expect(asked[0]!.get('uscc')).toBe(USCC);
    expect(await desk.alertOf(item(life(2, 'XM1')))).toMatchObject({ alertId: 'SG-2026-4' });
  });

  it('waits a moment for one, and lets a life go that none has come of', async () => {
    const { desk, asked, alerts, pass } = deskOf([]);
    desk.observed(life(1), START);
    desk.observed(life(2), START);
    expect(await desk.alertOf(item(life(1)))).toBe('later');
    expect(await desk.alertOf(item(life(1)))).toBe('later');
    expect(asked).toHaveLength(1);
    expect(await desk.alertOf(item(life(2)))).toBe('later');
    pass(300);
    alerts.push({ alertId: 'SG-2026-1', at: START + 250 });
    expect(await desk.alertOf(item(life(1)))).toMatchObject({ alertId: 'SG-2026-1' });
    pass(5000);
    expect(await desk.alertOf(item(life(2)))).toBeUndefined();
    const before = asked.length;
    expect(await desk.alertOf(item(life(2)))).toBeUndefined();
    expect(asked).toHaveLength(before);
  });

  it('finds it when the observations are sent again after a break', async () => {
    const { desk, pass } = deskOf([{ alertId: 'SG-2026-1', at: START + 300 }]);
    pass(20_000);
    desk.observed(life(1), START);
    expect(await desk.alertOf(item(life(1)))).toMatchObject({ alertId: 'SG-2026-1' });
  });

  it('gives one alert to one life', async () => {
    const { desk } = deskOf([{ alertId: 'SG-2026-1', at: START }]);
    desk.observed(life(1), START);
    desk.observed(life(2), START);
    expect(await desk.alertOf(item(life(1)))).toMatchObject({ alertId: 'SG-2026-1' });
    expect(await desk.alertOf(item(life(2)))).toBe('later');
  });

  it('knows after a restart which alert was told and which came of observations', async () => {
    const { desk } = deskOf([
      { alertId: 'YJ7', at: START - 60_000 },
      { alertId: 'SG-2026-1', at: START - 60_000 },
    ]);
    expect(await desk.alertOf(item(life(7)))).toMatchObject({ alertId: 'YJ7' });
    expect(await desk.alertOf(item(life(8)))).toMatchObject({ alertId: 'SG-2026-1' });
  });
});
