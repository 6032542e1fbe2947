import fc from 'fast-check';
import { send, sendRaw } from './http.ts';
import { mutateText, mutationArbitrary, type Mutation } from './mutate.ts';
import { momentOf } from './rules.ts';
import { schemaArbitrary, timeArbitrary, type JsonSchema } from './schemaArbitrary.ts';

/** Query strings and paths of every route that the server documents, valid ones from their schemas, then spoilt. */
export interface Route {
  method: string;
  path: string;
  parameters: { name: string; in: string; required?: boolean; schema: JsonSchema }[];
}

export interface QueryCase {
  route: Route;
  /** Values of the parameters in the path, and name and value of those in the query, as texts. */
  path: string[];
  query: [name: string, value: string][];
  text: Mutation[];
}

/**
 * What the running server says it has: the routes that read, and the paths of all.
 * @throws when it documents no routes
 */
export async function documentedRoutes(url: string): Promise<{ reads: Route[]; paths: string[] }> {
  const { text } = await send(url, 'GET', '/docs/json');
  const { paths } = JSON.parse(text) as { paths: Record<string, Record<string, { parameters?: Route['parameters'] }>> };
  const reads = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => method === 'get')
      .map(([method, { parameters = [] }]) => ({ method: method.toUpperCase(), path, parameters })),
  );
  if (!reads.length) throw new Error('no routes are documented');
  return { reads, paths: Object.keys(paths) };
}

const KNOWN_IDS = ['A1', 'A20', 'A399', '91330110A', '某甲有限公司', '330110'];
/** Names of parameters of other routes, too. */
const STRAY = ['scope', 'limit', 'token', 'constructor', '__proto__', 'toString', 'window[]', 'tier', 'x', ''];
const VALUES = [
  '',
  ' ',
  '0',
  '-1',
  '1e3',
  '0x10',
  'NaN',
  'null',
  'true',
  'TRUE',
  '[]',
  '330110',
  '330110010',
  '330110999',
  'red',
  'red,orange',
  '24h',
  '%',
  '工'.repeat(201),
  'x'.repeat(5000),
  '\u0000',
  '2026-02-30T00:00:00Z',
  '1999-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '../..',
  '🙂',
  '9007199254740993',
];
/** These answer with everything there is: now and then is enough. */
const HEAVY = /\.(csv|xlsx)$/;

export function queryArbitrary(routes: readonly Route[], now: number): fc.Arbitrary<QueryCase> {
  const known = { time: timeArbitrary(now) };
  const valueOf = (schema: JsonSchema) => {
    const own = schemaArbitrary(schema.type === 'array' ? schema.items! : schema, known).map(String);
    return fc.oneof(
      { weight: 4, arbitrary: own },
      { weight: 1, arbitrary: fc.constantFrom(...VALUES) },
      { weight: 1, arbitrary: fc.constantFrom(...KNOWN_IDS) },
    );
  };
  const ofRoute = (route: Route): fc.Arbitrary<QueryCase> => {
    const inPath = route.parameters.filter((one) => one.in === 'path');
    const inQuery = route.parameters.filter((one) => one.in === 'query');
    const pairs = inQuery.map(({ name, schema }) => valueOf(schema).map((value): [string, string] => [name, value]));
    const stray = fc.tuple(fc.constantFrom(...STRAY), fc.constantFrom(...VALUES));
    // A parameter that must be there nearly always is: else nothing but its absence would be tried.
    const needed = inQuery.map(({ required }, i) =>
      required ? fc.option(pairs[i]!, { freq: 20, nil: undefined }) : fc.constant(undefined),
    );
    const narrow = HEAVY.test(route.path)
      ? fc.constant<[string, string][]>([['q', 'no such']])
      : fc.constant<[string, string][]>([]);
    return fc.record({
      route: fc.constant(route),
      path: fc.tuple(...inPath.map(({ schema }) => fc.oneof(fc.constantFrom(...KNOWN_IDS), valueOf(schema)))),
      query: fc
        .tuple(
          fc.tuple(...needed),
          pairs.length ? fc.array(fc.oneof(...pairs), { maxLength: 4 }) : fc.constant([]),
          fc.option(stray, { freq: 5, nil: undefined }),
          narrow,
        )
        .map(([must, any, odd, few]) => [
          ...must.filter((pair) => pair !== undefined),
          ...any,
          ...(odd ? [odd] : []),
          ...few,
        ]),
      text: fc.oneof(
        { weight: 5, arbitrary: fc.constant<Mutation[]>([]) },
        { weight: 1, arbitrary: fc.array(mutationArbitrary, { minLength: 1, maxLength: 3 }) },
      ),
    });
  };
  return fc.oneof(...routes.map((route) => ({ weight: HEAVY.test(route.path) ? 1 : 10, arbitrary: ofRoute(route) })));
}

/** Whether a value that came for a parameter is certainly none that its schema allows. */
function wrong(values: string[], schema: JsonSchema): boolean {
  if (schema.type === 'array')
    return values.length > (schema.maxItems ?? Infinity) || values.some((value) => wrong([value], schema.items!));
  if (values.length > 1) return true;
  const value = values[0]!;
  const number = Number(value);
  if (schema.enum) return !schema.enum.includes(value);
  if (schema.type === 'integer')
    return !(
      value !== '' &&
      Number.isInteger(number) &&
      number >= (schema.minimum ?? -Infinity) &&
      number <= (schema.maximum ?? Infinity)
    );
  if (schema.type === 'boolean') return value !== 'true' && value !== 'false';
  if (schema.format === 'date-time') return momentOf(value) === undefined;
  const length = [...value].length;
  return (
    length > (schema.maxLength ?? Infinity) ||
    length < (schema.minLength ?? 0) ||
    (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value))
  );
}

function mustRefuse({ route, query }: QueryCase): boolean {
  const named = new Map<string, string[]>();
  for (const [name, value] of query) named.set(name, [...(named.get(name) ?? []), value]);
  const inQuery = route.parameters.filter((one) => one.in === 'query');
  if (!inQuery.length) return false;
  return (
    [...named].some(([name, values]) => {
      const known = inQuery.find((one) => one.name === name);
      return !known || wrong(values, known.schema);
    }) || inQuery.some(({ name, required }) => required && !named.has(name))
  );
}

/** @returns the fault, or undefined */
export async function tryQuery(url: string, one: QueryCase): Promise<string | undefined> {
  let next = 0;
  const path = one.route.path.replace(/\{\w+\}/g, () => encodeURIComponent(one.path[next++] ?? '').slice(0, 3000));
  const search = one.query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  const plain = `${path}${search ? `?${search}` : ''}`;
  // Node's client refuses to write what has to be escaped; the raw lane sends such bytes.
  const target = one.text
    .reduce(mutateText, plain)
    .replace(/[^\x21-\x7e]/gu, (char) => encodeURIComponent(char.isWellFormed() ? char : '?'));
  const { status, type, text } = await send(url, one.route.method, target.startsWith('/') ? target : `/${target}`);
  if (status >= 500) return `${status} for ${target}: ${text.slice(0, 300)}`;
  if (status >= 400) {
    if (!type.startsWith('application/problem+json')) return `${status} as ${type} for ${target}`;
    const problem = JSON.parse(text) as { status?: number; title?: string };
    return problem.status === status && problem.title
      ? undefined
      : `a problem that says too little for ${target}: ${text.slice(0, 300)}`;
  }
  if (one.text.length === 0 && mustRefuse(one))
    return `${status} for ${target}, which is not allowed: ${text.slice(0, 100)}`;
  return undefined;
}

const METHODS = [
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'HEAD',
  'TRACE',
  'CONNECT',
  'get',
  'PROPFIND',
  'X',
];
/** Paths that no route has, and what routes are asked with. */
const PATHS = [
  '/',
  '/wall',
  '/api/v1/snapshot?window=24h',
  '/api/v1/alerts/%E0%A4%A',
  '/..%2f..%2fpackage.json',
  '//etc/passwd',
  '/assets/../../../package.json',
  '/%00',
  '/docs/',
  '/docs/static/..%2f..%2fpackage.json',
  '/socket.io/?EIO=4&transport=polling',
  '/socket.io/?EIO=3&transport=websocket&sid=x',
  '*',
  'http://x/',
];
const HEADERS = [
  'content-type: application/cloudevents+json',
  'content-type: application/x-ndjson',
  'content-type:',
  'content-length: 2',
  'content-length: 99999999999',
  'content-length: -1',
  'content-length: 2, 2',
  'transfer-encoding: chunked',
  'transfer-encoding: gzip, chunked',
  'expect: 100-continue',
  'expect: x',
  `cookie: ${'a=b; '.repeat(500)}`,
  'cookie: session=%ff',
  'authorization: Bearer',
  'authorization: Basic Og==',
  'if-none-match: "x',
  'range: bytes=5-1',
  'accept: */*;q=x',
  'accept-encoding: br;q=0',
  'origin: http://evil.example',
  'upgrade: websocket',
  'connection: upgrade',
  'host: a, b',
  'x-forwarded-for: 1.2.3.4',
  `x: ${'y'.repeat(17_000)}`,
  'sec-websocket-key: x',
  'content-encoding: gzip',
  ': x',
  'a b: c',
  'x:\u0000',
];

export interface RawCase {
  method: string;
  path: string;
  headers: string[];
  body: string;
  text: Mutation[];
}
/** @param paths of the program's routes, each tried with every method */
export const rawArbitrary = (paths: readonly string[]): fc.Arbitrary<RawCase> =>
  fc.record({
    method: fc.constantFrom(...METHODS),
    path: fc.constantFrom(...PATHS, ...paths.map((path) => path.replace(/\{\w+\}/g, 'A1'))),
    headers: fc.subarray(HEADERS, { maxLength: 4 }),
    body: fc.constantFrom('', '{}', '[]', '0\r\n\r\n', '2\r\n{}\r\n0\r\n\r\n', 'zz\r\n', 'x'.repeat(2000)),
    text: fc.array(mutationArbitrary, { maxLength: 3 }),
  });

/** @returns the fault, or undefined */
export async function tryRaw(url: string, { method, path, headers, body, text }: RawCase): Promise<string | undefined> {
  const head = [`${method} ${path} HTTP/1.1`, 'host: localhost', 'connection: close', ...headers, '', body].join(
    '\r\n',
  );
  const bytes = Buffer.from(text.reduce(mutateText, head));
  const heard = await sendRaw(url, bytes);
  const status = /^HTTP\/1\.1 (5\d\d)/m.exec(heard)?.[1];
  if (status) return `${status}: ${heard.slice(0, 300)}`;
  return /"name": "wagewatch"|root:x:/.test(heard)
    ? `a file that is nobody's business: ${heard.slice(0, 300)}`
    : undefined;
}
