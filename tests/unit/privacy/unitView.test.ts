import { describe, expect, it } from 'vitest';
import { createUnitFinder } from '../../../common/units.ts';
import type { Frame } from '../../../contract/frame.ts';
import { createMask } from '../../../server/privacy/mask.ts';
import { PACK, TOWNS } from '../aggregations/support/pack.ts';
import { World } from '../aggregations/support/world.ts';
import { NOW } from './support/frames.ts';

/** What somebody of a unit sees of frames and notices (casework §1): their own alerts in full, of others figures alone. */

const unit = (code: string, name: string) =>
  ({ code, name: { 'zh-CN': name, en: name }, platform: 'other', kind: 'other' }) as const;
const finder = createUnitFinder({ units: [unit('brigade', '某劳动保障监察大队'), unit('street', '某街道执法队')] });
const mask = createMask({
  names: 'industry',
  least: 5,
  unitMeant: (region, text) => (region === PACK.code ? finder(text) : undefined),
});
const BRIGADE = 'unit brigade';

function frameOf(units: readonly (string | undefined)[]): Frame {
  const world = new World();
  units.forEach((unit, i) => {
    world.upsert(
      {
        alertId: `a${i}`,
        raisedAt: NOW - 3_600_000,
        stage: unit === undefined ? 'raised' : 'dispatched',
        recoveries: [],
        dueAt: NOW + 3_600_000,
        changedAt: NOW - 3_600_000,
        conflicts: 0,
        stageAt: 0,
        stageEvent: '',
        stageSource: '',
        termFrom: 0,
        namedDueAt: NaN,
        ...(unit === undefined ? {} : { platform: 'other', unit }),
        facts: {
          tier: 'red',
          town: TOWNS[0]!,
          industry: 'E',
          channel: 'water',
          enterprise: { name: `某某建筑${i}有限公司` },
          workers: 1,
          amountFen: 1,
        },
      },
      NOW,
    );
  });
  return world.frame(PACK.code, '30d', NOW);
}
const keys = (list: Frame['latest'] | undefined) => Object.keys(list ?? {}).sort();

describe('a frame for a unit', () => {
  const frame = frameOf(['brigade', '某劳动保障监察大队', '某街道执法队', '无此单位', undefined]);

  it('has its alerts in full, by code and by name, all figures, and no other alert', () => {
    const own = mask.frame(frame, BRIGADE);
    expect(keys(own.latest)).toEqual(['a0', 'a1']);
    expect(keys(own.agenda)).toEqual(['a0', 'a1']);
    expect(own.latest['a0']).toBe(frame.latest['a0']);
    expect({ ...own, latest: {}, agenda: {} }).toEqual({ ...frame, latest: {}, agenda: {} });
    expect(own).not.toHaveProperty('withheld');
    expect(JSON.stringify(own)).not.toMatch(/a[234]"|建筑[234]/);
  });

  it('is empty of alerts for a unit that has none, and for who has no unit', () => {
    for (const view of ['unit nobody', 'unit '] as const) {
      expect(keys(mask.frame(frame, view).latest)).toEqual([]);
      expect(keys(mask.frame(frame, view).agenda)).toEqual([]);
    }
    expect(keys(createMask({ names: 'industry', least: 0 }).frame(frame, BRIGADE).latest)).toEqual([]);
  });

  it('has the same objects where nothing has changed, for whoever looks for differences; each unit its own', () => {
    const { latest, agenda } = mask.frame(frame, BRIGADE);
    expect(mask.frame({ ...frame }, BRIGADE).latest).toBe(latest);
    expect(mask.frame({ ...frame }, BRIGADE).agenda).toBe(agenda);
    expect(keys(mask.frame(frame, 'unit street').latest)).toEqual(['a2']);
    expect(mask.frame(frame, BRIGADE).latest).toBe(latest);
  });

  it('of a moment in the past goes by whose the alerts are now', () => {
    const now: Record<string, string | undefined> = { a0: '某街道执法队', a2: 'brigade' };
    const then = mask.frame(frame, BRIGADE, ({ region, alertId }) =>
      alertId in now ? { region, unit: now[alertId]! } : undefined,
    );
    expect(keys(then.latest)).toEqual(['a2']);
    // That of others is not kept as theirs.
    expect(keys(mask.frame(frame, BRIGADE).latest)).toEqual(['a0', 'a1']);
  });
});

describe('an alert', () => {
  it('is a unit’s where the last dispatch names it, in its own region', () => {
    const shows = (unit: string | undefined, region = PACK.code) =>
      mask.shows({ region, ...(unit === undefined ? {} : { unit }) }, BRIGADE);
    expect([shows('brigade'), shows(' 某劳动保障监察大队 '), shows('street'), shows('x'), shows(undefined)]).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(shows('brigade', '330111')).toBe(false);
    for (const view of ['full', 'masked'] as const) expect(mask.shows({ region: PACK.code }, view)).toBe(true);
  });
});
