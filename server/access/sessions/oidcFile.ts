import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { Type, type Static } from 'typebox';
import { UnitCodeSchema } from '../../../contract/access.ts';
import { PERSON_ROLES, ROLE_RULES } from '../../../contract/roles.ts';
import { codes } from '../../../contract/events.ts';
import { SettingError } from '../../platform/settings.ts';
import { DIVISION_PATTERN } from '../../../common/divisions.ts';
import { whenAsked } from '../../../common/whenAsked.ts';
import { TRUSTED } from '../../../common/trustedSchemas.ts';

const Text = Type.String({ minLength: 1, maxLength: 500 });

/** The file that OIDC_FILE names. */
export const OidcFileSchema = Type.Object(
  {
    /** Where `/.well-known/openid-configuration` is. */
    issuer: Type.String({ pattern: '^https?://' }),
    clientId: Text,
    clientSecret: Type.Optional(Text),
    /** How the secret is told to the provider; found out by trying, if left out. */
    tokenAuth: Type.Optional(codes(['client_secret_basic', 'client_secret_post'] as const)),
    /** On the button of the sign-in page. */
    label: Text,
    /** Asked of the provider. */
    scopes: Type.Optional(Text),
    /** The claim with what somebody is called; `name` if left out. */
    nameClaim: Type.Optional(Text),
    /** The claim (a text or a list of texts) that says what somebody is: its name, or the path to it with dots. */
    claim: Text,
    /** The claim (a text or a list of texts) with the unit that somebody belongs to, by its code or Chinese name; found like `claim`. */
    unitClaim: Type.Optional(Text),
    /** What its values allow; the first that somebody has counts. Who has none is not let in. */
    roles: Type.Array(
      Type.Object(
        {
          value: Text,
          role: codes(PERSON_ROLES),
          scope: Type.String({ pattern: DIVISION_PATTERN }),
          /** The code of the unit of all of them; without it, `unitClaim` names it. */
          unit: Type.Optional(UnitCodeSchema),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 1_000 },
    ),
  },
  { additionalProperties: false },
);
export type OidcFile = Static<typeof OidcFileSchema>;

const validator = whenAsked(() => new Ajv({ allErrors: true, ...TRUSTED }).compile<OidcFile>(OidcFileSchema));

/** @throws SettingError one sentence for each fault; no value is told, one might be the secret */
export function readOidcFile(path: string): OidcFile {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new SettingError([
      `${path} cannot be used: ${error instanceof SyntaxError ? 'it is no JSON' : (error as Error).message}.`,
    ]);
  }
  const valid = validator();
  if (valid(value)) {
    const faults = unitFaults(value);
    if (faults.length) throw new SettingError(faults.map((fault) => `${path}: ${fault}.`));
    return value;
  }
  throw new SettingError(
    valid.errors!.slice(0, 10).map(({ instancePath, message, params }) => {
      const more = params as { additionalProperty?: string; allowedValues?: string[] };
      return `${path}: ${instancePath || 'the whole file'} ${message ?? 'is wrong'}${more.additionalProperty ? ` (${more.additionalProperty})` : ''}${more.allowedValues ? `: ${more.allowedValues.join(', ')}` : ''}.`;
    }),
  );
}

/** Whether each role gets a unit that must have one, and none that belongs to no unit. */
function unitFaults({ roles, unitClaim }: OidcFile): string[] {
  return roles.flatMap(({ role, unit }, i) => {
    const rule = ROLE_RULES[role].unit;
    if (rule === 'must' && unit === undefined && unitClaim === undefined)
      return [
        `/roles/${i}/unit is missing: a ${role} belongs to a unit; name it there, or the claim that does in /unitClaim`,
      ];
    return rule === 'none' && unit !== undefined
      ? [`/roles/${i}/unit is given, but somebody of the role ${role} belongs to none`]
      : [];
  });
}
