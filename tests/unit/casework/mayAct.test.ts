import { describe, expect, it } from 'vitest';
import { CASE_ACTIONS, STAGES, type CaseAction, type Stage } from '../../../contract/codes.ts';
import type { EventData } from '../../../contract/events.ts';
import type { AccessRole } from '../../../contract/roles.ts';
import type { StoredEvent } from '../../../server/alerts/state.ts';
import { caseStateOf } from '../../../server/casework/rules/caseState.ts';
import { fieldRefusal, raiseRefusal, type FieldRules } from '../../../server/casework/rules/fieldRefusal.ts';
import { actionsOf, mayAct, roleRefusal, type Actor } from '../../../server/casework/rules/mayAct.ts';
import { toEvent } from '../../../server/casework/rules/toEvent.ts';

/** The rules of casework against a second table of them, written by hand from docs/casework.md. */

const TOWN = '330110010';
const OTHER_TOWN = '330110001';
const RULES = { terms: { red: 3_600_000 } };
const unit = (code: string, name: string) => ({
  code,
  name: { 'zh-CN': name, en: code },
  platform: 'tri-colour' as const,
  kind: 'brigade' as const,
});
const pack = {
  code: '330110',
  towns: [TOWN, OTHER_TOWN].map((code) => ({
    code,
    name: { 'zh-CN': '某街道', en: 'Street' },
    seat: [120, 30] as [number, number],
    areaKm2: 1,
  })),
  tiers: [{ tier: 'red' as const, termHours: 1, platform: 'tri-colour' as const }],
  units: [unit('brigade', '某监察大队'), unit('street', '某街道执法队')],
  outcomes: [{ code: 'platform-01', name: { 'zh-CN': '某结论', en: 'Conclusion' } }],
};

let n = 0;
const at = Date.UTC(2026, 2, 2, 1);
type Given<T extends StoredEvent['type']> = Omit<EventData[T], 'alertId' | 'region'>;
function made<T extends StoredEvent['type']>(type: T, data: Given<T>, by?: StoredEvent['by']): StoredEvent {
  n++;
  return {
    type,
    time: at + n * 1_000,
    source: 'urn:test',
    id: `e${n}`,
    data,
    ...(by ? { by } : {}),
  } as unknown as StoredEvent;
}
const RAISED = () =>
  made('wage.alert.raised', {
    town: TOWN,
    tier: 'red',
    industry: 'E',
    channel: 'hotline',
    enterprise: { name: '某公司' },
    workers: 1,
    amountFen: 1,
  });
const DISPATCHED = (to = '某监察大队') => made('wage.alert.dispatched', { platform: 'tri-colour', unit: to });
const HANDLED = (actor = 'h') => made('wage.alert.handled', { outcome: 'other' }, { actor });
const EXTENDED = () => made('wage.case.extended', { dueAt: '2026-12-01T00:00:00Z', reason: 'x' });
/** An alert of each stage. */
const OF: Record<Stage, () => StoredEvent[]> = {
  raised: () => [RAISED()],
  dispatched: () => [RAISED(), DISPATCHED()],
  accepted: () => [RAISED(), DISPATCHED(), made('wage.alert.accepted', { unit: '某监察大队' })],
  handled: () => [RAISED(), DISPATCHED(), HANDLED()],
  audited: () => [RAISED(), DISPATCHED(), HANDLED(), made('wage.alert.audited', { verdict: 'effective' })],
  closed: () => [RAISED(), DISPATCHED(), HANDLED(), made('wage.alert.closed', {})],
};
const stateOf = (events: StoredEvent[]) => caseStateOf('A', events, RULES)!;
const someone = (role: AccessRole, more: Partial<Actor> = {}): Actor => ({
  id: `${role}-1`,
  role,
  scope: '330110',
  ...(role === 'handler' ? { unit: 'brigade' } : {}),
  ...more,
});
const never = () => false;

// h: a handler of its unit, o: an officer, l: a leader, a: an admin.
const LAW: Record<Exclude<CaseAction, 'raise'>, Partial<Record<Stage, string>>> = {
  dispatch: { raised: 'oa' },
  transfer: { dispatched: 'oa', accepted: 'oa' },
  accept: { dispatched: 'hoa' },
  handle: { dispatched: 'hoa', accepted: 'hoa' },
  recover: { dispatched: 'hoa', accepted: 'hoa', handled: 'hoa', audited: 'hoa', closed: 'hoa' },
  audit: { handled: 'oa' },
  close: { audited: 'oa' },
  reopen: { closed: 'oa' },
  amend: { raised: 'oa', dispatched: 'oa', accepted: 'oa', handled: 'oa', audited: 'oa', closed: 'oa' },
  // Nothing stands dispatched to a unit before it is dispatched.
  note: { raised: 'ola', dispatched: 'hola', accepted: 'hola', handled: 'hola', audited: 'hola', closed: 'hola' },
  attach: { raised: 'ola', dispatched: 'hola', accepted: 'hola', handled: 'hola', audited: 'hola', closed: 'hola' },
  assign: { dispatched: 'hoa', accepted: 'hoa' },
  extend: { dispatched: 'oa', accepted: 'oa' },
  urge: { raised: 'ola', dispatched: 'ola', accepted: 'ola', handled: 'ola', audited: 'ola' },
  supervise: { raised: 'la', dispatched: 'la', accepted: 'la', handled: 'la', audited: 'la' },
  answer: { raised: 'oa', dispatched: 'hoa', accepted: 'hoa', handled: 'hoa', audited: 'hoa' },
};
const LETTERS = { h: 'handler', o: 'officer', l: 'leader', a: 'admin' } as const;

describe('who may do what, when', () => {
  it.each(STAGES)('of an alert that is %s', (stage) => {
    const state = stateOf(OF[stage]());
    for (const [letter, role] of Object.entries(LETTERS)) {
      const lawful = CASE_ACTIONS.filter((action) => action !== 'raise' && LAW[action][stage]?.includes(letter));
      expect([role, actionsOf(state, someone(role), pack, never)]).toEqual([role, lawful]);
    }
    for (const role of ['display', 'ingest'] as const) expect(actionsOf(state, someone(role), pack, never)).toEqual([]);
  });

  it('raising is for officers and admins', () => {
    for (const role of ['handler', 'leader', 'display', 'ingest'] as const)
      expect(roleRefusal('raise', { role })).toMatchObject({ status: 403, rule: 'role' });
    for (const role of ['officer', 'admin'] as const) expect(roleRefusal('raise', { role })).toBeUndefined();
  });

  it('nobody acts outside their scope, and a handler only for their unit, whatever it is called', () => {
    const state = stateOf(OF.dispatched());
    for (const role of ['handler', 'officer', 'leader'] as const)
      expect(actionsOf(state, someone(role, { scope: OTHER_TOWN }), pack, never)).toEqual([]);
    expect(actionsOf(state, someone('officer', { scope: TOWN }), pack, never)).toContain('transfer');
    expect(actionsOf(state, someone('handler', { unit: 'street' }), pack, never)).toEqual([]);
    for (const name of ['brigade', '某 监察大队', '某监察大队'])
      expect(actionsOf(stateOf([RAISED(), DISPATCHED(name)]), someone('handler'), pack, never)).toContain('accept');
    // A unit that is none of the pack's: officers alone act.
    const unknown = stateOf([RAISED(), DISPATCHED('某外单位')]);
    expect(actionsOf(unknown, someone('handler'), pack, never)).toEqual([]);
    expect(actionsOf(unknown, someone('officer'), pack, never)).toContain('accept');
  });

  it('an extension is for an officer once, and then for a leader', () => {
    const once = stateOf([...OF.accepted(), EXTENDED()]);
    const may = (role: AccessRole) => mayAct(once, 'extend', someone(role), pack, never)?.rule;
    expect([may('officer'), may('leader'), may('admin')]).toEqual(['extension', undefined, undefined]);
    expect(mayAct(stateOf(OF.accepted()), 'extend', someone('leader'), pack, never)?.rule).toBe('extension');
    // What had no effect was none: a platform to which it was not dispatched.
    const foreign = { ...EXTENDED(), by: { platform: 'other' as const } };
    expect(mayAct(stateOf([...OF.accepted(), foreign]), 'extend', someone('officer'), pack, never)).toBeUndefined();
  });

  it('who handled it does not audit it, unless nobody else is there', () => {
    const state = stateOf(OF.handled());
    const self = someone('officer', { id: 'h' });
    expect(mayAct(state, 'audit', self, pack, never)).toMatchObject({ status: 403, rule: 'own-work' });
    expect(mayAct(state, 'audit', self, pack, () => true)).toBeUndefined();
    expect(mayAct(state, 'audit', someone('officer'), pack, never)).toBeUndefined();
    // The last handling counts.
    const again = [...OF.handled(), made('wage.alert.audited', { verdict: 'returned' }), HANDLED('other')];
    expect(mayAct(stateOf(again), 'audit', self, pack, never)).toBeUndefined();
  });

  it('an alert of 2,000 events can be audited and closed, and nothing else', () => {
    const noted = (n: number) => Array.from({ length: n }, () => made('wage.case.noted', { text: '某' }));
    for (const [stage, ends] of [
      ['dispatched', []],
      ['handled', ['audit']],
      ['audited', ['close']],
      ['closed', []],
    ] as const) {
      const few = OF[stage]();
      const almost = stateOf([...few, ...noted(1_999 - few.length)]);
      expect(actionsOf(almost, someone('admin'), pack, never)).toContain('note');
      const full = stateOf([...few, ...noted(2_000 - few.length)]);
      expect(actionsOf(full, someone('admin'), pack, never)).toEqual(ends);
      expect(mayAct(full, 'note', someone('officer'), pack, never)).toMatchObject({ status: 422, rule: 'event' });
    }
  });

  it('counts all events, also those without effect; a pending alert is none', () => {
    const foreign = { ...HANDLED(), by: { platform: 'other' as const } };
    const state = stateOf([...OF.dispatched(), foreign]);
    expect([state.events, state.alert.stage, state.handledBy]).toEqual([3, 'dispatched', undefined]);
    expect(caseStateOf('A', [DISPATCHED()], RULES)).toBeUndefined();
  });
});

describe('what an action carries', () => {
  const members: Record<string, Omit<Actor, 'id'>> = {
    mate: someone('handler'),
    stranger: someone('handler', { unit: 'street' }),
    officer: someone('officer'),
    far: someone('officer', { scope: OTHER_TOWN }),
    leader: someone('leader'),
  };
  const rules = (actor = someone('officer')): FieldRules => ({ actor, pack, member: (id) => members[id], now: at });
  const { alert } = stateOf(OF.dispatched());
  const past = '2026-03-02T00:00:00Z';

  it('sets no term for a unit that gets an alert back, and lets it go elsewhere with one', () => {
    const first = RAISED();
    const there = made('wage.alert.dispatched', { platform: 'tri-colour', unit: '某监察大队' });
    const elsewhere = made('wage.alert.dispatched', { platform: 'other', unit: '某外单位' });
    const state = stateOf([first, there, elsewhere]);
    const dueAt = new Date(at + 3_600_000).toISOString();
    const transfer = (fields: { platform: 'tri-colour' | 'other'; unit: string; dueAt?: string }) =>
      fieldRefusal({ action: 'transfer', fields }, state.alert, rules(), state.turn)?.rule;
    expect(transfer({ platform: 'tri-colour', unit: 'brigade', dueAt })).toBe('extension');
    expect(transfer({ platform: 'tri-colour', unit: 'brigade' })).toBeUndefined();
    expect(transfer({ platform: 'tri-colour', unit: 'street', dueAt })).toBeUndefined();
  });

  it('knows a unit that the pack does not name by what is written, whatever its width and white space', () => {
    const first = RAISED();
    const there = made('wage.alert.dispatched', { platform: 'other', unit: '某　Ａ 队' });
    const elsewhere = made('wage.alert.dispatched', { platform: 'other', unit: '某外单位' });
    const by = { ...rules(), pack: { ...pack, units: undefined as never } };
    const transfer = (events: StoredEvent[], unit: string, dueAt?: string) => {
      const { alert, turn } = stateOf([first, ...events]);
      const fields = { platform: 'other' as const, unit, ...(dueAt === undefined ? {} : { dueAt }) };
      return fieldRefusal({ action: 'transfer', fields }, alert, by, turn)?.rule;
    };
    const dueAt = new Date(at + 3_600_000).toISOString();
    expect(transfer([there], '某A队')).toBe('extension');
    expect(transfer([there, elsewhere], '某A队', dueAt)).toBe('extension');
    expect(transfer([there, elsewhere], '某B队', dueAt)).toBeUndefined();
  });

  it('is judged by the pack, the clock and who is let in', () => {
    const raised = stateOf([RAISED(), made('wage.alert.closed', {})]).alert;
    const judged = [
      fieldRefusal({ action: 'transfer', fields: { platform: 'tri-colour', unit: '某外单位' } }, alert, rules()),
      fieldRefusal({ action: 'transfer', fields: { platform: 'other', unit: 'street' } }, alert, rules()),
      fieldRefusal(
        { action: 'dispatch', fields: { platform: 'tri-colour', unit: 'street', dueAt: past } },
        alert,
        rules(),
      ),
      fieldRefusal({ action: 'extend', fields: { dueAt: past, reason: 'x' } }, alert, rules()),
      fieldRefusal({ action: 'handle', fields: { outcome: 'platform-01' } }, alert, rules()),
      fieldRefusal({ action: 'handle', fields: { outcome: 'paid' } }, alert, rules()),
      fieldRefusal({ action: 'audit', fields: { verdict: 'returned', note: ' ' } }, alert, rules()),
      fieldRefusal({ action: 'reopen', fields: { why: 'x' } }, raised, rules()),
      fieldRefusal({ action: 'reopen', fields: { why: 'x' } }, alert, rules()),
      fieldRefusal({ action: 'amend', fields: { reason: 'x' } }, alert, rules()),
      fieldRefusal(
        { action: 'amend', fields: { reason: 'x', town: OTHER_TOWN } },
        alert,
        rules(members['far'] as Actor),
      ),
      fieldRefusal({ action: 'amend', fields: { reason: 'x', town: TOWN } }, alert, rules(members['far'] as Actor)),
    ];
    expect(judged.map((refusal) => refusal?.rule)).toEqual([
      'unknown-unit',
      'unit-platform',
      'past',
      'past',
      undefined,
      'outcome',
      'what-is-missing',
      'where-to',
      undefined,
      'nothing-amended',
      undefined,
      'town',
    ]);
    const facts = { industry: 'E', channel: 'grid', enterprise: { name: '某' }, workers: 1, amountFen: 1 } as const;
    expect(raiseRefusal({ ...facts, tier: 'blue', town: TOWN }, rules())?.rule).toBe('tier');
    expect(raiseRefusal({ ...facts, tier: 'red', town: '330110999' }, rules())?.rule).toBe('town');
    expect(raiseRefusal({ ...facts, tier: 'red', town: TOWN }, rules(members['far'] as Actor))?.status).toBe(403);
  });

  it('goes to a unit of its platform and of its town', () => {
    const streets = [{ ...unit('street', '某街道执法队'), towns: [OTHER_TOWN] }, unit('brigade', '某监察大队')];
    const judge = (to: { platform?: 'tri-colour' | 'other'; unit?: string }, units: typeof pack.units | undefined) => {
      const by = { ...rules(), pack: units ? { ...pack, units } : { ...pack, units: undefined as never } };
      const raised = stateOf([RAISED()]).alert;
      const { platform = 'tri-colour', unit: named = 'street' } = to;
      return [
        fieldRefusal({ action: 'dispatch', fields: { platform, unit: named } }, raised, by)?.rule,
        fieldRefusal({ action: 'reopen', fields: { why: 'x', ...to } }, alert, by)?.rule,
      ];
    };
    expect(judge({ platform: 'tri-colour', unit: 'street' }, pack.units)).toEqual([undefined, undefined]);
    expect(judge({ platform: 'tri-colour', unit: 'street' }, streets)).toEqual(['unit-town', 'unit-town']);
    expect(judge({ platform: 'other', unit: '某监察大队' }, streets)).toEqual(['unit-platform', 'unit-platform']);
    expect(judge({ unit: 'brigade' }, streets)).toEqual([undefined, 'where-to']);
    expect(judge({ platform: 'tri-colour' }, pack.units)[1]).toBe('where-to');
    expect(judge({ platform: 'other', unit: '某处' }, undefined)).toEqual([undefined, undefined]);
  });

  it('a transfer is no way around a second extension', () => {
    const judge = (state: typeof alert, fields: object, to = '某 监察大队') =>
      fieldRefusal({ action: 'transfer', fields: { platform: 'tri-colour', unit: to, ...fields } }, state, rules())
        ?.rule;
    const dueAt = '2027-01-01T00:00:00Z';
    expect([judge(alert, { dueAt }), judge(alert, {}), judge(alert, { dueAt }, 'street')]).toEqual([
      'extension',
      'extension',
      undefined,
    ]);
    const back = stateOf([...OF.handled(), made('wage.alert.audited', { verdict: 'returned' })]).alert;
    expect([judge(back, { dueAt }), judge(back, {})]).toEqual(['extension', undefined]);
  });

  it('whoever is to work on it must be able to', () => {
    const judge = (person: string, actor: Actor) =>
      fieldRefusal({ action: 'assign', fields: { person } }, alert, rules(actor))?.rule;
    const byOfficer = ['mate', 'stranger', 'officer', 'far', 'leader', 'none'].map((id) =>
      judge(id, someone('officer')),
    );
    expect(byOfficer).toEqual([undefined, 'person', undefined, 'person', 'person', 'unknown-person']);
    const byHandler = ['mate', 'stranger', 'officer'].map((id) => judge(id, someone('handler')));
    expect(byHandler).toEqual([undefined, 'person', 'person']);
  });

  it('becomes an event after all that has happened', () => {
    const frame = { id: 'i', alertId: 'A', region: '330110', actor: { id: 'p1', isPerson: true }, now: at };
    expect(toEvent({ action: 'accept', fields: {} }, alert, frame)).toEqual({
      specversion: '1.0',
      id: 'i',
      source: 'urn:wagewatch:desk',
      type: 'wage.alert.accepted',
      time: new Date(alert.changedAt + 1 + 8 * 3_600_000).toISOString().replace('Z', '+08:00'),
      actor: 'p1',
      data: { alertId: 'A', region: '330110', unit: '某监察大队', person: 'p1' },
    });
    const later = { ...frame, now: alert.changedAt + 60_000 };
    expect(toEvent({ action: 'reopen', fields: { why: '再次投诉' } }, alert, later)).toMatchObject({
      type: 'wage.alert.dispatched',
      data: { platform: 'tri-colour', unit: '某监察大队', note: '再次投诉' },
    });
  });
});
