import fc from 'fast-check';
import { EVENT_TYPES } from '../../contract/codes.ts';
import { envelope, type WageEvent } from '../../contract/events.ts';
import type { IngestAnswer } from '../../contract/rest.ts';
import type { RegionPack } from '../../contract/region.ts';
import { BATCH, NDJSON, SINGLE } from '../support/server.ts';
import { send } from './http.ts';
import type { Ledger } from './ledger.ts';
import { mutate, mutateText, mutationArbitrary, toText, type Mutation } from './mutate.ts';
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
    .constantFrom(...EVENT_TYPES)
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

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
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
  const body = Buffer.from(textOf(one)).toString('utf8');
  const known = TYPES[one.kind];
  const type = one.type < 0 ? OTHER_TYPES[-one.type - 1]! : known[one.type % known.length]!;
  const plan = one.type < 0 ? { status: 415, events: [] } : expected(one.kind, body);
  const judged = plan.events.map((event) => judge(event, Date.now()));
  const good = plan.events.filter((_, i) => judged[i] === 'accept') as WageEvent[];
  if (judged.includes('unsure') || !ledger.unambiguous(good)) return 'skipped';
  const status = plan.status || (good.length ? 202 : 422);
  // Before it is sent: other lanes must see it, and once sent it counts.
  ledger.add(good);
  const answer = await send(url, 'POST', '/api/v1/events', { 'content-type': type }, body);
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
