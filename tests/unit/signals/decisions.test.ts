import { describe, expect, it } from 'vitest';
import type { Tier } from '../../../contract/codes.ts';
import { DAY_MS, startOfDay } from '../../../common/regionTime.ts';
import type { AlertMark } from '../../../server/signals/engine/alertMarks.ts';
import { decide } from '../../../server/signals/engine/decide.ts';
import { AlertsGap } from '../../../server/signals/engine/alertFeed.ts';
import { EngineBox } from './engineBox.ts';
import { alert, fed, newFeed, noon, NOW, observed, registered } from './engineEvents.ts';
import { compiled, DAY, EVENT, STATE } from './support.ts';

const tierRule = (id: string, tier: Tier, score: number) => ({
  id,
  tier,
  name: { 'zh-CN': `${id}规则`, en: id },
  when: ['score', '>=', score] as const,
});
const indicators = {
  'petition.received': EVENT,
  'water.overdue': STATE,
  'wages.unpaid': {
    ...STATE,
    channel: 'petition' as const,
    months: true,
    owed: true,
    points: [[1, 30]] as [number, number][],
  },
};
const PACK = compiled({
  indicators,
  tiers: [tierRule('R1', 'red', 50), tierRule('O1', 'orange', 30), tierRule('Y1', 'yellow', 15)],
});
/** The same codes in the same order; nothing is ever worth an alert. */
const CALM = compiled({ version: 'test.2', indicators, tiers: [tierRule('R1', 'red', 1000)] });
const EAGER = compiled({ version: 'test.3', indicators, tiers: [tierRule('R9', 'red', 5)] });

const U = 'U:91330110MA0000001X';
const MILL = registered(U, '某甲纺织有限公司', { location: { lng: 120.1, lat: 30.4 } });
const activated = (version = PACK.version, settle = false, at = NOW) =>
  ({ kind: 'activated', version, at, settle }) as const;
const petition = (age: number, id: string, more = {}) => observed(PACK, U, 'petition.received', age, { id, ...more });

function started(...packs: (typeof PACK)[]): EngineBox {
  newFeed();
  const box = new EngineBox(packs.length ? packs : [PACK]);
  box.settle([activated(), MILL], NOW);
  return box;
}
const told = (box: EngineBox) =>
  box.emitted.map(({ event }) => [
    event.id,
    event.type.slice('wage.alert.'.length),
    'tier' in event.data ? event.data.tier : undefined,
  ]);

describe('what the engine decides', () => {
  const open = (tier: Tier, gravest: Tier = tier, more: Partial<AlertMark> = {}): AlertMark =>
    alert(U, 'A1', tier, 'raised', { gravest, ...more }).mark;
  const closed = (tier: Tier, falseAt?: number): AlertMark =>
    alert(U, 'A2', tier, 'closed', { closedAt: NOW, falseAt }).mark;

  it.each<[string, Tier | undefined, AlertMark[], string]>([
    ['no tier', undefined, [], 'nothing'],
    ['a tier and no alert', 'yellow', [], 'raise'],
    ['a tier and a closed alert', 'yellow', [closed('red')], 'raise'],
    ['an open alert of the same tier', 'orange', [open('orange')], 'nothing'],
    ['an open alert of a graver tier', 'yellow', [open('red')], 'nothing'],
    ['an open alert of a lesser tier', 'red', [open('yellow')], 'escalate'],
    ['an open alert that an officer has lowered from this tier', 'red', [open('yellow', 'red')], 'nothing'],
    ['an open alert lowered from a lesser tier', 'red', [open('yellow', 'orange')], 'escalate'],
    ['an open alert beside a false one', 'red', [closed('red', NOW), open('yellow')], 'escalate'],
    ['a false alarm of this tier', 'orange', [closed('orange', NOW)], 'wait'],
    ['a false alarm of a graver tier', 'yellow', [closed('orange', NOW)], 'wait'],
    ['a false alarm of a lesser tier', 'red', [closed('orange', NOW)], 'raise'],
    ['a false alarm long ago', 'orange', [closed('orange', NOW - 30 * DAY_MS)], 'raise'],
    ['a false alarm a day less ago', 'orange', [closed('orange', NOW - 29 * DAY_MS)], 'wait'],
  ])('%s', (_, tier, marks, expected) => {
    expect(decide(tier === undefined ? {} : { tier }, marks, 30, DAY).do).toBe(expected);
  });

  it('makes the alert graver that was raised first', () => {
    const first = open('yellow');
    const later = { ...open('yellow'), alertId: 'A0', raisedAt: NOW + 1 };
    expect(decide({ tier: 'red' }, [later, first], 30, DAY)).toEqual({ do: 'escalate', alert: first });
  });

  it('raises with the facts of the register, the reasons and the rule', () => {
    const box = started();
    box.settle(
      [
        petition(1, 'p1', { workers: 12, amountFen: 5_000_00 }),
        petition(2, 'p2', { workers: 3, amountFen: 1 }),
        observed(PACK, U, 'wages.unpaid', 3, { id: 'w1', value: 1_550, workers: 4 }),
        observed(PACK, U, 'water.overdue', 3, { id: 'v1', value: 20_000 }),
      ],
      NOW,
    );
    expect(box.emitted).toEqual([
      {
        alertId: 'SG-2026-1',
        event: {
          type: 'wage.alert.raised',
          time: NOW,
          source: 'urn:wagewatch:signals',
          id: 'SG-2026-1/raised',
          data: {
            tier: 'red',
            town: '330110001',
            industry: 'C',
            channel: 'petition',
            enterprise: { uscc: '91330110MA0000001X', name: '某甲纺织有限公司' },
            workers: 15,
            amountFen: 5_000_01,
            arrearsDays: 47,
            location: { lng: 120.1, lat: 30.4 },
            score: 55,
            reasons: [
              { channel: 'petition', text: '近 60 天 2 起', weight: 30 },
              { channel: 'petition', text: '逾期 1.55 天', weight: 30 },
              { channel: 'water', text: '逾期 20 天', weight: 5 },
            ],
            rule: { pack: '330110', version: 'test.1', id: 'R1' },
          },
        },
      },
    ]);
  });

  it('raises once, and not again for what comes later; graver facts make it graver, once', () => {
    const box = started();
    box.settle([petition(1, 'p1')], NOW);
    box.settle([petition(1, 'p1')], NOW);
    box.restart();
    box.settle([petition(2, 'p2', { workers: 7 })], NOW);
    box.settle([petition(3, 'p3')], NOW);
    expect(told(box)).toEqual([
      ['SG-2026-1/raised', 'raised', 'yellow'],
      ['SG-2026-1/orange', 'amended', 'orange'],
    ]);
    expect(box.emitted[1]!.event.data).toEqual({
      tier: 'orange',
      workers: 7,
      reason: 'O1 O1规则',
      rule: { pack: '330110', version: 'test.1', id: 'O1' },
    });
    // The officer lowers it: it stays lowered, until it is graver than it ever was.
    box.settle([fed(alert(U, 'SG-2026-1', 'yellow', 'dispatched'))], NOW);
    box.settle([petition(4, 'p4'), petition(5, 'p5')], NOW);
    expect(told(box).slice(2)).toEqual([['SG-2026-1/red', 'amended', 'red']]);
  });

  it('leaves alone what somebody else has raised, and makes it graver', () => {
    const box = started();
    box.settle([fed(alert(U, 'OTHER-1', 'yellow', 'raised', { workers: 9 }))], NOW);
    box.settle([petition(1, 'p1')], NOW);
    expect(told(box)).toEqual([]);
    box.settle([petition(1, 'p2', { workers: 8 })], NOW);
    expect(box.emitted.map(({ event }) => [event.id, event.data])).toEqual([
      ['OTHER-1/orange', expect.not.objectContaining({ workers: 8 })],
    ]);
  });

  it('does not bring back what was closed, until something newer comes', () => {
    const box = started();
    box.settle([petition(3, 'p1')], NOW);
    box.settle([fed(alert(U, 'SG-2026-1', 'yellow', 'closed', { closedAt: noon(DAY - 1) }))], NOW);
    expect(box.subject(U)!.found!.score).toBe(0);
    expect(box.subject(U)!.found!.tier).toBeUndefined();
    // It happened before the closing, and came after it.
    box.settle([petition(2, 'p2')], NOW);
    expect(box.emitted).toHaveLength(1);
    box.settle([petition(0, 'p3')], NOW);
    expect(told(box).slice(1)).toEqual([['SG-2026-2/raised', 'raised', 'yellow']]);
  });

  it('counts again what was dealt with when the alert is opened again', () => {
    const box = started();
    box.settle([petition(3, 'p1')], NOW);
    box.settle([fed(alert(U, 'SG-2026-1', 'yellow', 'closed', { closedAt: NOW }))], NOW);
    box.settle([fed(alert(U, 'SG-2026-1', 'yellow', 'dispatched'))], NOW);
    expect(box.subject(U)!.found).toMatchObject({ score: 15, tier: 'yellow' });
    expect(box.emitted).toHaveLength(1);
  });

  it('is quiet after a false alarm until so many midnights have passed, but not about something graver', () => {
    const box = started();
    box.settle([petition(1, 'p1')], NOW);
    const falseAt = NOW;
    box.settle([fed(alert(U, 'SG-2026-1', 'yellow', 'closed', { closedAt: falseAt, falseAt }))], NOW);
    box.settle([observed(PACK, U, 'petition.received', -1, { id: 'p2' })], noon(DAY + 1));
    box.restart();
    box.settle([], startOfDay(DAY + 30) - 1);
    expect(box.emitted).toHaveLength(1);
    box.settle([], startOfDay(DAY + 30));
    expect(told(box).slice(1)).toEqual([['SG-2026-2/raised', 'raised', 'yellow']]);

    const other = started();
    other.settle([petition(1, 'p1')], NOW);
    other.settle([fed(alert(U, 'SG-2026-1', 'yellow', 'closed', { closedAt: falseAt, falseAt }))], NOW);
    const later = ['q1', 'q2'].map((id) => observed(PACK, U, 'petition.received', -1, { id }));
    other.settle(later, noon(DAY + 1));
    expect(told(other).slice(1)).toEqual([['SG-2026-2/raised', 'raised', 'orange']]);
  });

  it('waits while nobody knows whom or where, counts that, and raises when the register comes', () => {
    newFeed();
    const box = new EngineBox([PACK]);
    box.settle([activated(), petition(1, 'p1')], NOW);
    expect(box.emitted).toEqual([]);
    expect(box.subject(U)!.found).toMatchObject({ tier: 'yellow', unplaced: true });
    box.restart();
    box.settle([MILL], NOW);
    expect(told(box)).toEqual([['SG-2026-1/raised', 'raised', 'yellow']]);
    expect(box.subject(U)!.found!.unplaced).toBe(false);
  });

  it('takes whom and where from the newest observations that say so', () => {
    newFeed();
    const box = new EngineBox([PACK]);
    const more = { name: '某乙有限公司', uscc: '91330110MA0000002X', projectName: '某工地' };
    box.settle(
      [
        activated(),
        observed(PACK, 'P:p7', 'petition.received', 1, { id: 'a', more: { town: '330110001', industry: 'E' } }),
        observed(PACK, 'P:p7', 'petition.received', 3, { id: 'b', more: { ...more, town: '330110002' } }),
      ],
      NOW,
    );
    expect(box.emitted[0]!.event.data).toMatchObject({
      town: '330110001',
      industry: 'E',
      enterprise: { name: '某乙有限公司', uscc: '91330110MA0000002X' },
      project: { id: 'p7', name: '某工地' },
    });
  });

  it('takes a name and its one owner as one: alerts, closings and facts', () => {
    const box = started();
    const byName = (age: number, id: string) => observed(PACK, 'N:某甲纺织有限公司', 'petition.received', age, { id });
    box.settle([byName(2, 'n1')], NOW);
    expect(box.emitted.map(({ event }) => event.data)).toMatchObject([{ enterprise: { uscc: '91330110MA0000001X' } }]);
    // An alert about the name is one about its owner.
    const other = started();
    other.settle([fed(alert('N:某甲纺织有限公司', 'OTHER-1', 'red', 'raised'))], NOW);
    other.settle([petition(1, 'p1')], NOW);
    expect(other.emitted).toEqual([]);
    other.settle([fed(alert('N:某甲纺织有限公司', 'OTHER-1', 'red', 'closed', { closedAt: NOW }))], NOW);
    expect(other.subject(U)!.found!.score).toBe(0);
    // A second employer of that name: both are on their own, and so is the name.
    other.settle([registered('U:91330110MA0000002X', '某甲纺织有限公司')], NOW);
    expect(other.subject(U)!.found).toMatchObject({ score: 15, tier: 'yellow' });
    expect(told(other)).toEqual([['SG-2026-1/raised', 'raised', 'yellow']]);
  });

  it('follows an alert whose employer is corrected', () => {
    const box = started();
    box.settle([fed(alert('N:某丙', 'OTHER-1', 'yellow', 'raised'))], NOW);
    box.settle([fed(alert(U, 'OTHER-1', 'yellow', 'raised'))], NOW);
    box.settle([petition(1, 'p1')], NOW);
    expect(box.emitted).toEqual([]);
    expect(box.subject('N:某丙')!.alerts).toEqual([]);
  });

  it('decides nothing while everything is built anew', () => {
    newFeed();
    const box = new EngineBox([PACK], { decides: false });
    box.settle([activated(), MILL, petition(1, 'p1')], NOW);
    expect(box.subject(U)!.found!.tier).toBe('yellow');
    expect(box.emitted).toEqual([]);
  });

  it('decides nothing before all alerts have been read to the end of their feed, and then about everybody', () => {
    newFeed();
    const box = new EngineBox([PACK], { whole: false, target: '2-0' });
    const [first, second] = [
      fed(alert('N:某丙', 'OTHER-1', 'red', 'raised')),
      fed(alert(U, 'OTHER-2', 'red', 'raised')),
    ];
    box.settle([activated(), MILL, registered('U:91330110MA0000002X', '某丙')], NOW);
    box.settle([petition(1, 'p1'), observed(PACK, 'N:某丙', 'petition.received', 1, { id: 'p2' })], NOW);
    box.settle(
      [
        observed(PACK, 'P:p1', 'petition.received', 1, {
          id: 'p3',
          more: { name: '某丁', town: '330110001', industry: 'E' },
        }),
      ],
      NOW,
    );
    box.settle([first], NOW);
    // Read before the feed told of it: what was read is older.
    box.settle([{ kind: 'read', alerts: [alert('N:某丙', 'OTHER-1', 'red', 'closed', { closedAt: NOW })] }], NOW);
    box.settle([{ kind: 'readAll', target: '2-0' }], NOW);
    expect(box.emitted).toEqual([]);
    box.settle([second], NOW);
    expect(box.emitted.map(({ event }) => event.data)).toMatchObject([{ project: { id: 'p1' } }]);
  });

  it('notices when the feed of alerts does not go on where it stands', () => {
    const box = started();
    box.settle([fed(alert('N:某丙', 'OTHER-1', 'yellow', 'raised'))], NOW);
    fed();
    expect(() => box.fold([fed(alert(U, 'OTHER-2', 'yellow', 'raised'))], NOW)).toThrow(AlertsGap);
  });

  it('raises nothing without a version in force, and about everybody when one comes', () => {
    newFeed();
    const box = new EngineBox([PACK]);
    box.settle([MILL, petition(1, 'p1')], NOW);
    expect(box.subject(U)!.found).toBeUndefined();
    box.settle([activated()], NOW);
    expect(told(box)).toEqual([['SG-2026-1/raised', 'raised', 'yellow']]);
  });

  it('takes all that is known as dealt with when a version comes into force so', () => {
    newFeed();
    const box = new EngineBox([PACK]);
    box.settle([MILL, petition(1, 'p1'), petition(2, 'p2'), activated(PACK.version, true)], NOW);
    expect(box.emitted).toEqual([]);
    expect(box.subject(U)!.found).toMatchObject({ score: 0 });
    box.settle([observed(PACK, U, 'petition.received', -1, { id: 'p3' })], noon(DAY + 1));
    expect(told(box)).toEqual([['SG-2026-1/raised', 'raised', 'yellow']]);
  });

  it('goes over all subjects when another version comes into force, also after it was killed on the way', () => {
    newFeed();
    const box = new EngineBox([PACK, CALM, EAGER]);
    const facts = Array.from({ length: 90 }, (_, i) => {
      const key = `U:${String(i).padStart(18, '0')}` as const;
      return [registered(key, `某企业${i}`), observed(PACK, key, 'water.overdue', 1, { id: `w${i}`, value: 15_000 })];
    }).flat();
    box.settle([activated(CALM.version), ...facts], NOW);
    expect(box.emitted).toEqual([]);
    box.fold([activated(EAGER.version)], NOW);
    box.fold([{ kind: 'work' }], NOW);
    box.restart();
    box.settle([], NOW);
    expect(new Set(box.emitted.map(({ alertId }) => alertId)).size).toBe(90);
    expect(box.emitted).toHaveLength(90);
    expect(box.subjects().every(({ found }) => found!.version === EAGER.version)).toBe(true);
  });

  it('numbers above whatever number there is', () => {
    const box = started();
    box.settle([fed(alert('N:某丙', 'SG-2025-41', 'yellow', 'closed', { closedAt: 0 }))], NOW);
    box.settle([petition(1, 'p1')], NOW);
    expect(box.emitted[0]!.alertId).toBe('SG-2026-42');
  });

  it('lists whoever is in no register by the name that was observed last', () => {
    newFeed();
    const box = new EngineBox([PACK]);
    const M = 'U:91330110MA0000002X';
    const site = 'P:XM-1';
    const overdue = (key: typeof M | typeof site, age: number, id: string, more = {}) =>
      observed(PACK, key, 'water.overdue', age, { id: key + id, ref: id, more });
    const called = () => [M, site].map((key) => box.book.get(key as typeof M)?.name);
    const found = (q: string) => box.book.page({ sort: 'score', limit: 5, q }).items.map(({ key }) => key);
    box.settle([activated(), overdue(M, 2, 'a'), overdue(site, 2, 'a')], NOW);
    expect(called()).toEqual(['91330110MA0000002X', 'XM-1']);
    // The same finding as before: only what it is called is new.
    box.settle([overdue(M, 2, 'b', { name: '某丁劳务' }), overdue(site, 2, 'b', { projectName: '某安置房' })], NOW);
    expect(called()).toEqual(['某丁劳务', '某安置房']);
    expect([found('丁劳'), found('安置'), found('91330110MA0000002')]).toEqual([[M], [site], [M]]);
    box.settle([overdue(M, 1, 'c', { name: '某丁建设' }), overdue(M, 3, 'd', { name: '某丁旧名' })], NOW);
    box.settle([overdue(M, 0, 'e')], NOW);
    expect(called()[0]).toBe('某丁建设');
    expect(box.loaded().get(M)).toEqual(box.book.get(M));
    box.settle([registered(M, '某丁集团')], NOW);
    expect([called()[0], found('某丁建设')]).toEqual(['某丁集团', []]);
  });

  it('ends at the midnight on which a fact counts no longer, and not when the clock is set back', () => {
    const box = started();
    box.settle([petition(59, 'p1')], NOW);
    expect(box.subject(U)!.found!.score).toBe(15);
    box.settle([], startOfDay(DAY + 1) - 1);
    expect(box.subject(U)!.found!.score).toBe(15);
    box.settle([], startOfDay(DAY + 1));
    expect(box.subject(U)!.found!.score).toBe(0);
    box.settle([petition(59, 'p2')], NOW - 60 * 60_000);
    expect(box.subject(U)!.found!.score).toBe(0);
    expect(box.subject(U)!.scores).toEqual([
      [DAY, 150],
      [DAY + 1, 0],
    ]);
  });
});
