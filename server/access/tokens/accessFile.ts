import { Ajv, type ErrorObject } from 'ajv';
import { AccessFileSchema, type AccessFile } from '../../../contract/access.ts';
import { ROLE_RULES, TOWN_ROLES } from '../../../contract/roles.ts';
import { parseRfc3339 } from '../../../common/regionTime.ts';
import { SettingError } from '../../platform/settings.ts';
import { fromBeforeLimits, grantFault } from '../writeGrant.ts';
import { whenAsked } from '../../../common/whenAsked.ts';
import { TRUSTED } from '../../../common/trustedSchemas.ts';

const validator = whenAsked(() => {
  const ajv = new Ajv({ allErrors: true, ...TRUSTED, verbose: true });
  ajv.addFormat('date-time', (text) => parseRfc3339(text) !== undefined);
  return ajv.compile<AccessFile>(AccessFileSchema);
});

/** At most so many faults are told: one missing comma can make hundreds. */
const MAX_PROBLEMS = 10;

/**
 * The text of an access file as checked data.
 * @param path names the file in the sentences
 * @throws SettingError one sentence for each fault: file, JSON pointer, value
 */
export function parseAccessFile(text: string, path: string): AccessFile {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new SettingError([`${path} is no JSON: ${(error as Error).message}.`]);
  }
  const valid = validator();
  const problems = valid(value) ? faultsBeyondSchema(value) : valid.errors!.map(sentence);
  if (problems.length > 0)
    throw new SettingError(problems.slice(0, MAX_PROBLEMS).map((problem) => `${path}: ${problem}.`));
  return value as AccessFile;
}

function faultsBeyondSchema({ tokens }: AccessFile): string[] {
  const problems: string[] = [];
  const names = new Map<string, number>();
  const hashes = new Map<string, number>();
  tokens.forEach((token, i) => {
    const { name, role, scope, unit, source, hash } = token;
    const at = (field: string) => `/tokens/${i}/${field}`;
    const sameName = names.get(name);
    const sameHash = hashes.get(hash);
    if (sameName !== undefined)
      problems.push(
        `${at('name')} is ${show(name)}, but so is that of /tokens/${sameName}: a name must be one token's alone`,
      );
    if (sameHash !== undefined)
      problems.push(`${at('hash')} is that of /tokens/${sameHash} too: a token has one name and one role`);
    if (scope.length === 9 && !TOWN_ROLES.includes(role)) {
      problems.push(
        `${at('scope')} is ${show(scope)}, a town, but the role ${role} is for a whole region: give its 6-digit code`,
      );
    }
    const rule = ROLE_RULES[role].unit;
    if (unit === undefined && rule === 'must')
      problems.push(`${at('unit')} is missing: a ${role} belongs to a unit of its region's pack`);
    if (unit !== undefined && rule === 'none')
      problems.push(`${at('unit')} is ${show(unit)}, but a token of the role ${role} belongs to no unit`);
    if (source !== undefined && role !== 'ingest')
      problems.push(
        `${at('source')} is ${show(source)}, but only an ingest token has a source, and this one's role is ${role}`,
      );
    else if (!fromBeforeLimits(role, token)) {
      const fault = grantFault(role, token);
      if (fault) problems.push(`${at(fault.field)} ${fault.problem}`);
    }
    names.set(name, i);
    hashes.set(hash, i);
  });
  return problems;
}

function sentence(error: ErrorObject): string {
  const { instancePath, keyword, params, data } = error as ErrorObject & { params: Record<string, unknown> };
  const at = instancePath || 'the whole file';
  switch (keyword) {
    case 'required':
      return `${instancePath}/${String(params['missingProperty'])} is missing`;
    case 'additionalProperties':
      return `${instancePath}/${String(params['additionalProperty']).slice(0, 60)} is no field of an access file`;
    case 'enum':
      return `${at} is ${show(data)}, but it must be one of ${(params['allowedValues'] as string[]).join(', ')}`;
    case 'format':
      return `${at} is ${show(data)}, but it must be an RFC 3339 time with an offset, such as 2027-01-01T00:00:00+08:00`;
    case 'pattern':
      return instancePath.endsWith('/hash')
        ? // Somebody may have put the token itself there: it must not get into a log.
          `${at} must be "sha256:" and 64 hexadecimal digits, as npm run access writes it`
        : `${at} is ${show(data)}, but it must be the code of a region (6 digits) or a town (9 digits)`;
    default:
      return `${at} ${error.message ?? 'is wrong'}${typeof data === 'object' || instancePath.endsWith('/hash') ? '' : `, it is ${show(data)}`}`;
  }
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
