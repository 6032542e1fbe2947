import { describe, expect, it } from 'vitest';
import { EVENT_DATA } from '../../../contract/events.ts';
import { EVENT_TYPES } from '../../../contract/codes.ts';
import { createValidator } from '../../../server/streams/intake/validate.ts';
import { raised } from '../../support/events.ts';

const NOW = Date.parse('2026-11-21T18:24:07+08:00');
const validate = createValidator(() => ({
  towns: new Set(['330110010']),
  tiers: new Set(['red', 'orange', 'yellow']),
}));
const event = (type: string, data: object) => ({
  specversion: '1.0',
  id: '1',
  source: 's',
  type,
  time: '2026-11-21T10:00:00Z',
  data: { alertId: 'A', region: '330110', ...data },
});

it('counts the characters of a string that is too long as its limit does', () => {
  const name = '\u{1f600}'.repeat(501);
  expect(validate(raised(NOW, { alertId: 'A', enterprise: { name } }), NOW)).toMatchObject({
    problem: '/data/enterprise/name must NOT have more than 500 characters, it has 501',
  });
  const { ok } = validate(raised(NOW, { alertId: 'A', enterprise: { name: name.slice(2) } }), NOW);
  expect(ok).toBe(true);
});

describe('a time in data', () => {
  /** By type and field: an event that is right but for it. A time field that is not here fails the first test. */
  const events: Record<string, (at: string) => object> = {
    'wage.alert.dispatched dueAt': (dueAt) =>
      event('wage.alert.dispatched', { platform: 'other', unit: '甲队', dueAt }),
    'wage.case.extended dueAt': (dueAt) => event('wage.case.extended', { dueAt, reason: '某理由' }),
    'wage.case.supervised dueAt': (dueAt) => event('wage.case.supervised', { level: 'notice', text: '某事由', dueAt }),
  };
  const fields = EVENT_TYPES.flatMap((type) =>
    Object.entries(EVENT_DATA[type].properties as Record<string, { format?: string }>)
      .filter(([, { format }]) => format === 'date-time')
      .map(([name]) => `${type} ${name}`),
  );

  it('is known to these tests', () => expect(Object.keys(events)).toEqual(fields));

  it.each(fields)('%s lies in the years 2000 to 2100 of the region', (field) => {
    const name = field.split(' ')[1]!;
    for (const [at, problem] of [
      ['9999-12-31T23:59:59Z', 'is after the year 2100: a term lies in the years 2000 to 2100'],
      ['2101-01-01T00:00:00+08:00', 'is after the year 2100: a term lies in the years 2000 to 2100'],
      ['2100-12-31T16:00:00Z', 'is after the year 2100: a term lies in the years 2000 to 2100'],
      ['1999-12-31T23:59:59.999+08:00', 'is before the year 2000: a term lies in the years 2000 to 2100'],
      ['0001-01-01T00:00:00Z', 'is before the year 2000: a term lies in the years 2000 to 2100'],
    ])
      expect(validate(events[field]!(at!), NOW)).toMatchObject({
        ok: false,
        problem: `/data/${name} ${at} ${problem}`,
      });
    for (const at of ['2000-01-01T00:00:00+08:00', '1999-12-31T16:00:00Z', '2100-12-31T23:59:59.999+08:00'])
      expect(validate(events[field]!(at), NOW), at).toMatchObject({ ok: true });
  });
});

describe('an employer', () => {
  const stored = (enterprise: { uscc?: string; name: string }, amended = false) => {
    const value = amended
      ? event('wage.alert.amended', { enterprise })
      : raised(NOW - 1000, { alertId: 'A', town: '330110010', enterprise });
    const answer = validate(value, NOW);
    if (!answer.ok || !('accepted' in answer)) throw new Error(JSON.stringify(answer));
    return (answer.accepted.event.data as { enterprise: object }).enterprise;
  };

  it.each([false, true])('is kept with its uscc in one way of writing (amended: %s)', (amended) => {
    for (const uscc of ['91330100799655058B', '91330100799655058b', ' ９１３３０１００\u3000799655058Ｂ\t'])
      expect(stored({ uscc, name: '甲（余杭） ' }, amended)).toEqual({
        uscc: '91330100799655058B',
        name: '甲（余杭） ',
      });
    // What is no uscc is kept, and flagged where it is shown.
    expect(stored({ uscc: 'none yet', name: '甲' }, amended)).toEqual({ uscc: 'NONEYET', name: '甲' });
    expect(stored({ uscc: ' \u3000', name: '甲' }, amended)).toEqual({ name: '甲' });
  });
});
