import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { CloudEvent, HTTP } from 'cloudevents';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlertDetail, DeadLetters, IngestAnswer } from '../../contract/rest.ts';
import { raised } from '../support/events.ts';
import { BATCH, get, NDJSON, SINGLE, startServer, until, type RunningServer } from '../support/server.ts';

/** Every way in which events come: each kind of body, compressed or not, with what programs put around it. */

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const at = Date.now() - 3_600_000;
let last = 0;
const good = () => raised(at, { alertId: `WAY-${++last}` });
type Kind = 'single' | 'batch' | 'lines';
const KINDS: Kind[] = ['single', 'batch', 'lines'];
const TYPES: Record<Kind, string> = { single: SINGLE, batch: BATCH, lines: NDJSON };
const bodyOf = (kind: Kind, events: object[]): string =>
  kind === 'single'
    ? JSON.stringify(events[0])
    : kind === 'batch'
      ? JSON.stringify(events)
      : `${events.map((one) => JSON.stringify(one)).join('\n')}\n`;
/** As many events as a body of that kind can hold. */
const some = (kind: Kind) => (kind === 'single' ? [good()] : [good(), good(), good()]);

const blank = Buffer.alloc(16 * 1024 * 1024, 0x0a);
const fast = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
/** 16 MiB of blank lines in some kilobytes. */
const BOMBS = { gzip: gzipSync(blank), br: brotliCompressSync(blank, fast), deflate: deflateSync(blank) };

async function send(body: string | Buffer, headers: Record<string, string>, path = '/api/v1/events') {
  const answer = await fetch(`${server.url}${path}`, { method: 'POST', headers, body: body as BodyInit });
  return { status: answer.status, body: (await answer.json()) as IngestAnswer & { detail?: string } };
}
const detail = (alertId: string) =>
  until('it is counted', () => get<AlertDetail>(server.url, `/api/v1/alerts/${alertId}`).catch(() => undefined));

describe.each(KINDS)('%s', (kind) => {
  const type = { 'content-type': TYPES[kind] };

  it('loses nothing to a byte order mark', async () => {
    const events = some(kind);
    const { status, body } = await send(`\uFEFF${bodyOf(kind, events)}`, type);
    expect([status, body]).toEqual([202, { accepted: events.length, rejected: [], rejectedTotal: 0 }]);
    if (kind !== 'lines') return;
    // Two files, one after the other.
    const two = [good(), good()].map((one) => `\uFEFF${JSON.stringify(one)}\r\n`).join('');
    expect((await send(two, type)).body.accepted).toBe(2);
  });

  it.each([
    ['gzip', gzipSync],
    ['GZip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['identity', (text: string) => Buffer.from(text)],
  ] as const)('is inflated (%s)', async (coding, compress) => {
    const events = some(kind);
    const { status, body } = await send(compress(`\uFEFF${bodyOf(kind, events)}`), {
      ...type,
      'content-encoding': coding,
    });
    expect([status, body.accepted, body.rejectedTotal]).toEqual([202, events.length, 0]);
  });

  it('of a coding that is not taken is told which are', async () => {
    for (const coding of ['zstd', 'compress', 'gzip, gzip', 'aws-chunked', 'x'.repeat(300)]) {
      const { status, body } = await send(bodyOf(kind, some(kind)), { ...type, 'content-encoding': coding });
      expect([coding, status]).toEqual([coding, 415]);
      for (const taken of ['gzip', 'deflate', 'br']) expect(body.detail).toContain(taken);
    }
  });

  it('that is not compressed as it says, or only in part, is refused', async () => {
    const whole = gzipSync(bodyOf(kind, some(kind)));
    for (const body of [bodyOf(kind, some(kind)), whole.subarray(0, whole.length - 12), Buffer.alloc(40, 7)]) {
      const answer = await send(body, { ...type, 'content-encoding': 'gzip' });
      expect(answer.status).toBe(400);
      expect(answer.body.detail).toMatch(/not what Content-Encoding says/);
    }
  });

  it('that grows without end is given up', async () => {
    for (const [coding, bomb] of Object.entries(BOMBS)) {
      const answer = await send(bomb, { ...type, 'content-encoding': coding });
      expect([coding, answer.status]).toEqual([coding, 413]);
    }
  });

  it('names its media type in any case, with parameters', async () => {
    for (const name of [
      TYPES[kind].toUpperCase(),
      `${TYPES[kind]}; charset=UTF-8`,
      `${TYPES[kind]} ;Charset="utf-8"`,
    ]) {
      const { status } = await send(bodyOf(kind, some(kind)), { 'content-type': name });
      expect([name, status]).toEqual([name, 202]);
    }
  });

  it('takes null for what is unset, and for nothing that must be there', async () => {
    const unset = { subject: null, dataschema: null, datacontenttype: null, traceparent: null, data_base64: null };
    const event = { ...good(), ...unset };
    expect((await send(bodyOf(kind, [event]), type)).status).toBe(202);
    for (const name of ['specversion', 'id', 'source', 'type', 'time', 'data', 'Subject']) {
      const { status, body } = await send(bodyOf(kind, [{ ...good(), [name]: null }]), type);
      expect([name, status]).toEqual([name, 422]);
      expect(body.detail).toContain(`/${name}`);
    }
    for (const datacontenttype of ['Application/JSON', 'application/json ; charset=utf-8', 'APPLICATION/JSON;x=y'])
      expect((await send(bodyOf(kind, [{ ...good(), datacontenttype }]), type)).status).toBe(202);
  });
});

describe('the cloudevents package', () => {
  const event = () => {
    const { data, time, ...attributes } = good();
    return new CloudEvent({
      ...attributes,
      time: time,
      data,
      subject: '余杭 良渚',
      traceparent: '00-ab-cd-01',
    });
  };
  const post = ({ headers, body }: { headers: object; body: unknown }) =>
    send(body as string, headers as Record<string, string>);

  it('sends in structured mode', async () => {
    const one = event();
    expect((await post(HTTP.structured(one) as never)).status).toBe(202);
    expect((await detail((one.data as { alertId: string }).alertId)).events).toHaveLength(1);
  });

  it('sends in binary mode', async () => {
    const one = event();
    const message = HTTP.binary(one);
    // The package leaves it to others to encode what no header can hold (binding §3.1.3.2).
    const headers = Object.fromEntries(
      Object.entries(message.headers).map(([name, value]) => [name, encodeURI(String(value))]),
    );
    headers['content-type'] = String(message.headers['content-type'] ?? 'application/json; charset=utf-8');
    expect(headers['ce-id']).toBe(one.id);
    const { status, body } = await post({ headers, body: message.body });
    expect([status, body]).toEqual([202, { accepted: 1, rejected: [], rejectedTotal: 0 }]);
    const [stored] = (await detail((one.data as { alertId: string }).alertId)).events;
    expect(stored).toMatchObject({ id: one.id, source: one.source, type: one.type });
    expect(Date.parse(stored!.time)).toBe(Date.parse(one.time!));
  });

  it('sends batches', async () => {
    const many = [event(), event()];
    const body = JSON.stringify(many.map((one) => one.toJSON()));
    expect((await send(body, { 'content-type': `${BATCH}; charset=utf-8` })).body.accepted).toBe(2);
  });
});

describe('binary mode', () => {
  const attributes = (more: Record<string, string> = {}) => {
    const { specversion, id, source, type, time, data } = good();
    const headers: Record<string, string> = {
      'ce-specversion': specversion,
      'ce-id': id,
      'ce-source': source,
      'ce-type': type,
      'ce-time': time,
      'content-type': 'application/json',
      ...more,
    };
    return { headers, data };
  };
  const sendBinary = (more: Record<string, string> = {}, body?: string | Buffer) => {
    const { headers, data } = attributes(more);
    for (const name of Object.keys(headers)) if (headers[name] === '-') delete headers[name];
    return send(body ?? JSON.stringify(data), headers).then((answer) => ({ ...answer, data }));
  };

  it.each([
    ['as it is', 'plain-1', 'plain-1'],
    ['percent-encoded, one round', 'a%20b%2520%E4%BD%99', 'a b%20余'],
    ['quoted by older senders', '"a \\"b\\" \\\\ %41"', 'a "b" \\ A'],
    ['with a percent sign of its own', '50%zz%', '50%zz%'],
    ['in UTF-8, not encoded', Buffer.from('余杭').toString('latin1'), '余杭'],
  ])('decodes headers: %s', async (_what, sent, id) => {
    const { status, data } = await sendBinary({ 'ce-id': sent });
    expect(status).toBe(202);
    expect((await detail(data.alertId)).events[0]!.id).toBe(id);
  });

  it('takes extensions, any JSON type, no type at all, a mark before the data, and compressed data', async () => {
    const { data } = attributes();
    for (const more of [
      { 'ce-traceparent': '00-ab', 'ce-subject': 'x' },
      { 'content-type': 'Application/JSON; charset=utf-8' },
      { 'content-type': 'application/vnd.wage+json' },
    ])
      expect((await sendBinary(more as unknown as Record<string, string>)).status).toBe(202);
    expect((await sendBinary({}, `\uFEFF${JSON.stringify(data)}`)).status).toBe(202);
    expect((await sendBinary({ 'content-encoding': 'gzip' }, gzipSync(JSON.stringify(data)))).status).toBe(202);
  });

  it.each<[string, Record<string, string>, string | undefined, number, RegExp]>([
    ['without an id', { 'ce-id': '-' }, undefined, 422, /\/id is missing/],
    ['without a time', { 'ce-time': '-' }, undefined, 422, /\/time is missing/],
    ['of another version', { 'ce-specversion': '0.3' }, undefined, 422, /specversion must be "1.0"/],
    ['without data', {}, '', 422, /\/data is missing/],
    ['with data that is text', {}, '"x"', 422, /\/data must be of type object/],
    ['with data that is no JSON', {}, '{', 400, /./],
    // JSON.parse reads them, JSON.stringify cannot write them again.
    ['with data of 9,000 brackets', {}, '['.repeat(9_000) + ']'.repeat(9_000), 422, /\/data must be of type object/],
    [
      'with 9,000 braces',
      {},
      '{"a":'.repeat(9_000) + '1' + '}'.repeat(9_000),
      422,
      /\/data\/\w+ is missing|\/data\/a is not/,
    ],
    [
      'with XML',
      { 'content-type': 'text/xml' },
      '<a/>',
      415,
      /data of the event, as application\/json; it is text\/xml/,
    ],
    ['with data in a header', { 'ce-data': '{}' }, undefined, 400, /ce-data/],
    ['with its media type in a header', { 'ce-datacontenttype': 'text/xml' }, undefined, 400, /ce-datacontenttype/],
    ['with a name that is none', { 'ce-a-b': 'x' }, undefined, 422, /a-b is no CloudEvents attribute/],
    ['with bytes that are no UTF-8', { 'ce-subject': '%ff' }, undefined, 400, /ce-subject is not UTF-8/],
    ['with too much data', {}, JSON.stringify('x'.repeat(1_100_000)), 413, /./],
  ])('is refused %s', async (_what, more, body, status, problem) => {
    const answer = await sendBinary(more, body);
    expect(answer.status).toBe(status);
    expect(answer.body.detail).toMatch(problem);
  });

  it('is kept as a letter that can be sent again, as it is and in binary mode', async () => {
    const { data } = await sendBinary({ 'ce-type': 'wage.alert.raise' });
    const letter = (await get<DeadLetters>(server.url, '/api/v1/dead-letters?limit=1')).items[0]!;
    expect(JSON.parse(letter.body)).toMatchObject({ type: 'wage.alert.raise', data });
    const path = `/api/v1/dead-letters/${letter.id}/resend`;
    expect((await fetch(`${server.url}${path}`, { method: 'POST' })).status).toBe(422);
    const { headers } = attributes();
    expect((await send(gzipSync(JSON.stringify(data)), { ...headers, 'content-encoding': 'gzip' }, path)).status).toBe(
      202,
    );
  });

  it('is kept as it was sent also where it is deep or large, and says what is left of it', async () => {
    const newest = async () => (await get<DeadLetters>(server.url, '/api/v1/dead-letters?limit=1')).items[0]!;
    const deep = `{"alertId":${'['.repeat(2_000)}1.50${']'.repeat(2_000)}}`;
    await sendBinary({ 'ce-id': 'deep-1' }, deep);
    const letter = await newest();
    expect(letter).toMatchObject({ eventId: 'deep-1' });
    expect(letter.truncated).toBeUndefined();
    expect(letter.body.endsWith(`"data":${deep}}`)).toBe(true);
    // Two that differ only where nothing is kept are two letters.
    for (const last of [1, 2]) {
      await sendBinary({ 'ce-id': 'deep-2' }, `{"alertId":${'['.repeat(30_000)}${last}${']'.repeat(30_000)}}`);
      expect(await newest()).toMatchObject({
        eventId: 'deep-2',
        truncated: true,
        digest: expect.stringMatching(/^sha256:/) as string,
      });
    }
    const { items } = await get<DeadLetters>(server.url, '/api/v1/dead-letters?limit=2');
    expect(items.map(({ eventId }) => eventId)).toEqual(['deep-2', 'deep-2']);
    // So large that its data is not read at all: it still says whose it is.
    await sendBinary({ 'ce-id': 'heavy-1' }, `{"alertId":${'['.repeat(200_000)}${']'.repeat(200_000)}}`);
    expect(await newest()).toMatchObject({
      eventId: 'heavy-1',
      source: attributes().headers['ce-source'],
      truncated: true,
    });
  });

  it('is told to those who send plain JSON without headers', async () => {
    const { status, body } = await send('{}', { 'content-type': 'application/json' });
    expect(status).toBe(415);
    expect(body.detail).toContain('ce-…');
  });
});

it('what holds no event is not read to its end', async () => {
  const nothing = await send(Array.from({ length: 60_000 }, (_, i) => `x${i}`).join('\n'), { 'content-type': NDJSON });
  expect([nothing.status, nothing.body.accepted]).toEqual([422, 0]);
  expect(nothing.body.rejectedTotal).toBeLessThan(20_000);
  // The connection can be used again.
  for (let i = 0; i < 4; i++) expect((await send(JSON.stringify(good()), { 'content-type': SINGLE })).status).toBe(202);
  const many = await send(`[${'{},'.repeat(40_000)}{}]`, { 'content-type': BATCH });
  expect(many.status).toBe(413);
  expect(many.body.detail).toContain(NDJSON);
});

it('JSON of other routes is read in the same way', async () => {
  const ask = (body: string | Buffer, headers: Record<string, string> = {}) =>
    send(body, { 'content-type': 'application/json', ...headers }, '/api/v1/access/session');
  const text = JSON.stringify({ token: 'x' });
  for (const [body, coding] of [
    [text, 'identity'],
    [`\uFEFF${text}`, 'identity'],
    [gzipSync(text), 'gzip'],
    [brotliCompressSync(text), 'br'],
  ] as const)
    // The program is open to this machine: whatever token is let in.
    expect([coding, (await ask(body, { 'content-encoding': coding })).status]).toEqual([coding, 200]);
  expect((await ask(text, { 'content-encoding': 'zstd' })).status).toBe(415);
  expect((await ask(gzipSync(Buffer.alloc(1e7, 0x20)), { 'content-encoding': 'gzip' })).status).toBe(413);
  expect((await ask('{"__proto__":{"a":1},"token":"x"}')).status).toBe(400);
});
