import { describe, expect, it } from 'vitest';
import { type WriteGrant } from '../../../contract/access.ts';
import { ACCESS_ROLES } from '../../../contract/roles.ts';
import { EVENT_TYPES } from '../../../contract/codes.ts';
import { fromBeforeLimits, grantFault, grantInForce, sameGrant } from '../../../server/access/writeGrant.ts';
import { writeRefusal } from '../../../server/streams/intake/writeRefusal.ts';

const LIMITED: WriteGrant = {
  source: 'urn:a',
  alerts: ['A-', 'B-'],
  may: ['wage.alert.raised', 'wage.alert.amended'],
  channels: ['water'],
};
const bank = (more: WriteGrant = LIMITED) => ({ role: 'ingest' as const, scope: '330110', ...more });
const event = (data: object = {}, more: object = {}) => ({
  source: 'urn:a',
  type: 'wage.alert.raised',
  ...more,
  data: { region: '330110', alertId: 'A-1', channel: 'water', ...data },
});

describe('an event', () => {
  it.each<[what: string, event: unknown]>([
    ['within all limits', event()],
    ['of the second beginning', event({ alertId: 'B-' })],
    ['without a channel', event({ channel: undefined }, { type: 'wage.alert.amended' })],
    ['with reasons of its channel', event({ reasons: [{ channel: 'water' }] })],
    // What is no event at all is for the validation to say.
    ...[null, 1, 'x', [], {}, { data: null }, event({ region: ['330111'], alertId: 7, channel: {}, reasons: {} })].map(
      (one): [string, unknown] => ['that is none', one],
    ),
    ['with reasons that are none', event({ reasons: [null, 7, 'x', { channel: null }] })],
  ])('%s passes', (_what, one) => {
    expect(writeRefusal(bank(), one)).toBeUndefined();
  });

  it.each<[what: string, event: unknown, problem: RegExp]>([
    [
      'of another region',
      event({ region: '330111' }),
      /^\/data\/region 330111 is not the region of this token, 330110$/,
    ],
    ['of another source', event({}, { source: 'urn:b' }), /^\/source "urn:b" is not the source of this token, urn:a$/],
    [
      'of another type',
      event({}, { type: 'wage.alert.closed' }),
      /^\/type "wage.alert.closed" is not among those that this token may send: wage.alert.raised, wage.alert.amended$/,
    ],
    [
      'about another alert',
      event({ alertId: 'C-A-1' }),
      /^\/data\/alertId "C-A-1" is not an alert of this token: its ids begin with A- or B-$/,
    ],
    ['about an alert in another case', event({ alertId: 'a-1' }), /alertId/],
    [
      'for another channel',
      event({ channel: 'petition' }),
      /^\/data\/channel "petition" is not a channel of this token: water$/,
    ],
    [
      'with a reason of another channel',
      event({ reasons: [{ channel: 'water' }, { channel: 'petition' }] }),
      /^\/data\/reasons\/1\/channel "petition" is not a channel/,
    ],
  ])('%s does not', (_what, one, problem) => {
    expect(writeRefusal(bank(), one)).toMatch(problem);
  });

  it('of any alert, type and channel passes for the trusted, of their source and region alone', () => {
    const foreign = event({ alertId: 'Z', channel: 'petition' }, { type: 'wage.alert.closed', source: 'urn:b' });
    expect(writeRefusal(bank({ trusted: true }), foreign)).toBeUndefined();
    expect(writeRefusal(bank({ trusted: true, source: 'urn:a' }), foreign)).toMatch(/source/);
    expect(writeRefusal(bank({ trusted: true }), event({ region: '330111' }))).toMatch(/region/);
  });

  it('about any alert passes for a platform, of its types and channels; what it raises begins with its own', () => {
    const may = ['wage.alert.accepted', 'wage.alert.raised'] as const;
    const platform = bank({ source: 'urn:p', alerts: ['P-'], may: [...may], platform: 'tri-colour' });
    const sent = (alertId: string, type: string) => event({ alertId, channel: undefined }, { source: 'urn:p', type });
    expect(writeRefusal(platform, sent('Z-1', 'wage.alert.accepted'))).toBeUndefined();
    expect(writeRefusal(platform, sent('Z-1', 'wage.alert.closed'))).toMatch(/^\/type /);
    expect(writeRefusal(platform, sent('Z-1', 'wage.alert.raised'))).toMatch(/^\/data\/alertId "Z-1" is not an alert/);
    expect(writeRefusal(platform, sent('P-1', 'wage.alert.raised'))).toBeUndefined();
    const without = bank({ source: 'urn:p', may: [...may], platform: 'tri-colour' });
    expect(writeRefusal(without, sent('P-1', 'wage.alert.raised'))).toMatch(/alertId/);
  });

  it('passes for an admin, and for nobody who has neither limits nor trust', () => {
    const anything = event({ region: '110000', alertId: 'Z' }, { source: 'urn:b' });
    expect(writeRefusal({ role: 'admin', scope: '330110' }, anything)).toBeUndefined();
    expect(writeRefusal(bank({}), event())).toMatch(/type/);
    expect(writeRefusal(bank({ trusted: false }), event())).toMatch(/type/);
    for (const role of ACCESS_ROLES)
      if (role !== 'admin' && role !== 'ingest')
        expect(writeRefusal({ ...bank(), role }, event())).toMatch(/may not write/);
  });
});

describe('a grant', () => {
  it('from before there were limits is trusted, and keeps its source', () => {
    expect(grantInForce('ingest', {})).toEqual({ trusted: true });
    expect(grantInForce('ingest', { source: 'urn:a' })).toEqual({ source: 'urn:a', trusted: true });
    expect(grantInForce('ingest', LIMITED)).toEqual(LIMITED);
    expect(grantInForce('ingest', { trusted: false })).toEqual({ trusted: false });
    for (const limit of ['alerts', 'may', 'channels'] as const)
      expect(fromBeforeLimits('ingest', { [limit]: LIMITED[limit] })).toBe(false);
    expect(grantInForce('display', {})).toEqual({});
  });

  it('of a new token is whole, or trusted', () => {
    expect(grantFault('ingest', LIMITED)).toBeUndefined();
    expect(grantFault('ingest', { trusted: true })).toBeUndefined();
    expect(grantFault('ingest', {})).toMatchObject({ field: 'source' });
    for (const field of ['source', 'alerts', 'may'] as const) {
      const rest = Object.entries(LIMITED).filter(([name]) => name !== field);
      expect(grantFault('ingest', Object.fromEntries(rest) as WriteGrant)).toMatchObject({ field });
    }
    for (const role of ACCESS_ROLES.filter((one) => one !== 'ingest')) {
      expect(grantFault(role, {})).toBeUndefined();
      expect(grantFault(role, { trusted: true })).toMatchObject({ field: 'trusted' });
    }
  });

  it('for a platform names no alerts unless it raises some; one that raises none has none dispatched', () => {
    const source = 'urn:p';
    const answers = { source, may: ['wage.alert.accepted' as const], platform: 'tri-colour' as const };
    expect(grantFault('ingest', answers)).toBeUndefined();
    const raising = { ...answers, may: ['wage.alert.raised' as const] };
    expect(grantFault('ingest', raising)).toMatchObject({ field: 'alerts' });
    expect(grantFault('ingest', { ...raising, alerts: ['P-'], dispatch: true })).toBeUndefined();
    expect(grantFault('ingest', { ...answers, dispatch: true })).toMatchObject({ field: 'dispatch' });
    expect(grantFault('ingest', { trusted: true, platform: 'other', dispatch: true })).toBeUndefined();
    expect(grantFault('officer', { platform: 'other' })).toMatchObject({ field: 'platform' });
    expect(fromBeforeLimits('ingest', { platform: 'other' })).toBe(false);
    expect(grantInForce('ingest', { ...answers, dispatch: true })).toEqual({ ...answers, dispatch: true });
  });

  it('is another one when any of it is', () => {
    expect(sameGrant(LIMITED, { ...LIMITED, alerts: ['A-', 'B-'] })).toBe(true);
    for (const change of [
      { source: 'b' },
      { alerts: ['A-'] },
      { may: [...EVENT_TYPES] },
      { channels: undefined },
      { trusted: true },
      { platform: 'other' as const },
      { dispatch: true },
    ])
      expect(sameGrant(LIMITED, { ...LIMITED, ...change } as WriteGrant)).toBe(false);
  });
});
