import { describe, expect, it } from 'vitest';
import type { AlertDetail } from '../../../../contract/rest.ts';
import type { Stage } from '../../../../contract/codes.ts';
import { deedFor, type Task } from '../../../../demo/people/deed.ts';
import type { Step } from '../../../../demo/lifePlan.ts';
import { pack } from '../support.ts';

const NOW = Date.parse('2026-11-23T10:00:00+08:00');
const about = { alertId: 'SG-1', region: '330110' };
/** An alert in a stage, with events of these types. */
const alert = (stage: Stage, types: string[] = [], source = 'urn:wagewatch:desk', more: Partial<AlertDetail> = {}) =>
  ({
    ...about,
    stage,
    tier: 'red',
    town: '330110001',
    events: types.map((type) => ({ type, source })),
    ...more,
  }) as AlertDetail;
const task = (type: Step['type'], data: object, nth = 1, more: Partial<Task> = {}): Task => ({
  step: { type, wait: 'handle', tier: 'red', data: { ...about, ...data } } as unknown as Step,
  nth,
  ...more,
});
const deed = (one: Task, of: AlertDetail) => deedFor(one, of, pack, NOW);
const said = (one: Task, of: AlertDetail) => {
  const found = deed(one, of);
  return found && [found.who, found.given.action, ...(found.before ? ['before'] : [])];
};

const ACCEPT = task('wage.alert.accepted', { unit: '某' });
const HANDLE = task('wage.alert.handled', { outcome: '已约谈', note: '已核实' }, 1, { outcome: 'plan-agreed' });
const AUDIT = task('wage.alert.audited', { verdict: 'effective' });
const CLOSE = task('wage.alert.closed', { resolution: '已办结' });

describe('what there is to do for a step', () => {
  it.each([
    ['accepting', ACCEPT, 'dispatched', ['handler', 'accept']],
    ['handling', HANDLE, 'accepted', ['handler', 'handle']],
    ['auditing', AUDIT, 'handled', ['officer', 'audit']],
    ['closing', CLOSE, 'audited', ['officer', 'close']],
    ['paying', task('wage.wages.recovered', { amountFen: 1, workers: 1 }), 'audited', ['handler', 'recover']],
    ['urging', task('wage.case.urged', { text: '请' }), 'accepted', ['officer', 'urge']],
    ['supervising', task('wage.case.supervised', { level: 'notice', text: '请' }), 'accepted', ['leader', 'supervise']],
  ] as const)('%s is for whoever does it', (_, one, stage, expected) => {
    expect(said(one, alert(stage))).toEqual(expected);
  });

  it('is nothing where it has been done, whoever did it, also after a start from an older note', () => {
    expect(deed(ACCEPT, alert('dispatched', ['wage.alert.accepted']))).toBeUndefined();
    expect(
      deed(ACCEPT, alert('dispatched', ['wage.alert.accepted'], 'urn:demo:330110:four-platforms')),
    ).toBeUndefined();
    expect(said(task('wage.alert.accepted', {}, 2), alert('dispatched', ['wage.alert.accepted']))).toBeDefined();
    const note = task('wage.case.noted', { text: '已核实' });
    expect(said(note, alert('accepted'))).toEqual(['handler', 'note']);
    expect(deed(note, alert('accepted', ['wage.case.noted']))).toBeUndefined();
  });

  it('what the clock has said is nobody’s urging', () => {
    const urge = task('wage.case.urged', { text: '请' });
    expect(said(urge, alert('accepted', ['wage.case.urged'], 'urn:wagewatch:clock'))).toEqual(['officer', 'urge']);
  });

  it('is nothing where somebody else has gone further', () => {
    expect(deed(ACCEPT, alert('handled'))).toBeUndefined();
    expect(deed(HANDLE, alert('audited'))).toBeUndefined();
    for (const one of [ACCEPT, HANDLE, AUDIT, CLOSE]) expect(deed(one, alert('closed'))).toBeUndefined();
  });

  it('begins with what must come before it where somebody else has moved it back', () => {
    expect(said(CLOSE, alert('handled'))).toEqual(['officer', 'audit', 'before']);
    expect(said(CLOSE, alert('accepted'))).toEqual(['handler', 'handle', 'before']);
    expect(said(AUDIT, alert('dispatched'))).toEqual(['handler', 'accept', 'before']);
    expect(said(ACCEPT, alert('raised'))).toEqual(['officer', 'dispatch', 'before']);
  });

  it('dispatches as the pack says, by the tier that it has now', () => {
    const one = task('wage.alert.dispatched', { platform: 'other', unit: '某单位' });
    expect(deed(one, alert('raised'))!.given.fields).toEqual({
      platform: 'tri-colour',
      unit: '余杭区劳动保障监察大队',
    });
    expect(deed(one, alert('raised', [], '', { tier: 'yellow' }))!.given.fields).toMatchObject({
      platform: 'four-platforms',
    });
    expect(deed(one, alert('dispatched'))).toBeUndefined();
  });

  it('an outcome is one that the desk knows, with what was said as its note', () => {
    expect(deed(HANDLE, alert('accepted'))!.given.fields).toEqual({ outcome: 'plan-agreed', note: '已约谈；已核实' });
  });

  it('an extension ends after the term that runs', () => {
    const dueAt = '2026-11-25T24:00:00+08:00'.replace('25T24', '26T00');
    const { given } = deed(task('wage.case.extended', { reason: '待核' }), alert('accepted', [], '', { dueAt }))!;
    expect(Date.parse((given.fields as { dueAt: string }).dueAt)).toBeGreaterThan(Date.parse(dueAt));
  });
});
