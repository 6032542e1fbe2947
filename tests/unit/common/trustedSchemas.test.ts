import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { PROJECT_ROOT } from '../../../server/platform/paths.ts';

/** Whether an export of a module is a schema: typebox marks what it makes. */
const isSchema = (value: unknown): value is object => typeof value === 'object' && value !== null && '~kind' in value;

it('are well-formed, which the program does not ask again at each start', async () => {
  const ajv = new Ajv({ strict: false, logger: false });
  const folder = join(PROJECT_ROOT, 'contract');
  const wrong: string[] = [];
  let looked = 0;
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )) {
    const made = (await import(pathToFileURL(join(folder, file)).href)) as Record<string, unknown>;
    for (const [name, schema] of Object.entries(made)) {
      if (!isSchema(schema)) continue;
      looked++;
      if (!(await ajv.validateSchema(schema))) wrong.push(`${file} ${name}: ${ajv.errorsText()}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(looked).toBeGreaterThan(100);
  expect(ajv.validateSchema({ type: 'text' })).toBe(false);
});
