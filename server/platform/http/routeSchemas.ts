import { Ajv, type ErrorObject, type SchemaObject } from 'ajv';
import formats from 'ajv-formats';
import type { FastifyInstance } from 'fastify';
import { parseRfc3339 } from '../../../common/regionTime.ts';
import { whenAsked } from '../../../common/whenAsked.ts';
import { TRUSTED } from '../../../common/trustedSchemas.ts';

/**
 * How Fastify checks what it is asked by itself (its defaults, less the removal of what no schema names), only that texts of a query
 * may stand for lists.
 */
const OPTIONS = {
  coerceTypes: 'array',
  useDefaults: true,
  removeAdditional: false,
  allErrors: false,
  addUsedSchema: false,
  ...TRUSTED,
} as const;

/**
 * Compiles the schemas of a route when it is first asked: all of them together were a quarter of the CPU of a start, and most
 * routes are seldom asked.
 */
export function compileWhenAsked(app: FastifyInstance): void {
  const ajv = whenAsked(() => {
    const made = new Ajv(OPTIONS);
    formats.default(made);
    // Theirs takes times that nobody here reads, such as an offset without its colon.
    return made.addFormat('date-time', { validate: (text: string) => parseRfc3339(text) !== undefined });
  });
  app.setValidatorCompiler(({ schema }) => {
    const compiled = whenAsked(() => ajv().compile(schema as SchemaObject));
    const check: { (data: unknown): boolean; errors?: ErrorObject[] | null } = (data) => {
      const validate = compiled();
      const valid = validate(data);
      check.errors = validate.errors ?? null;
      return valid;
    };
    return check;
  });
}
