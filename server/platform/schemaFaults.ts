import type { ErrorObject } from 'ajv';

/** What a schema finds wrong with a file that somebody has written. */
export interface SchemaFault {
  /** JSON pointer (RFC 6901). */
  path: string;
  code: 'missing' | 'unknown' | 'form';
  /** The value at fault, or the name that is not known: where it is a text or a number, its beginning. */
  given?: string;
  /** A sentence that goes on from the path. */
  problem: string;
}

/** So many faults are told; the rest is counted: a file that is wrong everywhere is wrong for few reasons. */
const MOST_TOLD = 50;
/** Characters of what was given. */
const MOST_GIVEN = 80;

/**
 * @param error of Ajv with `verbose`
 * @param whole what the schema is of, such as `a rule pack`
 */
export function schemaFault({ instancePath, keyword, params, message, data }: ErrorObject, whole: string): SchemaFault {
  switch (keyword) {
    case 'required': {
      const { missingProperty } = params as { missingProperty: string };
      return { path: `${instancePath}/${pointer(missingProperty)}`, code: 'missing', problem: 'is missing' };
    }
    case 'additionalProperties': {
      const given = (params as { additionalProperty: string }).additionalProperty.slice(0, MOST_GIVEN);
      return {
        path: `${instancePath}/${pointer(given)}`,
        code: 'unknown',
        given,
        problem: `is not a field of ${whole}`,
      };
    }
    case 'enum': {
      const { allowedValues } = params as { allowedValues: string[] };
      return form(instancePath, data, `${quote(data)} must be one of ${allowedValues.join(', ')}`);
    }
    default:
      return form(instancePath, data, `${message ?? 'is not valid'}, it is ${quote(data)}`);
  }
}

function form(path: string, data: unknown, problem: string): SchemaFault {
  const given = typeof data === 'string' || typeof data === 'number' ? String(data).slice(0, MOST_GIVEN) : undefined;
  return { path, code: 'form', ...(given === undefined ? {} : { given }), problem };
}

/** The first 50 faults, and where there are more, one that says how many. @param rest makes it */
export function faultsToTell<Fault>(faults: readonly Fault[], rest: (more: number) => Fault): Fault[] {
  const more = faults.length - MOST_TOLD;
  return more > 0 ? [...faults.slice(0, MOST_TOLD), rest(more)] : [...faults];
}

/** A value in a sentence. */
export function quote(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > MOST_GIVEN ? `${text.slice(0, MOST_GIVEN)}…` : text;
}

/** A name as a part of a path (RFC 6901). */
export function pointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
