import vue from '@vitejs/plugin-vue';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vitest/config';
import type { Mutant } from './mutants.ts';

/** The unit tests over a source in which the mutant of `MUTANT` (JSON) stands in place of what is on disk. */

const mutant = process.env.MUTANT ? (JSON.parse(process.env.MUTANT) as Mutant) : undefined;
const root = resolve(import.meta.dirname, '../..');

const mutate: Plugin = {
  name: 'mutant',
  enforce: 'pre',
  load(id) {
    if (!mutant || id.split('?')[0] !== resolve(root, mutant.file)) return undefined;
    const code = readFileSync(resolve(root, mutant.file), 'utf8');
    return code.slice(0, mutant.start) + mutant.text + code.slice(mutant.end);
  },
};

export default defineConfig({
  root,
  plugins: [vue(), mutate],
  test: {
    // Not by the name of a folder as an argument: of the tests of a folder, those that reach the source run.
    include: [`${process.env.MUTATION_TESTS ?? 'tests/unit'}/**/*.test.ts`],
    // Those of the root hold the program and its scripts as they are built, not one source.
    exclude: ['tests/unit/*.test.ts'],
    // A mutant that never ends is found out by the time of one test.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    bail: 1,
    maxWorkers: 1,
  },
});
