import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Inside `node_modules`, so that a bundle finds the packages it imports. */
const OUT = fileURLToPath(new URL('../../node_modules/.cache/wagewatch-tests/', import.meta.url));

/**
 * Makes one JavaScript file of a TypeScript program and all it imports of the project, for tests that start
 * (and kill) programs of their own with plain `node`. It takes a fraction of a second.
 * @param entry the program's path
 * @returns the file, and what removes it
 */
export async function bundleProgram(entry: string): Promise<{ file: string; remove: () => void }> {
  const outDir = join(OUT, randomUUID());
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: entry,
      outDir,
      target: 'node20',
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'program.mjs' } },
    },
  });
  return {
    file: join(outDir, 'program.mjs'),
    remove: () => {
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}
