import { describe, expect, it } from 'vitest';
import type { AlertDetail } from '../../../../contract/rest.ts';
import type { Step } from '../../../../demo/lifePlan.ts';
import { Office, type OtherSide } from '../../../../demo/people/office.ts';
import { staffOf, type DemoPerson } from '../../../../demo/people/staff.ts';
import { demoTexts } from '../../../../demo/scenario.ts';
import { Refused } from '../../../../demo/sender.ts';
import type { Task } from '../../../../demo/people/deed.ts';
import { pack } from '../support.ts';

const people = staffOf(pack, demoTexts());
const UNIT = '临平街道综合信息指挥室';
const NEXT = {
  dispatch: 'dispatched',
  accept: 'accepted',
  handle: 'handled',
  audit: 'audited',
  close: 'closed',
} as const;

/** A desk before one alert that moves on as it is told to. */
function office({ other, first }: { other?: OtherSide; first?: Partial<AlertDetail> } = {}) {
  const alert = {
    alertId: 'SG-1',
    region: '330110',
    stage: 'dispatched',
    tier: 'yellow',
    town: '330110001',
    platform: 'four-platforms',
    unit: UNIT,
    eventsTotal: 2,
    events: [
      { type: 'wage.alert.raised', id: 'r', source: 's', time: '2026-11-23T10:00:00+08:00', data: {} },
      { type: 'wage.alert.dispatched', id: 'd', source: 's', time: '2026-11-23T10:00:00+08:00', data: {} },
    ],
    ...first,
  } as unknown as AlertDetail & { events: object[] };
  const done: [string, string][] = [];
  const refusals: number[] = [];
  const happens = (action: keyof typeof NEXT, actor: string) => {
    alert.stage = NEXT[action];
    alert.eventsTotal!++;
    alert.events.push({
      type: `wage.alert.${NEXT[action]}`,
      source: 'urn:wagewatch:desk',
      actor,
      id: 'x',
      data: {},
    } as never);
  };
  const one = new Office({
    pack,
    people,
    other,
    read: () => Promise.resolve(structuredClone(alert)),
    post: (who: DemoPerson, _path, body) => {
      const { action, expect: expected } = body as { action: keyof typeof NEXT; expect: object };
      const status = refusals.shift();
      if (status !== undefined) return Promise.reject(new Refused(status, 'no'));
      expect(expected).toEqual({ stage: alert.stage, events: alert.eventsTotal });
      done.push([who.id, action]);
      happens(action, who.id);
      return Promise.resolve({});
    },
    clock: { now: () => Date.parse('2026-11-23T10:00:05+08:00'), sleep: () => Promise.resolve() },
    signal: new AbortController().signal,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  const task = (type: Step['type'], data: object): Task => ({
    step: {
      type,
      wait: 'handle',
      tier: 'yellow',
      data: { alertId: 'SG-1', region: '330110', ...data },
    } as unknown as Step,
    nth: 1,
  });
  return { one, alert, done, refusals, happens, task };
}
const roleOf = (id: string) => people.find((person) => person.id === id)!;

describe('the people of the demonstration', () => {
  it('are plainly made up, each once, with a handler for every unit', () => {
    expect(new Set(people.map(({ name }) => name)).size).toBe(people.length);
    expect(people.every(({ name }) => /^某\p{Script=Han}{2}$/u.test(name))).toBe(true);
    expect(people.filter(({ role }) => role === 'officer').length).toBeGreaterThan(1);
    expect(people.flatMap(({ unit }) => unit ?? [])).toEqual(pack.units!.map(({ code }) => code));
  });

  it('a handler of the unit accepts; once more it is nothing', async () => {
    const { one, done, task } = office();
    const accept = task('wage.alert.accepted', {});
    expect(await one.act(accept, 'SG-1')).toBe('done');
    expect(await one.act(accept, 'SG-1')).toBe('done');
    expect(done).toHaveLength(1);
    expect(roleOf(done[0]![0])).toMatchObject({ role: 'handler', unit: 'town-001' });
  });

  it('go on from where somebody else has left it, and whoever handled it does not audit it', async () => {
    const officer = people.find(({ role }) => role === 'officer')!.id;
    for (const n of [0, 1, 2, 3]) {
      const { one, done, task, happens } = office({ first: { alertId: `SG-${n}` } });
      happens('handle', officer);
      expect(await one.act(task('wage.alert.closed', {}), `SG-${n}`)).toBe('done');
      expect(done.map(([, action]) => action)).toEqual(['audit', 'close']);
      expect(done[0]![0]).not.toBe(officer);
    }
  });

  it('look again where somebody was quicker, and leave what is refused', async () => {
    const quick = office();
    quick.refusals.push(409);
    expect(await quick.one.act(quick.task('wage.alert.accepted', {}), 'SG-1')).toBe('done');
    expect(quick.done).toHaveLength(1);
    const refused = office();
    refused.refusals.push(403);
    expect(await refused.one.act(refused.task('wage.alert.accepted', {}), 'SG-1')).toBe('done');
    expect(refused.done).toEqual([]);
  });

  it('leave to the other side what it has, wait for what is on its way there, and do the rest', async () => {
    const acted: string[] = [];
    let has: string | undefined;
    const other: OtherSide = {
      platform: 'four-platforms',
      holds: () => has,
      act: (id, action) => Promise.resolve(void acted.push(`${id} ${action}`)),
    };
    const delivery = { platform: 'four-platforms', state: 'waiting', event: 'd', at: '', tries: 0 } as const;
    const { one, alert, done, task, happens } = office({ other, first: { delivery } });
    const accept = task('wage.alert.accepted', {});
    expect(await one.act(accept, 'SG-1')).toBe('later');
    has = 'd';
    expect(await one.act(accept, 'SG-1')).toBe('done');
    expect([acted, done]).toEqual([['SG-1 accepted'], []]);
    happens('accept', 'x');
    happens('handle', 'x');
    expect(await one.act(task('wage.alert.audited', { verdict: 'effective' }), 'SG-1')).toBe('done');
    expect(done.map(([, action]) => action)).toEqual(['audit']);
    // A platform that does not take it: people do.
    has = undefined;
    Object.assign(alert, {
      stage: 'dispatched',
      events: alert.events.slice(0, 2),
      delivery: { ...delivery, tries: 1 },
    });
    expect(await one.act(accept, 'SG-1')).toBe('done');
    expect(done.at(-1)![1]).toBe('accept');
  });
});
