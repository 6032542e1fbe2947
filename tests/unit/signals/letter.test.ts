import { describe, expect, it } from 'vitest';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import { startOfDay } from '../../../common/regionTime.ts';
import { runPackTests } from '../../../server/signals/packs/packTests.ts';
import type { Observation } from '../../../server/signals/assess/observation.ts';
import { createValidator } from '../../../server/streams/intake/validate.ts';
import { EngineBox } from './engineBox.ts';
import { NOW, registered } from './engineEvents.ts';
import { assessed, compiled, DAY, seen } from './support.ts';

/** Cases in which the program once went by another reading than the rules of docs/signals.md. */

const USCC = '91330110MA0000001X';
const time = '2026-11-30T09:00:00+08:00';

describe('a test in a pack goes by the registrations that hold', () => {
  const firm = (at: string, data: object) => ({
    type: 'wage.subject.registered',
    time: at,
    data: { kind: 'enterprise', town: '330110001', industry: 'C', status: 'active', ...data },
  });
  const petition = (more: object = {}) => ({
    time,
    data: { indicator: 'petition.received', enterprise: { name: '某甲' } },
    ...more,
  });
  const problems = (events: object[], wanted: object = {}) => {
    const rule = { id: 'H', tier: 'red', name: { 'zh-CN': '红', en: 'red' }, when: ['headcount', '>=', 50] } as const;
    const pack = compiled({
      tiers: [rule],
      tests: [{ name: 'one', day: '2026-12-01', events, expect: wanted }] as never,
    });
    return runPackTests(pack)[0]!.problems;
  };
  const active = firm('2026-01-02T00:00:00Z', { enterprise: { uscc: USCC, name: '某甲' }, headcount: 50 });
  const ceased = firm('2026-01-01T00:00:00Z', { enterprise: { uscc: USCC, name: '某甲' }, status: 'ceased' });

  it('whatever their order: the greatest time tells whose a name is', () => {
    expect(problems([active, ceased, petition()], { rule: 'H' })).toEqual([]);
    expect(problems([ceased, active, petition()], { rule: 'H' })).toEqual([]);
    const later = { ...ceased, time: '2026-01-03T00:00:00Z' };
    for (const events of [
      [active, later, petition()],
      [later, active, petition()],
    ])
      expect(problems(events)).toEqual([expect.stringContaining('about 2 subjects')]);
  });

  it('an employer that a name has joined keeps its own registration, though the name has a later one', () => {
    const named = firm('2026-06-01T00:00:00Z', { enterprise: { name: '某甲' }, headcount: 3 });
    expect(problems([active, named, petition()], { rule: 'H' })).toEqual([]);
  });

  it('a repeat counts once, whatever it says', () => {
    const one = petition({ id: 'a' });
    const again = petition({ id: 'a', time: '2026-11-29T09:00:00+08:00' });
    expect(problems([one, again], { score: 15 })).toEqual([]);
    expect(problems([one, petition({ id: 'b' })], { score: 30 })).toEqual([]);
  });
});

describe('a registration', () => {
  it('that is sent again is a repeat, whatever it says now', () => {
    const key: SubjectKey = `U:${USCC}`;
    const first = registered(key, '某甲', { id: 'r', headcount: 5 });
    const again = registered(key, '某乙', { id: 'r', time: NOW, headcount: 9 });
    const box = new EngineBox([compiled()], { decides: false });
    box.settle([first, again, first], NOW);
    box.restart();
    box.settle([again], NOW);
    expect(box.subject(key)!.registration).toMatchObject({ name: '某甲', headcount: 5 });
    expect(box.counts).toMatchObject({ registered: 1, duplicates: 3 });
    box.settle([registered(key, '某乙', { id: 'r', source: 'urn:test:other', time: NOW })], NOW);
    expect(box.subject(key)!.registration).toMatchObject({ name: '某乙' });
  });
});

describe('an observation', () => {
  const validate = createValidator(
    () => ({ towns: new Set(['330110001']), tiers: new Set(['red']) }),
    (region) => new Map(region === '330110' ? [['petition.received', { channel: 'petition' }]] : []),
  );
  const send = (data: object) =>
    validate(
      { specversion: '1.0', id: '1', source: 'urn:test:a', type: 'wage.signal.observed', time, data },
      startOfDay(DAY),
    );
  const named = (data: object) => {
    const answer = send({ region: '330110', indicator: 'petition.received', ...data });
    if (!answer.ok || !('signal' in answer) || answer.signal.type !== 'observed')
      throw new Error(JSON.stringify(answer));
    return answer.signal;
  };

  it('calls nobody by white space: an alert could not say whom it is about', () => {
    expect(named({ enterprise: { uscc: USCC, name: ' \u3000' } }).more).toEqual({ enterprise: { uscc: USCC } });
    expect(named({ project: { id: 'p', name: '\u0085' }, enterprise: { name: ' ' } }).more).toEqual({
      project: { id: 'p' },
    });
    expect(named({ project: { id: 'p', name: ' 某工地' }, enterprise: { name: '某甲 ' } }).more).toEqual({
      project: { id: 'p', name: ' 某工地' },
      enterprise: { name: '某甲 ' },
    });
  });

  it('of rules that know no indicator is told so', () => {
    expect(send({ region: '310113', indicator: 'x', project: { id: 'p' } })).toMatchObject({
      ok: false,
      problem: expect.stringMatching(
        /"x" is unknown to every version of the region's rule pack; they know none$/,
      ) as string,
    });
  });
});

describe('of one moment', () => {
  it('strings order by code unit: neither by code point nor by the order of a language', () => {
    const pack = compiled();
    const at = (id: string, value: number, source = 'urn:test:a') =>
      seen(pack, 'water.overdue', 1, { id, value: value * 1000, source });
    const value = (...all: Observation[]) => assessed(pack, all).indicators[0]?.value;
    // U+20000 is written D840 DC00, and FF41 is above it.
    expect(value(at('𠀀', 15), at('ａ', 16))).toBe(16);
    expect(value(at('ａ', 16), at('𠀀', 15))).toBe(16);
    expect(value(at('a', 15), at('B', 16))).toBe(15);
    expect(value(at('1', 15, 'urn:test:B'), at('0', 16, 'urn:test:a'))).toBe(16);
  });
});
