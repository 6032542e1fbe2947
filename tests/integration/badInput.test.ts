import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlertDetail, AlertList, DeadLetters, EnterpriseAnswer, RegionAnswer } from '../../contract/rest.ts';
import type { Frame } from '../../contract/frame.ts';
import { BATCH, get, NDJSON, post, SINGLE, startServer, until, type RunningServer } from '../support/server.ts';
import { event, raised } from '../support/events.ts';

/** Bad bodies, each with the answer it must get; the good events beside them are counted. */

const NOW = Date.now();
const HOUR = 3_600_000;
let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const good = () => raised(NOW - HOUR, { alertId: `good-${Math.random()}` });
/** A valid raised event with something replaced in its data. */
const withData = (change: Record<string, unknown>) => {
  const bad = raised(NOW - HOUR, { alertId: 'bad' }) as unknown as { data: Record<string, unknown> };
  Object.assign(bad.data, change);
  return bad;
};
/** … with something left out. */
const without = (...path: string[]) => {
  const bad = structuredClone(raised(NOW - HOUR, { alertId: 'bad' })) as unknown as Record<string, unknown>;
  const parent = path
    .slice(0, -1)
    .reduce<Record<string, unknown>>((object, key) => object[key] as Record<string, unknown>, bad);
  delete parent[path.at(-1)!];
  return bad;
};
const withEnvelope = (change: Record<string, unknown>) => ({ ...raised(NOW - HOUR, { alertId: 'bad' }), ...change });
const of = (type: Parameters<typeof event>[0], data: Record<string, unknown>) =>
  event(type, NOW - HOUR, { alertId: 'bad', ...data });
const polluted = (key: string) => JSON.parse(`{"${key}": {"polluted": true}}`) as Record<string, unknown>;

/** [what is wrong, the event, a part of the problem's text] */
const badEvents: [what: string, event: unknown, problem: RegExp][] = [
  ['a string', 'event', /must be a JSON object/],
  ['a number', 42, /must be a JSON object/],
  ['null', null, /must be a JSON object/],
  ['an array', [[]], /must be a JSON object/],
  ['an empty object', {}, /type is missing/],
  ['no specversion', without('specversion'), /specversion is missing/],
  ['specversion 0.3', withEnvelope({ specversion: '0.3' }), /specversion must be "1.0"/],
  ['no id', without('id'), /id is missing/],
  ['an empty id', withEnvelope({ id: '' }), /id must NOT have fewer than 1/],
  ['a number as id', withEnvelope({ id: 7 }), /id must be of type string/],
  ['an id of 501 characters', withEnvelope({ id: 'x'.repeat(501) }), /id must NOT have more than 500/],
  ['a unit with a lone surrogate', of('wage.alert.accepted', { unit: '队\udfff' }), /lone surrogate/],
  ['an id with a lone surrogate', withEnvelope({ id: 'a\ud800b' }), /lone surrogate/],
  ['no source', without('source'), /source is missing/],
  ['an empty source', withEnvelope({ source: '' }), /source must NOT have fewer/],
  ['no type', without('type'), /type is missing/],
  ['an unknown type', withEnvelope({ type: 'wage.alert.raise' }), /type "wage.alert.raise" is unknown/],
  ['a type that is no string', withEnvelope({ type: ['wage.alert.raised'] }), /is unknown/],
  ['a type from the prototype', withEnvelope({ type: 'constructor' }), /is unknown/],
  ['no time', without('time'), /time is missing/],
  ['a time without offset', withEnvelope({ time: '2026-11-21T10:00:00' }), /no RFC 3339 time/],
  ['a date as time', withEnvelope({ time: '2026-11-21' }), /no RFC 3339 time/],
  ['30 February', withEnvelope({ time: '2026-02-30T10:00:00+08:00' }), /no RFC 3339 time/],
  ['hour 24', withEnvelope({ time: '2026-02-20T24:00:00+08:00' }), /no RFC 3339 time/],
  ['a number as time', withEnvelope({ time: NOW }), /time must be of type string/],
  [
    'a time 6 minutes ahead',
    withEnvelope({ time: new Date(NOW + 6.5 * 60_000).toISOString() }),
    /more than 5 minutes in the future/,
  ],
  ['the year 9999', withEnvelope({ time: '9999-12-31T23:59:59Z' }), /in the future/],
  ['the year 1999', withEnvelope({ time: '1999-12-31T23:59:59Z' }), /before 2000/],
  ['no data', without('data'), /data is missing/],
  ['data that is text', withEnvelope({ data: '{}' }), /data must be of type object/],
  ['data null', withEnvelope({ data: null }), /data must be of type object/],
  ['data in base64', { ...without('data'), data_base64: 'e30=' }, /data is missing/],
  ['another datacontenttype', withEnvelope({ datacontenttype: 'text/xml' }), /datacontenttype .* must match/],
  ['an attribute in capitals', withEnvelope({ Subject: 'x' }), /Subject is no CloudEvents attribute/],
  ['an extension that is an object', withEnvelope({ nested: { a: 1 } }), /nested must/],
  ['no alertId', without('data', 'alertId'), /alertId is missing/],
  ['an empty alertId', withData({ alertId: '' }), /alertId must NOT have fewer/],
  ['no region', without('data', 'region'), /region is missing/],
  ['an unknown region', withData({ region: '330199' }), /region 330199 is unknown/],
  ['a region that is no code', withData({ region: '余杭' }), /region .* must match/],
  ['a town of another region', withData({ town: '330106001' }), /is no town of region 330110/],
  ['a town that does not exist', withData({ town: '330110999' }), /is no town/],
  ['no tier', without('data', 'tier'), /tier is missing/],
  ['tier purple', withData({ tier: 'purple' }), /tier "purple" is unknown/],
  ['a tier this region does not use', withData({ tier: 'blue' }), /tier blue is not used/],
  ['industry Z', withData({ industry: 'Z' }), /industry "Z" is unknown/],
  ['a channel in capitals', withData({ channel: 'WATER' }), /channel "WATER" is unknown/],
  ['no enterprise', without('data', 'enterprise'), /enterprise is missing/],
  ['an enterprise without a name', withData({ enterprise: { uscc: '91330110MA0000001X' } }), /name is missing/],
  ['an enterprise as text', withData({ enterprise: '某公司' }), /enterprise must be of type object/],
  ['an enterprise with a phone', withData({ enterprise: { name: '某公司', phone: '1' } }), /phone is not a field/],
  ['a name of 501 characters', withData({ enterprise: { name: '某'.repeat(501) } }), /more than 500/],
  ['a project without id', withData({ project: { name: 'x' } }), /id is missing/],
  ['negative workers', withData({ workers: -1 }), /workers must be >= 0/],
  ['half a worker', withData({ workers: 1.5 }), /workers must be of type integer/],
  ['workers as text', withData({ workers: '3' }), /workers must be of type integer/],
  ['ten million workers', withData({ workers: 10_000_000 }), /workers must be <= /],
  ['a negative amount', withData({ amountFen: -5 }), /amountFen must be >= 0/],
  ['yuan with fen as decimals', withData({ amountFen: 12.34 }), /amountFen must be of type integer/],
  ['an amount of 1e20', withData({ amountFen: 1e20 }), /amountFen must be <= /],
  ['an amount of 2^53', withData({ amountFen: 2 ** 53 }), /amountFen must be <= /],
  ['negative arrears', withData({ arrearsDays: -1 }), /arrearsDays must be >= 0/],
  ['a latitude of 91', withData({ location: { lng: 120, lat: 91 } }), /lat must be <= 90/],
  ['a position as text', withData({ location: '120,30' }), /location must be of type object/],
  ['an unknown crs', withData({ location: { lng: 120, lat: 30, crs: 'EPSG:3857' } }), /crs .* is unknown/],
  ['a position with null', withData({ location: { lng: null, lat: 30 } }), /lng must be of type number/],
  ['a score of a million', withData({ score: 1e6 }), /score must be <= /],
  [
    '51 reasons',
    withData({ reasons: Array.from({ length: 51 }, () => ({ channel: 'water', text: 'x' })) }),
    /reasons must NOT have more than 50/,
  ],
  ['a reason without text', withData({ reasons: [{ channel: 'water' }] }), /text is missing/],
  ['a misspelt field', withData({ amountfen: 5 }), /amountfen is not a field/],
  ['__proto__ in data', withData(Object.fromEntries([['x', 1]])), /x is not a field/],
  ['__proto__ as data', { ...raised(NOW, { alertId: 'bad' }), data: polluted('__proto__') }, /./],
  ['constructor in data', withData(polluted('constructor')), /constructor is not a field/],
  ['a dispatch to nowhere', of('wage.alert.dispatched', { platform: 'email' }), /platform "email" is unknown/],
  ['a dispatch with a date as term', of('wage.alert.dispatched', { dueAt: '2026-12-01' }), /dueAt .* no RFC 3339/],
  ['an audit without verdict', of('wage.alert.audited', { verdict: undefined }), /verdict is missing/],
  ['a verdict that is no verdict', of('wage.alert.audited', { verdict: 'true' }), /verdict "true" is unknown/],
  ['a recovery without workers', of('wage.wages.recovered', { workers: undefined }), /workers is missing/],
  ['an amendment to an unknown town', of('wage.alert.amended', { town: '330110998' }), /is no town/],
  ['text of 3 MB', withData({ enterprise: { name: 'x'.repeat(3_000_000) } }), /more than 500/],
];

const deep = (n: number) => `${'['.repeat(n)}${']'.repeat(n)}`;

/** [what is wrong, media type, body, status] */
const badBodies: [what: string, type: string, body: string | Buffer, status: number][] = [
  ['an empty single', SINGLE, '', 400],
  ['an empty batch body', BATCH, '', 400],
  ['an empty NDJSON body', NDJSON, '', 422],
  ['NDJSON of blank lines', NDJSON, '\n\n \n', 422],
  ['an empty batch', BATCH, '[]', 422],
  ['no JSON', SINGLE, '{"specversion": ', 400],
  ['no JSON in a batch', BATCH, '[{}', 400],
  ['a batch that is an object', BATCH, '{}', 422],
  ['NDJSON without JSON', NDJSON, 'hello\n', 422],
  ['XML', 'application/xml', '<event/>', 415],
  ['plain JSON', 'application/json', '{}', 415],
  ['a form', 'application/x-www-form-urlencoded', 'a=1', 415],
  ['a media type that is none', 'events', '{}', 415],
  ['bad UTF-8', SINGLE, Buffer.from([0x22, 0xc3, 0x28, 0x22]), 400],
  ['bad UTF-8 in NDJSON', NDJSON, Buffer.from([0x22, 0xc3, 0x28, 0x22, 10]), 422],
  ['a single of 2 MB', SINGLE, JSON.stringify({ a: 'x'.repeat(2_000_000) }), 413],
  ['a batch of 40 MB', BATCH, `["${'x'.repeat(40_000_000)}"]`, 413],
  ['100 000 brackets', SINGLE, deep(100_000), 422],
  ['100 000 brackets in a batch', BATCH, `[${deep(100_000)}]`, 422],
  ['100 000 brackets for a type', BATCH, `[{"type":${deep(100_000)}}]`, 422],
  ['100 000 brackets in NDJSON', NDJSON, deep(100_000), 422],
  ['an NDJSON line of 10 MB', NDJSON, `{"a":"${'x'.repeat(10_000_000)}"}\n`, 422],
  ['nothing but a byte order mark', SINGLE, '\ufeff', 400],
  ['an empty event after a byte order mark', SINGLE, '\ufeff{}', 422],
  ['a batch of 5 MB', BATCH, `[${JSON.stringify({ a: 'x'.repeat(5_000_000) })}]`, 413],
  ['NaN', SINGLE, '{"a": NaN}', 400],
];

describe('bad input', () => {
  it('is a table of at least 60', () => {
    expect(badEvents.length + badBodies.length).toBeGreaterThanOrEqual(60);
  });

  it.each(badEvents)('%s: 422 with the reason, alone', async (_what, bad, problem) => {
    const { status, body } = await post(server.url, `[${JSON.stringify(bad)}]`, BATCH);
    expect(status).toBe(422);
    expect(body).toMatchObject({ status: 422, accepted: 0, rejectedTotal: 1 });
    expect(body.detail).toMatch(problem);
  });

  it.each(badBodies)('%s (%s)', async (_what, type, bad, status) => {
    const answer = await post(server.url, bad, type);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({
      status,
      title: expect.any(String) as unknown,
      detail: expect.any(String) as unknown,
    });
  });

  it('of another media type is told which are taken', async () => {
    const { body } = await post(server.url, '{}', 'application/json');
    expect(body.detail).toContain('application/json');
    for (const type of [SINGLE, BATCH, NDJSON]) expect(body.detail).toContain(type);
  });

  it('does not spoil the good events beside it, and is kept with its reasons', async () => {
    const before = await get<Frame>(server.url, '/api/v1/snapshot?window=24h');
    const lettersBefore = (await get<DeadLetters>(server.url, '/api/v1/dead-letters')).total;
    const goods = badEvents.map(good);
    const mixed = badEvents.flatMap(([, bad], i) => [goods[i], bad]);
    const answer = await post(server.url, `${mixed.map((one) => JSON.stringify(one)).join('\n')}\nno json\n`, NDJSON);
    expect(answer.status).toBe(202);
    // The line of 3 MB is among them: too long to be read as an event at all.
    expect(answer.body).toMatchObject({ accepted: goods.length, rejectedTotal: badEvents.length + 1 });
    const rejected = answer.body.rejected as { index: number; problem: string }[];
    expect(rejected[0]).toMatchObject({ index: 1, problem: expect.stringContaining('JSON object') as unknown });
    await until(
      'all good ones are counted',
      async () =>
        (await get<Frame>(server.url, '/api/v1/snapshot?window=24h')).totals.raised ===
        before.totals.raised + goods.length,
    );
    expect((await get<DeadLetters>(server.url, '/api/v1/dead-letters')).total).toBeGreaterThanOrEqual(lettersBefore);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('can be corrected and sent again', async () => {
    const bad = withData({ workers: -3, alertId: 'corrected' });
    await post(server.url, [bad]);
    const letter = (await get<DeadLetters>(server.url, '/api/v1/dead-letters?limit=1')).items[0]!;
    expect(letter.problem).toContain('workers must be >= 0');
    const resend = (body?: string) =>
      fetch(`${server.url}/api/v1/dead-letters/${letter.id}/resend`, {
        method: 'POST',
        ...(body === undefined ? {} : { body, headers: { 'content-type': SINGLE } }),
      });
    // Without a body, also if a media type is named: as it is.
    for (const nothing of [undefined, '']) expect((await resend(nothing)).status).toBe(422);
    const corrected = { ...bad, data: { ...bad.data, workers: 3 } };
    expect((await resend(JSON.stringify(corrected))).status).toBe(202);
    expect((await fetch(`${server.url}/api/v1/dead-letters/${letter.id}`)).status).toBe(404);
    await until('it is counted', async () => 'corrected' in (await get<Frame>(server.url, '/api/v1/snapshot')).latest);
  });

  it.each([
    ['/api/v1/snapshot?scope=abc', 400, 'scope'],
    ['/api/v1/snapshot?scope=330110999', 404, 'scope'],
    ['/api/v1/snapshot?scope=110000', 404, 'scope'],
    ['/api/v1/snapshot?window=fortnight', 400, 'window'],
    ['/api/v1/snapshot?at=yesterday', 400, 'at'],
    ['/api/v1/snapshot?at=2026-11-01T00:00:00%2B0800', 400, 'at'],
    ['/api/v1/snapshot?at=2999-01-01T00:00:00Z', 400, 'at'],
    ['/api/v1/snapshot?at=1990-01-01T00:00:00Z', 400, 'at'],
    ['/api/v1/snapshot?colour=red', 400, 'colour'],
    ['/api/v1/regions/999999', 404, 'code'],
    ['/api/v1/series', 400, 'measure'],
    ['/api/v1/series?measure=height', 400, 'measure'],
    ['/api/v1/series?measure=raised&split=colour', 400, 'split'],
    ['/api/v1/series?measure=raised&step=fortnight', 400, 'step'],
    ['/api/v1/series?measure=raised&from=yesterday', 400, 'from'],
    ['/api/v1/series?measure=raised&from=2026-11-01T00:00:00%2B08', 400, 'from'],
    ['/api/v1/series?measure=raised&to=2026-11-01%2000:00:00Z', 400, 'to'],
    ['/api/v1/replay?from=2026-11-01T00:00:00%2B0800&to=2026-11-02T00:00:00Z&step=hour', 400, 'from'],
    ['/api/v1/access/trail?from=2026-11-01T00:00:00%2B0800', 400, 'from'],
    ['/api/v1/alerts?from=2026-11-01T00:00:00%2B0800', 400, 'from'],
    ['/api/v1/series?measure=raised&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 400, 'from'],
    ['/api/v1/series?measure=raised&to=9999-12-31T23:59:59Z', 400, 'to'],
    ['/api/v1/series?measure=raised&step=minute&from=2020-01-01T00:00:00Z', 400, 'step'],
    ['/api/v1/alerts?tier=purple', 400, 'tier'],
    ['/api/v1/alerts?cursor=nonsense', 400, 'cursor'],
    [`/api/v1/alerts?q=${'x'.repeat(5000)}`, 400, 'q'],
    ['/api/v1/alerts/none', 404, 'id'],
    ['/api/v1/dead-letters?limit=0', 400, 'limit'],
    ['/api/v1/dead-letters/none', 404, 'id'],
    ['/api/v1/alerts/%E5%B7%A', 400, undefined],
    [`/api/v1/alerts/${'%E5%B7%A5'.repeat(500)}`, 404, 'id'],
    [`/api/v1/alerts/${'x'.repeat(1500)}`, 414, undefined],
    [`/api/v1/alerts?q=${'x'.repeat(20_000)}`, 431, undefined],
  ])('%s: %i, naming the parameter', async (path, status, parameter) => {
    const response = await fetch(`${server.url}${path}`);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ status, ...(parameter === undefined ? {} : { parameter }) });
  });

  it('leaves the server well', async () => {
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect(server.output()).not.toContain('request failed');
  });
});

describe('odd input, which is kept and flagged', () => {
  const INSIDE = { lng: 120.04, lat: 30.37 };
  const OUTSIDE = { lng: 0, lat: 0 };
  const VALID = '91330100799655058B';
  const kept: [alertId: string, data: object][] = [
    ['odd-outside', { location: OUTSIDE }],
    ['odd-inside', { location: INSIDE }],
    ['odd-form', { enterprise: { name: '某甲', uscc: 'ab 12' } }],
    ['odd-check', { enterprise: { name: '某乙', uscc: `${VALID.slice(0, 17)}C` } }],
    ['odd-right', { enterprise: { name: '某丙', uscc: VALID } }],
  ];
  beforeAll(async () => {
    const events = kept.map(([alertId, data]) => raised(NOW - HOUR, { alertId, ...data }));
    expect(await post(server.url, events)).toMatchObject({ status: 202, body: { accepted: kept.length } });
    await until('all are counted', async () => (await list('q=odd-')).total === kept.length);
  });
  const list = (query: string) => get<AlertList>(server.url, `/api/v1/alerts?${query}`);

  it('a position outside the region is in no brief, and asked for, counted and measured', async () => {
    const outside = await list('positionOutside=true');
    expect(outside).toMatchObject({ total: 1, items: [{ alertId: 'odd-outside', positionOutside: true }] });
    expect(outside.items[0]).not.toHaveProperty('location');
    const others = await list('positionOutside=false&limit=200');
    expect(others.total).toBe((await list('')).total - 1);
    expect(others.items.map(({ alertId }) => alertId)).not.toContain('odd-outside');
    expect(others.items.find(({ alertId }) => alertId === 'odd-inside')).toMatchObject({ location: INSIDE });
    expect(others.items.filter((one) => 'positionOutside' in one)).toEqual([]);
    // The position that was given is still to be seen.
    expect(await get<AlertDetail>(server.url, '/api/v1/alerts/odd-outside')).toMatchObject({
      positionOutside: true,
      outsideLocation: OUTSIDE,
    });
    expect((await get<RegionAnswer>(server.url, '/api/v1/regions/330110')).positionsOutside).toBe(1);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/^wagewatch_positions_outside\{region="330110"\} 1$/m);
  });

  it.each([
    ['odd-form', 'AB12', 'form'],
    ['odd-check', `${VALID.slice(0, 17)}C`, 'check'],
    ['odd-right', VALID, undefined],
  ])('the uscc of %s is in list, detail and portrait, with what is wrong with it', async (alertId, uscc, usccFault) => {
    const { items } = await list(`q=${alertId}`);
    const detail = await get<AlertDetail>(server.url, `/api/v1/alerts/${alertId}`);
    for (const brief of [items[0]!, detail])
      expect([brief.enterprise.uscc, brief.usccFault]).toEqual([uscc, usccFault]);
    const portrait = await get<EnterpriseAnswer>(server.url, `/api/v1/enterprises/${uscc}`);
    expect([portrait.uscc, portrait.usccFault]).toEqual([uscc, usccFault]);
    expect(portrait.alerts.map((brief) => brief.usccFault)).toEqual([usccFault]);
  });
});

describe('senders that leave at once', () => {
  it('are no fault of the server, whichever address they then no longer have', async () => {
    const { port, host } = new URL(server.url);
    const leave = () =>
      new Promise<void>((resolve) => {
        const socket = connect(Number(port), '127.0.0.1', () => {
          socket.write(`POST /api/v1/access/pairings HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\n\r\n`, () => {
            socket.resetAndDestroy();
            resolve();
          });
        });
        socket.on('error', () => {
          resolve();
        });
      });
    for (let round = 0; round < 10; round++) await Promise.all(Array.from({ length: 20 }, leave));
    // What came before has been dealt with when this is answered.
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect(server.output().match(/request failed|TypeError/g) ?? []).toEqual([]);
  });
});
