import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { ALERT_EVENT_TYPES } from '../../contract/codes.ts';
import { envelope, type WageEvent } from '../../contract/events.ts';
import type { IngestAnswer } from '../../contract/rest.ts';
import type { RegionPack } from '../../contract/region.ts';
import { BATCH, NDJSON, SINGLE } from '../support/server.ts';
import { send } from './http.ts';
import type { Ledger } from './ledger.ts';
import { mutate, mutateText, mutationArbitrary, toText, withoutDepth, type Mutation } from './mutate.ts';
import type { Judgement } from './rules.ts';
import { schemaArbitrary, timeArbitrary, type JsonSchema, type Known } from './schemaArbitrary.ts';

/** Bodies of `POST /api/v1/events`: valid ones from the schemas of the contract, then spoilt. */
export interface BodyCase {
  kind: 'single' | 'batch' | 'lines';
  /** Position of the media type among its spellings. */
  type: number;
  events: { event: unknown; spoilt: Mutation[] }[];
  /** Sent twice in the same body. */
  repeat: boolean;
  /** What is put around the body: a byte order mark before it, a coding, attributes as headers. */
  mark: boolean;
  coding: keyof typeof CODINGS;
  binary: boolean;
  text: Mutation[];
}

const ALERTS = 400;
const TYPES: Record<BodyCase['kind'], readonly string[]> = {
  single: [SINGLE, `${SINGLE}; charset=utf-8`, SINGLE.toUpperCase()],
  batch: [BATCH, `${BATCH};charset=UTF-8`],
  lines: [NDJSON, `${NDJSON}; charset=utf-8`],
};
const OTHER_TYPES = [
  'application/json',
  'text/plain',
  'application/cloudevents',
  'a',
  'multipart/form-data; boundary=x',
  `${SINGLE}x`,
  '*/*',
  '; charset=utf-8',
];
const MAX_LINE = 256 * 1024;
/** Bytes of a body, inflated (contract §1). Lines go on for ever. */
const MAX_BODY = { single: 1024 * 1024, batch: 4 * 1024 * 1024, lines: Infinity } as const;
const CODINGS = {
  none: undefined,
  gzip: gzipSync,
  deflate: deflateSync,
  raw: deflateRawSync,
  br: brotliCompressSync,
  /** None that is taken. */
  zstd: undefined,
} as const;
const CODING_NAMES: Partial<Record<keyof typeof CODINGS, string>> = {
  gzip: 'gzip',
  deflate: 'deflate',
  raw: 'Deflate',
  br: 'br',
  zstd: 'zstd',
};

export function bodyArbitrary(pack: RegionPack, now: number, lane: string): fc.Arbitrary<BodyCase> {
  const text = (words: readonly string[]) =>
    fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(...words) },
      { weight: 1, arbitrary: schemaArbitrary({ type: 'string', minLength: 1, maxLength: 500 }, {}) },
    );
  const amount = fc.oneof(
    { weight: 200, arbitrary: fc.integer({ min: 0, max: 1e9 }) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1, 1e12) },
  );
  const known: Known = {
    time: timeArbitrary(now),
    region: fc.oneof(
      { weight: 40, arbitrary: fc.constant(pack.code) },
      { weight: 1, arbitrary: fc.constantFrom('110000', '330100', '000000') },
    ),
    town: fc.oneof(
      { weight: 40, arbitrary: fc.constantFrom(...pack.towns.map(({ code }) => code)) },
      { weight: 1, arbitrary: fc.constantFrom('330110999', '330111001') },
    ),
    tier: fc.oneof(
      { weight: 40, arbitrary: fc.constantFrom(...pack.tiers.map(({ tier }) => tier)) },
      { weight: 1, arbitrary: fc.constant('blue') },
    ),
    alertId: text(Array.from({ length: ALERTS }, (_, i) => `A${i}`)),
    id: fc.oneof(
      { weight: 12, arbitrary: fc.nat(2 ** 31 - 1).map((n) => `${lane}${n}`) },
      { weight: 1, arbitrary: fc.nat(500).map((n) => `again-${n}`) },
      { weight: 1, arbitrary: schemaArbitrary({ type: 'string', minLength: 1, maxLength: 500 }, {}) },
    ),
    source: text(['urn:fuzz:a', 'urn:fuzz:b']),
    unit: text(['综合执法队', '劳动监察大队']),
    enterprise: fc.record(
      { uscc: fc.constantFrom('91330110A', '91330110B'), name: text(['某甲有限公司', '某乙有限公司']) },
      { requiredKeys: ['name'] },
    ),
    amountFen: amount,
  };
  const event = fc
    .constantFrom(...ALERT_EVENT_TYPES)
    .chain((type) => schemaArbitrary(envelope(type) as unknown as JsonSchema, known));
  const spoilt = fc.oneof(
    { weight: 3, arbitrary: fc.constant<Mutation[]>([]) },
    { weight: 4, arbitrary: fc.array(mutationArbitrary, { minLength: 1, maxLength: 3 }) },
  );
  return fc.record({
    kind: fc.constantFrom('single', 'batch', 'lines'),
    type: fc.oneof(
      { weight: 20, arbitrary: fc.nat(2) },
      { weight: 1, arbitrary: fc.integer({ min: -OTHER_TYPES.length, max: -1 }) },
    ),
    events: fc.oneof(
      { weight: 10, arbitrary: fc.array(fc.record({ event, spoilt }), { minLength: 1, maxLength: 4 }) },
      { weight: 1, arbitrary: fc.constant<BodyCase['events']>([]) },
    ),
    repeat: fc.boolean(),
    mark: fc.nat(9).map((n) => n === 0),
    coding: fc.oneof(
      { weight: 12, arbitrary: fc.constant('none' as const) },
      { weight: 4, arbitrary: fc.constantFrom('gzip' as const, 'deflate' as const, 'raw' as const, 'br' as const) },
      { weight: 1, arbitrary: fc.constant('zstd' as const) },
    ),
    binary: fc.nat(7).map((n) => n === 0),
    text: fc.oneof(
      { weight: 6, arbitrary: fc.constant<Mutation[]>([]) },
      { weight: 1, arbitrary: fc.array(mutationArbitrary, { minLength: 1, maxLength: 3 }) },
    ),
  });
}

function textOf({ kind, events, repeat, text }: BodyCase): string {
  const texts = events.map(({ event, spoilt }) => toText(spoilt.reduce(mutate, event)));
  if (repeat) texts.push(...texts);
  const body = kind === 'single' ? (texts[0] ?? '') : kind === 'batch' ? `[${texts.join(',')}]` : texts.join('\n');
  return text.reduce(mutateText, body);
}

/** A byte order mark before JSON is none of it. */
function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text.replace(/^\ufeff/, '')) };
  } catch {
    return undefined;
  }
}

/** An event that can be told in binary mode: headers, data, and what it says as a whole. */
function binaryOf(text: string): { headers: Record<string, string>; data: string; event: unknown } | undefined {
  const event = parse(text)?.value;
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return undefined;
  const { data } = event as Record<string, unknown>;
  const entries = Object.entries(event).filter(
    ([name, value]) => value !== null && !['data', 'data_base64', 'datacontenttype'].includes(name),
  );
  const plain = entries.every(
    ([name, value]) =>
      /^[a-z0-9]{1,40}$/.test(name) && typeof value === 'string' && value !== '' && value.isWellFormed(),
  );
  // Without a version, headers are those of no event.
  if (!plain || data === undefined || typeof (event as Record<string, unknown>).specversion !== 'string')
    return undefined;
  // The server reads heads of 16 KiB.
  if (encodeURIComponent(entries.map(([, value]) => String(value)).join('')).length > 8_000) return undefined;
  return {
    headers: {
      ...Object.fromEntries(entries.map(([name, value]) => [`ce-${name}`, encodeURIComponent(value as string)])),
      'content-type': 'application/json',
    },
    data: toText((parse(withoutDepth(text))!.value as Record<string, unknown>).data),
    event: { ...Object.fromEntries(entries), datacontenttype: 'application/json', data },
  };
}

/** What must come back: the status, and for each event of the body whether it is let in. */
function expected(kind: BodyCase['kind'], body: string): { status: number; events: unknown[] } {
  if (kind === 'lines') {
    const events: unknown[] = [];
    for (const line of body.split('\n')) {
      if (Buffer.byteLength(line) > MAX_LINE) {
        events.push(undefined);
        continue;
      }
      const parsed = parse(line);
      if (parsed) events.push(parsed.value);
      else if (line.trim()) events.push(undefined);
    }
    return { status: 0, events };
  }
  const parsed = parse(body);
  if (!parsed) return { status: 400, events: [] };
  if (kind === 'single') return { status: 0, events: [parsed.value] };
  return Array.isArray(parsed.value) ? { status: 0, events: parsed.value } : { status: 422, events: [] };
}

/**
 * Sends a case and compares the answer with what the rules say.
 * @returns the fault, or undefined; `skipped` when nobody could say what the answer must be
 */
export async function tryBody(
  url: string,
  one: BodyCase,
  judge: (event: unknown, now: number) => Judgement,
  ledger: Ledger,
): Promise<string | 'skipped' | undefined> {
  // As it will be on the wire, where a lone surrogate outside an escape cannot be.
  const text = Buffer.from(textOf(one)).toString('utf8');
  const asHeaders = one.binary && one.kind === 'single' && one.type >= 0 ? binaryOf(text) : undefined;
  const body = `${one.mark ? '\ufeff' : ''}${asHeaders?.data ?? text}`;
  const known = TYPES[one.kind];
  const type = one.type < 0 ? OTHER_TYPES[-one.type - 1]! : known[one.type % known.length]!;
  const headers: Record<string, string> = { 'content-type': type, ...asHeaders?.headers };
  if (CODING_NAMES[one.coding]) headers['content-encoding'] = CODING_NAMES[one.coding]!;
  const plan =
    one.type < 0 || one.coding === 'zstd'
      ? { status: 415, events: [] }
      : Buffer.byteLength(body) > MAX_BODY[one.kind]
        ? { status: 413, events: [] }
        : asHeaders
          ? { status: 0, events: [asHeaders.event] }
          : expected(one.kind, body);
  const judged = plan.events.map((event) => judge(event, Date.now()));
  const good = plan.events.filter((_, i) => judged[i] === 'accept') as WageEvent[];
  if (judged.includes('unsure') || !ledger.unambiguous(good)) return 'skipped';
  const status = plan.status || (good.length ? 202 : 422);
  // Before it is sent: other lanes must see it, and once sent it counts.
  ledger.add(good);
  const sent = CODINGS[one.coding]?.(body) ?? body;
  const answer = await send(url, 'POST', '/api/v1/events', headers, sent);
  const problem = answer.status === status ? undefined : `${answer.status} instead of ${status}`;
  if (problem) return `${problem}: ${answer.text.slice(0, 300)}`;
  const got = JSON.parse(answer.text) as Partial<IngestAnswer>;
  if (status >= 400 && !answer.type.startsWith('application/problem+json')) return `problem of type ${answer.type}`;
  if (!plan.events.length) return undefined;
  const refused = judged.flatMap((verdict, i) => (verdict === 'refuse' ? [i] : []));
  if ((got.accepted ?? 0) !== good.length || got.rejectedTotal !== refused.length)
    return `accepted ${got.accepted} and rejected ${got.rejectedTotal} instead of ${good.length} and ${refused.length}: ${answer.text.slice(0, 300)}`;
  const listed = got.rejected!.map(({ index }) => index);
  return JSON.stringify(listed) === JSON.stringify(refused.slice(0, 100))
    ? undefined
    : `rejected ${listed.join()} instead of ${refused.join()}`;
}
