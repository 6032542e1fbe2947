import { expect, it } from 'vitest';
import { FIRM, NOW, observed, registered, SEEN, sent, site, USCC, validate, without } from './bodies.ts';

/** 60 more bodies that are not taken, most of them a field that is nearly right: each is refused with its path and the reason. */

const LONG = 'x'.repeat(501);
const BAD: [what: string, body: unknown, problem: RegExp][] = [
  ['no object', 7, /JSON object/],
  ['a list', [observed()], /JSON object/],
  ['an id that is a number', observed({}, { id: 1 }), /^\/id must be of type string/],
  ['an empty id', observed({}, { id: '' }), /^\/id must NOT have fewer/],
  ['an id of 501', observed({}, { id: LONG }), /^\/id must NOT have more/],
  ['a source of 501', observed({}, { source: LONG }), /^\/source must NOT have more/],
  ['a type that is a number', observed({}, { type: 9 }), /^\/type/],
  ['a time in ms', observed({}, { time: NOW }), /^\/time must be of type string/],
  ['a minute of 62 seconds', observed({}, { time: '2026-11-30T23:59:61Z' }), /^\/time/],
  ['a day alone', observed({}, { time: '2026-12-01' }), /^\/time .* is no RFC 3339/],
  // Observations.
  ['a region that is a number', observed({ region: 330110 }), /^\/data\/region must be of type string/],
  ['a region null', observed({ region: null }), /^\/data\/region must be of type string/],
  ['an indicator null', observed({ indicator: null }), /^\/data\/indicator must be of type string/],
  ['a list of indicators', observed({ indicator: ['petition.received'] }), /^\/data\/indicator must be of type string/],
  ['a code with a space', observed({ indicator: 'petition.received ' }), /nearest are petition\.received, /],
  ['a code of 501', observed({ indicator: LONG }), /^\/data\/indicator must NOT have more/],
  ['enterprise null', observed({ enterprise: null }), /^\/data\/enterprise must be of type object/],
  ['a list of enterprises', observed({ enterprise: [{ name: '某' }] }), /^\/data\/enterprise must be of type object/],
  [
    'a field too many',
    observed({ enterprise: { name: '某', phone: '1' } }),
    /^\/data\/enterprise\/phone is not a field/,
  ],
  ['a uscc that is a number', observed({ enterprise: { uscc: 9.1e17 } }), /^\/data\/enterprise\/uscc must be of type/],
  ['a uscc of 19', observed({ enterprise: { uscc: `${USCC}1` } }), /^\/data\/enterprise\/uscc .* is no credit code/],
  [
    'a name that is a number',
    observed({ enterprise: { name: 5 } }),
    /^\/data\/enterprise\/name must be of type string/,
  ],
  ['a name of 501', observed({ enterprise: { name: LONG } }), /^\/data\/enterprise\/name must NOT have more/],
  ['project null', observed({ project: null }), /^\/data\/project must be of type object/],
  ['a text as project', observed({ project: 'P1' }), /^\/data\/project must be of type object/],
  ['an empty project id', observed({ project: { id: '' } }), /^\/data\/project\/id must NOT have fewer/],
  [
    'a field too many of a project',
    observed({ project: { id: 'P', town: '1' } }),
    /^\/data\/project\/town is not a field/,
  ],
  ['ref null', observed({ ref: null }), /^\/data\/ref must be of type string/],
  ['a ref that is a number', observed({ ref: 12 }), /^\/data\/ref must be of type string/],
  ['a value of yes', observed({ value: true }), /^\/data\/value must be of type number/],
  ['an amount as text', observed({ amountFen: '500' }), /^\/data\/amountFen must be of type integer/],
  ['workers below zero', observed({ workers: -1 }), /^\/data\/workers must be >= 0/],
  ['workers as text', observed({ workers: '3' }), /^\/data\/workers must be of type integer/],
  ['until as a number', observed({ until: 20261231 }), /^\/data\/until must be of type string/],
  ['until without hyphens', observed({ until: '20261231' }), /^\/data\/until .* must match/],
  ['until after 2100', observed({ until: '2101-01-01' }), /^\/data\/until 2101-01-01 is not between/],
  ['a text of 501', observed({ text: LONG }), /^\/data\/text must NOT have more/],
  ['a text that is a list', observed({ text: [] }), /^\/data\/text must be of type string/],
  ['a town of 6 digits', observed({ town: '330110' }), /^\/data\/town/],
  ['a town that there is not', observed({ town: '330110099' }), /^\/data\/town 330110099 is no town/],
  ['an industry in small letters', observed({ industry: 'c' }), /^\/data\/industry "c" is unknown/],
  ['a place as text', observed({ location: '120,30' }), /^\/data\/location must be of type object/],
  ['a place without latitude', observed({ location: { lng: 120 } }), /^\/data\/location\/lat is missing/],
  ['a latitude of 91', observed({ location: { lng: 120, lat: 91 } }), /^\/data\/location\/lat must be <= 90/],
  [
    'an unknown datum',
    observed({ location: { lng: 120, lat: 30, crs: 'X' } }),
    /^\/data\/location\/crs "X" is unknown/,
  ],
  ['fields of an alert', observed({ alertId: 'A' }), /^\/data\/alertId is not a field/],
  // Registrations.
  ['no region', registered(without(FIRM, 'region')), /^\/data\/region is missing/],
  ['another region', registered({ region: '999999' }), /^\/data\/region 999999 is unknown here/],
  ['kind null', registered({ kind: null }), /^\/data\/kind/],
  ['a text as employer', registered({ enterprise: '某企业' }), /^\/data\/enterprise must be of type object/],
  ['an empty name', registered({ enterprise: { name: '' } }), /^\/data\/enterprise\/name must NOT have fewer/],
  ['a uscc with O', registered({ enterprise: { uscc: `O${USCC.slice(1)}`, name: '某' } }), /is no credit code/],
  ['project null', registered({ project: null }), /^\/data\/project must be of type object/],
  ['a blank project id', site({ project: { id: ' ', name: '某项目' } }), /^\/data\/project\/id is blank/],
  ['a blank project name', site({ project: { id: 'P', name: '\u3000' } }), /^\/data\/project\/name is blank/],
  ['a town of another region', registered({ town: '330111001' }), /^\/data\/town 330111001 is no town/],
  ['an industry that there is not', registered({ industry: 'U' }), /^\/data\/industry "U" is unknown/],
  ['status in Chinese', registered({ status: '在营' }), /^\/data\/status "在营" is unknown/],
  ['a headcount as text', registered({ headcount: '20' }), /^\/data\/headcount must be of type integer/],
  ['more heads than a city has', registered({ headcount: 1_000_001 }), /^\/data\/headcount must be <= 1000000/],
  ['half a fen of capital', registered({ capitalFen: 0.5 }), /^\/data\/capitalFen must be of type integer/],
  ['capital beyond 2⁵³', registered({ capitalFen: 2 ** 53 }), /^\/data\/capitalFen must be <= /],
  ['a place off the globe', registered({ location: { lng: -181, lat: 0 } }), /^\/data\/location\/lng must be >= -180/],
  ['an address of 501', registered({ address: LONG }), /^\/data\/address must NOT have more/],
  ['what begins when nothing ends', registered({ startedOn: '9999-12-31' }), /^\/data\/startedOn .* is not between/],
  ['the year 1899', registered({ startedOn: '1899-12-31' }), /^\/data\/startedOn 1899-12-31 is not between/],
  ['31 April', registered({ endedOn: '2026-04-31' }), /^\/data\/endedOn 2026-04-31 is no date/],
  ['a month alone', registered({ startedOn: '2026-04' }), /^\/data\/startedOn .* must match/],
  ['fields of an observation', registered({ indicator: SEEN.indicator }), /^\/data\/indicator is not a field/],
  ['workers, which is of observations', registered({ workers: 3 }), /^\/data\/workers is not a field/],
];

it('are at least 60', () => expect(BAD.length).toBeGreaterThanOrEqual(60));

it.each(BAD)('%s', (_what, body, problem) => {
  const answer = validate(sent(body), NOW);
  expect(answer).toMatchObject({ ok: false, problem: expect.stringMatching(problem) as string });
});

it('are refused as they stand: what they were spoilt from is taken', () => {
  for (const body of [observed(), registered(), site()]) expect(validate(sent(body), NOW)).toMatchObject({ ok: true });
});

it('have an end that registers write for no end', () => {
  for (const body of [observed({ until: '9999-12-31' }), registered({ endedOn: '9999-12-31' })])
    expect(validate(sent(body), NOW)).toMatchObject({ ok: true });
});
