import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertBrief, Frame } from '../../../../contract/frame.ts';
import { DAY_MS, floorTo, HOUR_MS, MINUTE_MS, toRfc3339 } from '../../../../common/regionTime.ts';
import { daySentence, plainSentence } from '../../../../common/sentence/daySentence.ts';
import { termLeft } from '../../../../common/termLeft.ts';
import { term } from '../../../../web/i18n/format.ts';
import { allot, planAgenda, toAgenda, type AgendaView } from '../../../../web/panels/agenda/mapping.ts';
import { toStages } from '../../../../web/panels/stages/mapping.ts';
import { fixture } from '../../../support/webFixtures.ts';
import { pastFrame, withheldFrame } from './frames.ts';

const { frame, pack, now } = fixture();
const midnight = floorTo(now, DAY_MS) + DAY_MS;
const template = Object.values(frame.agenda!)[0]!;
const alert = (alertId: string, changed: Partial<AlertBrief>): AlertBrief => ({ ...template, ...changed, alertId });
const groupsOf = (view: AgendaView) => (view.kind === 'past' ? [] : view.groups);
const of = (agenda: AlertBrief[], latest: AlertBrief[] = [], totals: Partial<Frame['totals']> = {}): Frame => ({
  ...frame,
  totals: { ...frame.totals, ...totals },
  agenda: Object.fromEntries(agenda.map((brief) => [brief.alertId, brief])),
  latest: Object.fromEntries(latest.map((brief) => [brief.alertId, brief])),
});

describe('the agenda', () => {
  it('has what is late first, then what ends today, then what has just come, with the counts of the frame', () => {
    const groups = groupsOf(toAgenda(frame, pack, now, 'zh-CN'));
    expect(groups.map(({ key, total }) => [key, total])).toEqual([
      ['overdue', frame.totals.overdue],
      ['today', frame.totals.dueToday],
      ['received', frame.byStage!.raised],
    ]);
    expect(groups[0]!.rows).toHaveLength(frame.totals.overdue!);
    expect(groups[1]!.rows).toHaveLength(frame.totals.dueToday!);
    expect(groups[0]!.rows.every(({ late }) => late)).toBe(true);
    for (const { rows } of groups.slice(0, 2))
      rows.slice(1).forEach((row, i) => expect(row.dueAt).toBeGreaterThanOrEqual(rows[i]!.dueAt!));
    const keys = groups.flatMap(({ rows }) => rows.map(({ key }) => key));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('ends today at 24:00, and leaves out what ends later', () => {
    const view = toAgenda(
      of([
        alert('late', { overdue: true, dueAt: toRfc3339(now - HOUR_MS) }),
        alert('evening', { overdue: false, dueAt: toRfc3339(midnight) }),
        alert('tomorrow', { overdue: false, dueAt: toRfc3339(midnight + 1_000) }),
      ]),
      pack,
      now,
      'zh-CN',
    );
    expect(groupsOf(view).map(({ rows }) => rows.map(({ key }) => key.split('/').at(-1)))).toEqual([
      ['late'],
      ['evening'],
      [],
    ]);
  });

  it('names who must act and the next step, and does not list an alert twice', () => {
    const late = alert('a', { stage: 'raised', overdue: true, dueAt: toRfc3339(now - HOUR_MS) });
    delete late.unit;
    const view = toAgenda(
      of(
        [
          late,
          alert('b', { stage: 'dispatched', unit: '某大队', overdue: true, dueAt: toRfc3339(now - 2 * HOUR_MS) }),
          alert('c', { stage: 'accepted', unit: '某大队', overdue: false, dueAt: toRfc3339(now + HOUR_MS) }),
        ],
        [late, alert('d', { stage: 'raised', raisedAt: toRfc3339(now - 5_000) }), alert('e', { stage: 'dispatched' })],
      ),
      pack,
      now,
      'zh-CN',
    );
    expect(groupsOf(view).map(({ rows }) => rows.map(({ step, unit }) => [step, unit]))).toEqual([
      [
        ['accept', '某大队'],
        ['dispatch', undefined],
      ],
      [['handle', '某大队']],
      [['dispatch', template.unit]],
    ]);
  });

  it('names the officers, and no unit, for what must be audited or closed', () => {
    const view = toAgenda(
      of([alert('a', { stage: 'handled', unit: '某大队' }), alert('b', { stage: 'audited', unit: '某大队' })], []),
      pack,
      now,
      'zh-CN',
    );
    const rows = groupsOf(view).flatMap((group) => group.rows);
    expect(rows.map(({ key, step, by, unit }) => [key.split('/').at(-1), step, by, unit])).toEqual([
      ['a', 'audit', 'officers', undefined],
      ['b', 'close', 'officers', undefined],
    ]);
  });

  it('of the past there is none', () => {
    expect(toAgenda(pastFrame(), pack, now, 'en')).toEqual({ kind: 'past' });
  });

  it('gives counts by unit where small figures are withheld, and no count that may be a withheld one', () => {
    const given = withheldFrame();
    given.totals.overdue = 0;
    const view = toAgenda(given, pack, now, 'zh-CN');
    expect(view.kind === 'units' && view.units).toEqual([
      { unit: '劳动保障监察大队', n: 12 },
      { unit: '区住建局工资专班', n: 9 },
      { unit: '某街道综合执法队', n: 9 },
    ]);
    expect(groupsOf(view).map(({ total }) => total)).toEqual([undefined, given.totals.dueToday, given.byStage!.raised]);
    expect(groupsOf(view).every(({ rows }) => rows.length === 0)).toBe(true);
  });

  it('of a city has the alerts of its districts by region and id', () => {
    const city = {
      ...pack,
      code: '330100',
      towns: [{ ...pack.towns[0]!, code: '330110', name: { 'zh-CN': '余杭区', en: 'Yuhang' } }],
    };
    const brief = alert('x', { overdue: true });
    const other = { ...brief, region: '330113', town: '330113001' };
    const view = toAgenda({ ...of([]), agenda: { '330110/x': brief, '330113/x': other } }, city, now, 'zh-CN');
    expect(groupsOf(view)[0]!.rows.map(({ key, town }) => [key, town])).toEqual([
      ['330110/x', '余杭区'],
      ['330113/x', '330113001'],
    ]);
  });

  it('shares its rows: one for what is late and one for what ends today, the rest to what is most urgent', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { maxLength: 4 }), fc.integer({ min: -2, max: 40 }), (counts, room) => {
        const given = allot(counts, room);
        const total = given.reduce((a, b) => a + b, 0);
        expect(total).toBe(
          Math.min(
            Math.max(0, room),
            counts.reduce((a, b) => a + b, 0),
          ),
        );
        given.forEach((n, i) => {
          expect(n).toBeLessThanOrEqual(counts[i]!);
          // Whoever got more than one row leaves none before it short.
          if (n > 1) for (let j = 0; j < i; j++) expect(given[j]).toBe(counts[j]);
          if (room >= 2 && i < 2 && counts[i]! > 0) expect(n).toBeGreaterThan(0);
        });
      }),
    );
    expect(allot([9, 6, 11], 6)).toEqual([5, 1, 0]);
    expect(allot([9, 6, 11], 2)).toEqual([1, 1, 0]);
    expect(allot([2, 0, 11], 6)).toEqual([2, 0, 4]);
  });

  it('hides nothing that is late or ends today behind what has just come', () => {
    // At 1366 × 768 there are about 34 rem.
    expect(planAgenda([5, 1, 4], 34)).toEqual({ rows: [5, 1, undefined], row: expect.any(Number) as number });
    expect(planAgenda([3, 1, 4], 34).rows).toEqual([3, 1, 1]);
    fc.assert(
      fc.property(
        fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30)),
        fc.double({ min: 0, max: 90, noNaN: true }),
        (counts, height) => {
          const { rows, row } = planAgenda(counts, height);
          const shown = rows.filter((n) => n !== undefined);
          const used = shown.reduce((sum, n) => sum + n, 0);
          expect(shown.length).toBeGreaterThanOrEqual(2);
          expect(row).toBeGreaterThanOrEqual(4.4);
          // It fits as soon as one row does.
          if (used > 0) expect(shown.length * 3 + used * row).toBeLessThanOrEqual(height + 1e-6);
          const [late, today] = counts;
          if (2 * 3 + (late + today) * 4.4 <= height) expect(rows.slice(0, 2)).toEqual([late, today]);
          // What has just come is left out only where something urgent would be hidden.
          if (3 * 3 + (late + today) * 4.4 <= height) expect(rows[2]).toBeDefined();
        },
      ),
    );
  });

  it('and the sentence say of one alert how long it is overdue, at every moment of the minute', () => {
    const sentencePack = { ...pack, towns: pack.towns.map((each) => ({ ...each })) };
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 9 * DAY_MS }), fc.integer({ min: 0, max: 59_999 }), (age, into) => {
        const minute = floorTo(now, MINUTE_MS);
        const late = alert('a', { overdue: true, dueAt: toRfc3339(minute - age) });
        const given = of([late], [], { overdue: 1, open: 1 });
        // The screen's clock goes on while frames come when they will.
        const frameNow = { ...given, at: toRfc3339(minute - (into % 7) * MINUTE_MS) };
        const shown = floorTo(minute + into, MINUTE_MS);
        const sentence = plainSentence(daySentence(frameNow, sentencePack, 'zh-CN', shown));
        const row = groupsOf(toAgenda(frameNow, pack, shown, 'zh-CN'))[0]!.rows[0]!;
        const said = term(termLeft(row.dueAt!, minute + into), 'zh-CN').replace(' 分', ' 分钟');
        // The sentence leaves out the minutes of what has hours, and the hours that are none.
        const [most = ''] = /^\d+ (天( \d+ 小时)?|小时|分钟)/.exec(said) ?? [];
        expect(sentence).toContain(most ? `已超 ${most}` : '刚刚超期');
      }),
    );
  });
});

describe('stages', () => {
  it('part what is open now from what was closed in the window', () => {
    const view = toStages(frame);
    expect(view.stages!.map(({ stage }) => stage)).toEqual(['raised', 'dispatched', 'accepted', 'handled', 'audited']);
    expect(view.stages!.reduce((sum, { open }) => sum + open, 0)).toBe(frame.totals.open);
    expect(view.closed).toBe(frame.totals.closed);
    expect(view.avgCloseHours).toBe(frame.totals.avgCloseHours);
    expect(view.previousCloseHours).toBe(frame.compare.previous?.avgCloseHours);
  });
  it('tell what is late in each as long as the agenda names all that is late', () => {
    const view = toStages(frame);
    expect(view.stages!.reduce((sum, { late }) => sum + late!, 0)).toBe(frame.totals.overdue);
    const many = toStages({ ...frame, totals: { ...frame.totals, overdue: frame.totals.overdue! + 1 } });
    expect(many.stages!.every(({ late }) => late === undefined)).toBe(true);
    expect(many.late).toBe(frame.totals.overdue! + 1);
  });
  it('of the past are not known; what was closed is', () => {
    const view = toStages(pastFrame());
    expect(view.stages).toBeUndefined();
    expect(view.late).toBeUndefined();
    expect(view.closed).toBe(frame.totals.closed);
  });
});
