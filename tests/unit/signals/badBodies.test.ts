import { describe, expect, it } from 'vitest';
import { decodeEntry, encodeEntry } from '../../../server/streams/observations/entry.ts';
import { makerOf, outsideRefusal, receivedOf } from '../../../server/streams/intake/outside.ts';
import { writeRefusal } from '../../../server/streams/intake/writeRefusal.ts';
import { grantFault } from '../../../server/access/writeGrant.ts';
import { event, FIRM, KNOWN, NOW, observed, registered, SEEN, sent, site, USCC, validate, without } from './bodies.ts';

/** What comes in of signals (signals §1): what is taken, in which form, and 60 bodies that are not. */

const signalOf = (value: unknown) => {
  const answer = validate(sent(value), NOW);
  if (!answer.ok || !('signal' in answer)) throw new Error(JSON.stringify(answer));
  return answer.signal;
};

const BAD: [what: string, body: unknown, problem: RegExp][] = [
  // The envelope is that of all events.
  ['no id', { ...observed(), id: undefined }, /^\/id is missing/],
  ['an empty source', observed({}, { source: '' }), /^\/source must NOT have fewer/],
  ['another version', observed({}, { specversion: '0.3' }), /^\/specversion must be "1.0"/],
  ['no time', { ...observed(), time: undefined }, /^\/time is missing/],
  ['a time without an offset', observed({}, { time: '2026-12-01T09:00:00' }), /^\/time .* is no RFC 3339/],
  ['30 February', observed({}, { time: '2026-02-30T09:00:00Z' }), /^\/time .* is no RFC 3339/],
  ['the future', observed({}, { time: '2026-12-01T12:05:01+08:00' }), /^\/time .* in the future/],
  ['the last century', observed({}, { time: '1999-12-31T23:59:59Z' }), /^\/time .* before 2000/],
  ['no data', { ...observed(), data: undefined }, /^\/data is missing/],
  ['data null', { ...observed(), data: null }, /^\/data must be of type object/],
  ['data a list', { ...observed(), data: [] }, /^\/data must be of type object/],
  ['a kindred type', event('wage.signal.observe', SEEN), /^\/type "wage.signal.observe" is unknown/],
  // Observations.
  ['no region', observed(without(SEEN, 'region')), /^\/data\/region is missing/],
  ['another region', observed({ region: '999999' }), /^\/data\/region 999999 is unknown here/],
  ['a region without rules', observed({ region: '310113' }), /^\/data\/region 310113 has no rule pack/],
  ['a town as region', observed({ region: '330110001' }), /^\/data\/region/],
  ['no indicator', observed(without(SEEN, 'indicator')), /^\/data\/indicator is missing/],
  ['an empty indicator', observed({ indicator: '' }), /^\/data\/indicator must NOT have fewer/],
  ['an unknown indicator', observed({ indicator: 'petition.recieved' }), /nearest are petition\.received, /],
  ['an indicator in capitals', observed({ indicator: 'Water.Overdue-Days' }), /nearest are water\.overdue-days, /],
  ['an inherited name', observed({ indicator: 'constructor' }), /is unknown to every version/],
  ['a number as indicator', observed({ indicator: 7 }), /^\/data\/indicator must be of type string/],
  ['a misspelt field', observed({ amountfen: 1 }), /^\/data\/amountfen is not a field/],
  ['nobody', observed(without(SEEN, 'enterprise')), /^\/data names nobody/],
  ['an empty enterprise', observed({ enterprise: {} }), /^\/data names nobody/],
  ['a blank name', observed({ enterprise: { name: ' \u3000\u2003' } }), /^\/data names nobody/],
  ['an empty name', observed({ enterprise: { name: '' } }), /^\/data\/enterprise\/name must NOT have fewer/],
  ['a text as enterprise', observed({ enterprise: '某企业' }), /^\/data\/enterprise must be of type object/],
  ['a uscc of 17', observed({ enterprise: { uscc: USCC.slice(1) } }), /^\/data\/enterprise\/uscc .* is no credit code/],
  [
    'a uscc with I',
    observed({ enterprise: { uscc: `I${USCC.slice(1)}` } }),
    /^\/data\/enterprise\/uscc .* is no credit code/,
  ],
  [
    'a blank uscc',
    observed({ enterprise: { uscc: ' ', name: '某企业' } }),
    /^\/data\/enterprise\/uscc .* is no credit code/,
  ],
  [
    'a bad uscc beside a project',
    observed({ enterprise: { uscc: 'none' }, project: { id: 'P' } }),
    /is no credit code/,
  ],
  ['a project without id', observed({ project: { name: '某项目' } }), /^\/data\/project\/id is missing/],
  ['a blank project id', observed({ project: { id: '\u3000' } }), /^\/data\/project\/id is blank/],
  ['a number as project id', observed({ project: { id: 5 } }), /^\/data\/project\/id must be of type string/],
  ['a value below zero', observed({ value: -0.001 }), /^\/data\/value must be >= 0/],
  ['a value beyond 10⁹', observed({ value: 1_000_000_000.001 }), /^\/data\/value must be <= 1000000000/],
  ['a value as text', observed({ value: '3' }), /^\/data\/value must be of type number/],
  ['a value null', observed({ value: null }), /^\/data\/value must be of type number/],
  ['half a fen', observed({ amountFen: 0.5 }), /^\/data\/amountFen must be of type integer/],
  ['an amount below zero', observed({ amountFen: -1 }), /^\/data\/amountFen must be >= 0/],
  ['an amount beyond all', observed({ amountFen: 1_000_000_000_001 }), /^\/data\/amountFen must be <= /],
  ['half a worker', observed({ workers: 1.5 }), /^\/data\/workers must be of type integer/],
  ['too many workers', observed({ workers: 1_000_001 }), /^\/data\/workers must be <= /],
  ['a date with a time', observed({ until: '2026-12-01T00:00:00Z' }), /^\/data\/until .* must match/],
  ['31 November', observed({ until: '2026-11-31' }), /^\/data\/until 2026-11-31 is no date/],
  ['a date of the last century', observed({ until: '1999-12-31' }), /^\/data\/until 1999-12-31 is not between/],
  ['a long ref', observed({ ref: 'x'.repeat(501) }), /^\/data\/ref must NOT have more/],
  ['a town of another region', observed({ town: '330111001' }), /^\/data\/town 330111001 is no town/],
  ['an unknown industry', observed({ industry: 'Z' }), /^\/data\/industry "Z" is unknown/],
  ['a position off the globe', observed({ location: { lng: 181, lat: 30 } }), /^\/data\/location\/lng must be <= 180/],
  ['half a character', observed({ text: '\ud800' }), /lone surrogate/],
  // Registrations.
  ['no kind', registered(without(FIRM, 'kind')), /^\/data\/kind is missing/],
  ['an unknown kind', registered({ kind: 'person' }), /^\/data\/kind "person" is unknown/],
  ['no enterprise', registered(without(FIRM, 'enterprise')), /^\/data\/enterprise is missing/],
  ['no name', registered({ enterprise: { uscc: USCC } }), /^\/data\/enterprise\/name is missing/],
  ['a blank employer', registered({ enterprise: { uscc: USCC, name: '　' } }), /^\/data\/enterprise\/name is blank/],
  ['a uscc that is none', registered({ enterprise: { uscc: '无', name: '某企业' } }), /is no credit code/],
  ['a project without one', registered({ kind: 'project' }), /^\/data\/project is missing/],
  [
    'an enterprise with one',
    registered({ project: { id: 'P', name: '某' } }),
    /^\/data\/project is not a field of an enterprise/,
  ],
  ['a project without name', site({ project: { id: 'P' } }), /^\/data\/project\/name is missing/],
  ['no town', registered(without(FIRM, 'town')), /^\/data\/town is missing/],
  ['an unknown town', registered({ town: '330110999' }), /^\/data\/town 330110999 is no town/],
  ['no industry', registered(without(FIRM, 'industry')), /^\/data\/industry is missing/],
  ['no status', registered(without(FIRM, 'status')), /^\/data\/status is missing/],
  ['an unknown status', registered({ status: 'closed' }), /^\/data\/status "closed" is unknown/],
  ['a headcount below zero', registered({ headcount: -1 }), /^\/data\/headcount must be >= 0/],
  ['half a head', registered({ headcount: 2.5 }), /^\/data\/headcount must be of type integer/],
  ['capital below zero', registered({ capitalFen: -1 }), /^\/data\/capitalFen must be >= 0/],
  ['29 February of 2025', registered({ startedOn: '2025-02-29' }), /^\/data\/startedOn 2025-02-29 is no date/],
  ['the year 9999', registered({ endedOn: '9999-12-30' }), /^\/data\/endedOn 9999-12-30 is not between/],
  ['a region without rules', registered({ region: '310113' }), /^\/data\/region 310113 has no rule pack/],
];

describe('a body that is not taken', () => {
  it(`is one of at least 60`, () => expect(BAD.length).toBeGreaterThanOrEqual(60));

  it.each(BAD)('%s', (_what, body, problem) => {
    // A lone surrogate does not go through JSON.stringify as it is.
    const value = JSON.stringify(body).includes('\\ud800') ? body : sent(body);
    const answer = validate(value, NOW);
    expect(answer).toMatchObject({ ok: false, problem: expect.stringMatching(problem) as string });
  });

  it('is told where the nearest codes are also when its own is very long', () => {
    const answer = validate(observed({ indicator: 'x'.repeat(500) }), NOW);
    expect(answer).toMatchObject({ ok: false, problem: expect.stringMatching(/^.{60,300}$/) as string });
  });
});

describe('an observation', () => {
  it('goes into the stream with its key, whole thousandths and days', () => {
    const record = signalOf(
      observed({
        value: 2.0005,
        ref: '水-1',
        until: '2026-12-31',
        workers: 3,
        amountFen: 5,
        location: { lng: 120, lat: 30 },
      }),
    );
    expect(record).toMatchObject({
      type: 'observed',
      key: 'N:某企业',
      ref: '水-1',
      value: 2001,
      workers: 3,
      amountFen: 5,
    });
    expect(record).toMatchObject({
      until: Date.UTC(2026, 11, 31) / 86_400_000,
      more: { location: { lng: 120, lat: 30 } },
    });
    const entry = { received: NOW, records: [record] };
    expect(decodeEntry(encodeEntry(entry))).toEqual(entry);
  });

  it('is 1 of its indicator, without a ref, where it says nothing else', () => {
    expect(signalOf(observed())).toMatchObject({ value: 1000, ref: '', amountFen: 0, workers: 0 });
    expect(signalOf(observed())).not.toHaveProperty('until');
  });

  it.each<[string, object, string]>([
    ['a project before all', { project: { id: ' P 1' }, enterprise: { uscc: USCC, name: '某' } }, 'P: P 1'],
    ['a uscc before a name', { enterprise: { uscc: USCC, name: '某' } }, `U:${USCC}`],
    ['a uscc in any way of writing', { enterprise: { uscc: ' 91330110ｍａ2b0c1d2e\t' } }, `U:${USCC}`],
    ['a uscc with another check character', { enterprise: { uscc: '91330110MA2B0C1D2A' } }, 'U:91330110MA2B0C1D2A'],
    ['a name without white space, in NFKC', { enterprise: { name: '某 企\u3000业（Ａ）' } }, 'N:某企业(A)'],
    ['a name keeps its case', { enterprise: { name: 'Abc' } }, 'N:Abc'],
    ['no white space is U+200B', { enterprise: { name: '某\u200b' } }, 'N:某\u200b'],
    ['white space is U+0085', { enterprise: { name: '某\u0085' } }, 'N:某'],
  ])('is told by %s', (_what, data, key) => {
    expect(signalOf(observed(data)).key).toBe(key);
  });
});

describe('a registration', () => {
  it('goes into the stream as a whole, with its uscc in one way of writing', () => {
    const record = signalOf(
      registered({ enterprise: { uscc: USCC.toLowerCase(), name: '某 企业' }, startedOn: '1958-05-01' }),
    );
    expect(record).toEqual({
      type: 'registered',
      time: NOW - 3 * 3_600_000,
      source: 'urn:test:a',
      id: '1',
      key: `U:${USCC}`,
      data: {
        kind: 'enterprise',
        enterprise: { uscc: USCC, name: '某 企业' },
        town: '330110001',
        industry: 'C',
        status: 'active',
        startedOn: '1958-05-01',
      },
    });
  });

  it('of a project has its key, and industry E where it names none', () => {
    expect(signalOf(site({ industry: undefined }))).toMatchObject({ key: 'P:P1', data: { industry: 'E' } });
    expect(signalOf(site())).toMatchObject({ data: { industry: 'C' } });
  });
});

describe('from outside', () => {
  const alert = (type: string, alertId: string, source = 'urn:test:a') => ({ type, source, data: { alertId } });
  it('nothing comes under the program’s own sources, in whatever case', () => {
    for (const source of ['urn:wagewatch:signals', 'urn:wagewatch:', 'URN:WageWatch:desk'])
      expect(outsideRefusal(alert('wage.alert.closed', 'A', source))).toMatch(/^\/source .* own/);
    expect(outsideRefusal(alert('wage.alert.raised', 'A', 'urn:wagewatcher:x'))).toBeUndefined();
    expect(outsideRefusal({ ...observed(), source: 'urn:wagewatch:x' })).toMatch(/^\/source/);
  });

  it('nobody raises an alert of the rules; what happens to it may come from anywhere', () => {
    expect(outsideRefusal(alert('wage.alert.raised', 'SG-2026-1'))).toMatch(
      /^\/data\/alertId "SG-2026-1" begins with SG-/,
    );
    expect(outsideRefusal(alert('wage.alert.raised', 'sg-2026-1'))).toBeUndefined();
    for (const type of ['amended', 'dispatched', 'closed'])
      expect(outsideRefusal(alert(`wage.alert.${type}`, 'SG-2026-1'))).toBeUndefined();
  });

  it('nobody says who has made an event, or for which platform', () => {
    for (const name of ['actor', 'platform'])
      for (const value of ['p1', '', 5, false])
        for (const given of [alert('wage.alert.closed', 'A'), observed()])
          expect(outsideRefusal({ ...given, [name]: value })).toMatch(
            new RegExp(`^/${name} is an attribute that this program`),
          );
  });

  it('what is the program’s own says it, in one way', () => {
    expect(makerOf({})).toBeUndefined();
    expect(makerOf({ actor: 'p1' })).toEqual({ actor: 'p1' });
    expect(makerOf({ actor: 'p1', platform: 'tri-colour' })).toEqual({ actor: 'p1', platform: 'tri-colour' });
    for (const actor of ['', 'x'.repeat(101), 5, {}]) expect(makerOf({ actor })).toMatch(/^\/actor /);
    for (const platform of ['', 'other:', 'others:x', 5])
      expect(makerOf({ platform })).toMatch(/^\/platform must be one of four-/);
  });

  it('only a time is a time of receipt', () => {
    expect(receivedOf({ received: '2026-11-01T00:00:00Z' })).toBe(Date.UTC(2026, 10, 1));
    for (const received of [undefined, 5, 'yesterday', '1990-01-01T00:00:00Z'])
      expect(receivedOf({ received })).toBeUndefined();
  });
});

describe('a token', () => {
  const grant = { source: 'urn:test:a', may: ['wage.signal.observed' as const], channels: ['water' as const] };
  const channelOf = (_region: string, indicator: string) => KNOWN.get(indicator)?.channel;
  const refusal = (indicator: string) =>
    writeRefusal({ role: 'ingest', scope: '330110', ...grant }, observed({ indicator }), channelOf);

  it('that sends observations alone names no alerts', () => {
    expect(grantFault('ingest', grant)).toBeUndefined();
    expect(grantFault('ingest', { ...grant, may: [...grant.may, 'wage.alert.raised'] })).toMatchObject({
      field: 'alerts',
    });
  });

  it('observes for its channels alone', () => {
    expect(refusal('water.overdue-days')).toBeUndefined();
    expect(refusal('petition.received')).toMatch(/^\/data\/indicator "petition.received" is of the channel petition/);
    // What no pack knows is for the validation to say.
    expect(refusal('nothing')).toBeUndefined();
  });
});
