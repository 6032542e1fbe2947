import { Ajv, type ValidateFunction } from 'ajv';
import { ACTION_BODIES, ACTION_ITEMS, type Expect, type GivenAction } from '../../../contract/casework.ts';
import { CASE_ACTIONS, type CaseAction } from '../../../contract/codes.ts';
import { parseRfc3339 } from '../../../common/regionTime.ts';
import { whenAsked } from '../../../common/whenAsked.ts';
import { quote, schemaFault } from '../../platform/schemaFaults.ts';
import { TRUSTED } from '../../../common/trustedSchemas.ts';

/** What somebody asks to be done, its form being right. */
export interface AskedAction {
  given: GivenAction;
  /** All but `raise` have one. */
  expect?: Expect;
  /** Of a `raise`: whether an open alert of the same employer was seen, and another is meant. */
  duplicate?: boolean;
  /** Of one of several. */
  alertId?: string;
  region?: string;
}
/** Why the form of an action is not right: a sentence, and the field at fault. */
export interface FormFault {
  detail: string;
  parameter?: string;
}

const ajv = whenAsked(() =>
  new Ajv({ ...TRUSTED, allErrors: false, verbose: true }).addFormat('date-time', {
    validate: (text: string) => parseRfc3339(text) !== undefined,
  }),
);
const compiled = (schemas: Partial<Record<CaseAction, object>>) =>
  new Map<string, () => ValidateFunction>(
    Object.entries(schemas).map(([action, schema]) => [action, whenAsked(() => ajv().compile(schema))]),
  );
const BODIES = compiled(ACTION_BODIES);
const ITEMS = compiled(ACTION_ITEMS);

/** Reads the body of an action on one alert. */
export function readAction(body: unknown): AskedAction | FormFault {
  return read(body, BODIES, 'An alert is raised by POST /api/v1/alerts/actions, as there is none yet');
}
/** Reads one of several actions. */
export function readItem(body: unknown): AskedAction | FormFault {
  return read(body, ITEMS);
}

export function isFault(read: AskedAction | FormFault): read is FormFault {
  return 'detail' in read;
}

function read(
  body: unknown,
  schemas: ReadonlyMap<string, () => ValidateFunction>,
  notHere?: string,
): AskedAction | FormFault {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return { detail: `an action must be a JSON object, this is ${quote(body)}` };
  const { action } = body as { action?: unknown };
  if (action === undefined) return { detail: '/action is missing', parameter: 'action' };
  const validate = typeof action === 'string' ? schemas.get(action)?.() : undefined;
  if (!validate) {
    const known = (CASE_ACTIONS as readonly unknown[]).includes(action);
    return {
      detail:
        known && notHere !== undefined
          ? notHere
          : `/action ${quote(action)} is unknown: it must be one of ${[...schemas.keys()].join(', ')}`,
      parameter: 'action',
    };
  }
  if (!validate(body)) {
    const { path, problem } = schemaFault(validate.errors![0]!, `the action ${String(action)}`);
    const parameter = path.slice(1).split('/')[0]!;
    return { detail: `${path} ${problem}`, ...(parameter ? { parameter } : {}) };
  }
  if (!wellFormed(body)) return { detail: 'a text holds a lone surrogate (\\ud800…\\udfff), which is no character' };
  const {
    action: kind,
    expect,
    duplicate,
    alertId,
    region,
    ...fields
  } = body as Omit<AskedAction, 'given'> & {
    action: CaseAction;
  };
  const around = Object.entries({ expect, duplicate, alertId, region }).filter(([, value]) => value !== undefined);
  return { given: { action: kind, fields } as GivenAction, ...Object.fromEntries(around) };
}

/** Whether every text of a JSON value has a UTF-8 form; the schema has bounded how deep it is. */
function wellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  return typeof value !== 'object' || value === null || Object.values(value).every(wellFormed);
}
