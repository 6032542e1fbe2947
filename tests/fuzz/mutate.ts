import fc from 'fast-check';

/**
 * Ways to spoil a value or a text. A mutation is plain data, so that a failing one can be shrunk and printed.
 */
export interface Mutation {
  kind: (typeof KINDS)[number];
  at: number;
  with: number;
}

const KINDS = ['drop', 'replace', 'rename', 'add', 'wrap', 'stretch', 'copy'] as const;
export const mutationArbitrary: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom(...KINDS),
  at: fc.nat(1_000_000),
  with: fc.nat(1_000_000),
});

/** Stands for an array in an array in an array …, which `JSON.stringify` cannot write. */
const DEEP_MARK = '<deep>';
const DEEP = 20_000;
const DEEP_TEXT = `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`;
/** A JSON text of the value; where it says deep, it is. */
export const toText = (value: unknown): string =>
  (JSON.stringify(value) ?? 'null').replaceAll(JSON.stringify(DEEP_MARK), () => DEEP_TEXT);
/** The text with the mark again in place of what is deep: its value can be written by `toText`. */
export const withoutDepth = (text: string): string => text.replaceAll(DEEP_TEXT, () => JSON.stringify(DEEP_MARK));

const STRANGE: readonly (() => unknown)[] = [
  () => null,
  () => true,
  () => false,
  () => 0,
  () => -0,
  () => -1,
  () => 1.5,
  () => 2 ** 53,
  () => -(2 ** 53) - 2,
  () => 1e21,
  () => 1e308,
  () => '',
  () => ' ',
  () => '0',
  () => '1',
  () => [],
  () => [[]],
  () => ({}),
  () => [null],
  () => 'x'.repeat(500),
  () => 'x'.repeat(501),
  () => '工'.repeat(501),
  () => '𠮷'.repeat(500),
  () => '𠮷'.repeat(501),
  () => '\ud800',
  () => 'a\udfffb',
  () => '\u0000',
  () => '2026-02-30T00:00:00Z',
  () => '2026-11-21T24:00:00Z',
  () => '2026-11-21T10:00:00',
  () => '2026-11-21 10:00:00Z',
  () => '1999-12-31T23:59:59Z',
  () => '2100-01-01T00:00:00+08:00',
  () => '9999-12-31T23:59:59Z',
  () => '0000-01-01T00:00:00Z',
  () => '2016-12-31T23:59:60Z',
  () => '330110',
  () => '330110999',
  () => '330110010',
  () => '３３０１１０',
  () => '330110\n',
  () => 'red',
  () => 'RED',
  () => 'blue',
  () => 'wage.alert.raised',
  () => 'wage.alert.vanished',
  () => '1.0',
  () => 1,
  () => '__proto__',
  () => ({ __proto__: null, toString: 1 }),
  () => JSON.parse('{"__proto__":{"polluted":1}}') as unknown,
  () => ({ lng: 181, lat: 0 }),
  () => ({ lng: 120, lat: 30, crs: 'wgs84' }),
  () => DEEP_MARK,
];
const NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'alertID',
  'amountfen',
  'Region',
  'data',
  'time',
  'x',
  'extension1',
  'Extension',
  'ünder',
  'a'.repeat(300),
  '',
  'length',
  'tier',
  'dueAt',
  'data_base64',
];

/** Sets a property as JSON would, whatever its name. */
function put(target: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
}

type Place = { holder: Record<string, unknown> | unknown[]; key: string };

function places(value: unknown, found: Place[] = []): Place[] {
  if (typeof value !== 'object' || value === null || found.length > 200) return found;
  for (const key of Object.keys(value)) {
    found.push({ holder: value as Place['holder'], key });
    places((value as Record<string, unknown>)[key], found);
  }
  return found;
}

/** A changed copy of a JSON value. */
export function mutate(value: unknown, { kind, at, with: pick }: Mutation): unknown {
  const strange = STRANGE[pick % STRANGE.length]!();
  const root = { value: structuredClone(value) };
  const all = places(root);
  const { holder, key } = all[at % all.length]!;
  const target = holder as Record<string, unknown>;
  switch (kind) {
    case 'drop':
      if (holder !== root) delete target[key];
      break;
    case 'replace':
      target[key] = strange;
      break;
    case 'rename': {
      if (holder === root || Array.isArray(holder)) {
        target[key] = strange;
        break;
      }
      const kept = target[key];
      delete target[key];
      put(target, NAMES[pick % NAMES.length]!, kept);
      break;
    }
    case 'add': {
      const to =
        typeof target[key] === 'object' && target[key] !== null && !Array.isArray(target[key])
          ? (target[key] as Record<string, unknown>)
          : target;
      if (to !== root && !Array.isArray(to)) put(to, NAMES[pick % NAMES.length]!, strange);
      break;
    }
    case 'wrap':
      target[key] = pick % 2 ? [target[key]] : { value: target[key] };
      break;
    case 'stretch': {
      const old = target[key];
      target[key] =
        typeof old === 'number'
          ? old * [-1, 10, 1e6, 0.1, 1e300][pick % 5]!
          : typeof old === 'string'
            ? [`${old} `, old.toUpperCase(), old.repeat(40), old.slice(1), ` ${old}`][pick % 5]!
            : strange;
      break;
    }
    case 'copy':
      target[key] = structuredClone(
        all[pick % all.length]!.holder === root
          ? null
          : (all[pick % all.length]!.holder as Record<string, unknown>)[all[pick % all.length]!.key],
      );
      break;
  }
  return root.value;
}

const PIECES = [
  '\u0000',
  '\ufeff',
  '\\ud800',
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\n',
  '\r\n',
  '1e999',
  '-',
  'NaN',
  '\\',
  '\u2028',
  'é',
  '%',
  '%00',
  '%ff',
  '&',
  '=',
  '#',
  '/../',
  '+',
  '\x7f',
  '\x1e',
  '/* */',
];

/** A changed copy of a text. */
export function mutateText(text: string, { kind, at, with: pick }: Mutation): string {
  const i = text.length ? at % text.length : 0;
  const piece = PIECES[pick % PIECES.length]!;
  switch (kind) {
    case 'drop':
      return text.slice(0, i) + text.slice(i + 1 + (pick % 5));
    case 'replace':
      return text.slice(0, i) + piece + text.slice(i + 1);
    case 'rename':
      return text.slice(0, i) + String.fromCharCode(pick % 65536) + text.slice(i + 1);
    case 'add':
      return text.slice(0, i) + piece + text.slice(i);
    case 'wrap':
      return piece + text + piece;
    case 'stretch':
      return text.slice(0, i) + text.slice(i, i + 20).repeat(1 + (pick % 30)) + text.slice(i);
    case 'copy':
      return text.slice(0, i);
  }
}
