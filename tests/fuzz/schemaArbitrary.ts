import fc from 'fast-check';

/** As much of JSON Schema as the contract uses. */
export interface JsonSchema {
  type?: string;
  const?: unknown;
  enum?: readonly unknown[];
  anyOf?: readonly JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: readonly string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
}

/** Arbitraries for properties whose schema says less than the contract: by name of the property. */
export type Known = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/** Texts that programs get wrong: not ASCII, outside the basic plane, escapes, what looks like something else. */
const ODD_TEXTS = [
  '欠薪',
  '𠮷野家',
  'e\u0301',
  '\u202eabc',
  '"\\\n\t',
  '\u0000',
  '{{7*7}}',
  "';--",
  'null',
  '__proto__',
  '0',
  ' ',
  '{330110}:events',
];
const MINUTE = 60_000;

/** RFC 3339 times of all notations, well away from the bound of five minutes in the future. */
export function timeArbitrary(now: number): fc.Arbitrary<string> {
  const moment = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: now - 400 * 1440 * MINUTE, max: now }) },
    { weight: 2, arbitrary: fc.integer({ min: Date.UTC(2000, 0, 1), max: now + 3 * MINUTE }) },
    { weight: 1, arbitrary: fc.constantFrom(Date.UTC(2000, 0, 1), Date.UTC(2024, 1, 29), now - 1440 * MINUTE) },
  );
  return fc
    .tuple(moment, fc.constantFrom(0, 8, -5, 5.5), fc.boolean(), fc.integer({ min: 0, max: 9 }))
    .map(([ms, hours, small, digits]) => {
      const [date, time] = new Date(ms + hours * 60 * MINUTE).toISOString().slice(0, -1).split('T') as [string, string];
      const minutes = Math.abs(hours) * 60;
      const zone =
        hours === 0
          ? small
            ? 'z'
            : 'Z'
          : `${hours < 0 ? '-' : '+'}${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
      const clock = digits === 0 ? time.slice(0, 8) : `${time}000000`.slice(0, 9 + digits);
      return `${date}${small ? 't' : 'T'}${clock}${zone}`;
    });
}

function textArbitrary(schema: JsonSchema): fc.Arbitrary<string> {
  const { minLength = 0, maxLength = 60, pattern } = schema;
  // A pattern may be longer than a text usually is: a digest has 71 characters and no length of its own.
  if (pattern !== undefined)
    return fc.stringMatching(new RegExp(pattern), { maxLength: Math.min(schema.maxLength ?? 100, 100) });
  const odd = ODD_TEXTS.filter(({ length }) => length >= minLength && length <= maxLength);
  const filled = (length: number) => fc.constantFrom('x', '工').map((one) => one.repeat(length));
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.string({
        minLength,
        maxLength: Math.max(minLength, Math.min(maxLength, 24)),
        unit: 'grapheme-ascii',
      }),
    },
    {
      weight: 2,
      arbitrary: fc
        .string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 12)), unit: 'grapheme-composite' })
        .filter((text) => [...text].length <= maxLength),
    },
    { weight: 2, arbitrary: odd.length ? fc.constantFrom(...odd) : filled(minLength) },
    { weight: 1, arbitrary: fc.constantFrom(minLength, maxLength).chain(filled) },
  );
}

/** Values that a schema allows, those at its bounds often among them. */
export function schemaArbitrary(schema: JsonSchema, known: Known): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => schemaArbitrary(one, known)));
  const { minimum = -1e9, maximum = 1e9 } = schema;
  switch (schema.type) {
    case 'string':
      return schema.format === 'date-time' ? known.time! : textArbitrary(schema);
    case 'integer':
      return fc.oneof(
        fc.integer({ min: Math.max(minimum, -(2 ** 31)), max: Math.min(maximum, 2 ** 31 - 1) }),
        fc.constantFrom(minimum, maximum),
      );
    case 'number':
      return fc.oneof(
        fc.double({ min: minimum, max: maximum, noNaN: true }),
        fc.constantFrom(minimum, maximum),
        fc.constant(Math.max(minimum, -0)),
      );
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(schemaArbitrary(schema.items!, known), { maxLength: Math.min(schema.maxItems ?? 5, 5) });
    case 'object': {
      const properties = schema.properties ?? {};
      return fc.record(
        Object.fromEntries(
          Object.entries(properties).map(([name, one]) => [name, known[name] ?? schemaArbitrary(one, known)]),
        ),
        { requiredKeys: [...(schema.required ?? [])] },
      );
    }
    default:
      return fc.jsonValue();
  }
}
