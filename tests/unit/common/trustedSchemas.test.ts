import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { PROJECT_ROOT } from '../../../server/platform/paths.ts';

/** Whether an export of a module is a schema: typebox marks what it makes. */
const isSchema = (value: unknown): value is object => typeof value === 'object' && value !== null && '~kind' in value;

/** Those of files that a site writes, which lie beside what reads them. */
const OF_FILES = [
  'server/access/sessions/oidcFile.ts',
  'server/casework/connectors/connectorsFile.ts',
  'server/region/overlay.ts',
];

it('are well-formed, which the program does not ask again at each start', async () => {
  const ajv = new Ajv({ strict: false, logger: false });
  const contract = readdirSync(join(PROJECT_ROOT, 'contract'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join('contract', name));
  const wrong: string[] = [];
  const names: string[] = [];
  for (const file of [...contract, ...OF_FILES]) {
    const made = (await import(pathToFileURL(join(PROJECT_ROOT, file)).href)) as Record<string, unknown>;
    for (const [name, schema] of Object.entries(made)) {
      if (!isSchema(schema)) continue;
      names.push(name);
      if (!(await ajv.validateSchema(schema))) wrong.push(`${file} ${name}: ${ajv.errorsText()}`);
    }
  }
  expect(wrong).toEqual([]);
  for (const name of ['OidcFileSchema', 'ConnectorsFileSchema', 'MapOverlaySchema']) expect(names).toContain(name);
  expect(names.length).toBeGreaterThan(100);
  expect(ajv.validateSchema({ type: 'text' })).toBe(false);
});
