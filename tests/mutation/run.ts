import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { endOf } from '../../testing/endOf.ts';
import { randomOf } from '../support/workload.ts';
import { mutantsOf, type Mutant } from './mutants.ts';

/**
 * `npm run mutate -- server/alerts server/privacy --sample 60 --seed 7 --minutes 30`: changes sources in small ways, one
 * at a time, and runs the unit tests that reach the file. A change that no test notices is printed: a test is missing
 * there, or the change changes nothing. Ends with 1 if there is one.
 */

const USAGE = 'npm run mutate -- FOLDER… [--sample N] [--seed N] [--minutes N] [--line FILE:LINE]\n';
/**
 * One run of tests with a mutant gets no more than this, ms, or five times what it takes without one on this machine: a mutant that
 * runs on for ever is killed, and counts as noticed.
 */
const RUN_MS = 180_000;
const TIMES_PLAIN = 5;
/** Without a mutant. */
const PLAIN_RUN_MS = 1_800_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '60' },
    line: { type: 'string' },
  },
});

function sourcesOf(folder: string): string[] {
  return readdirSync(join(PROJECT_ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(PROJECT_ROOT.length).replace(/^\//, ''))
    .sort();
}

function sample(all: readonly Mutant[], count: number, random: () => number): Mutant[] {
  const left = [...all];
  return Array.from(
    { length: Math.min(count, all.length) },
    () => left.splice(Math.floor(random() * left.length), 1)[0]!,
  );
}

/** The end of what the last run of tests said. */
let lastOutput = '';

/** Whether those of the tests of a folder that reach the file pass with the mutant in place, within so many ms. */
async function passes(mutant: Mutant, tests: string, most: number): Promise<boolean> {
  const child = spawn(
    process.execPath,
    [
      join(PROJECT_ROOT, 'node_modules/vitest/vitest.mjs'),
      'related',
      mutant.file,
      '--run',
      '--passWithNoTests',
      '--config',
      join(PROJECT_ROOT, 'tests/mutation/vitest.config.ts'),
    ],
    {
      cwd: PROJECT_ROOT,
      env: { ...process.env, MUTANT: JSON.stringify(mutant), MUTATION_TESTS: tests },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  );
  lastOutput = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      lastOutput = (lastOutput + text).slice(-4_000);
    });
  // With its workers, of which one may be in a loop without end.
  const killAll = () => process.kill(-child.pid!, 'SIGKILL');
  const late = setTimeout(killAll, most);
  process.once('exit', killAll);
  await endOf(child);
  process.off('exit', killAll);
  clearTimeout(late);
  return child.exitCode === 0;
}

/** By file and folder of tests: how long those that reach the file took without a mutant, ms. */
const plain = new Map<string, number>();

/** As `passes`; but first, once for each file, that they pass as it is: else each of its mutants would count as noticed. */
async function passesSoundly(mutant: Mutant, tests: string): Promise<boolean> {
  const { file } = mutant;
  const key = `${tests} ${file}`;
  if (!plain.has(key)) {
    const started = performance.now();
    const unchanged = { file, line: 1, start: 0, end: 0, text: '', was: '' };
    if (!(await passes(unchanged, tests, PLAIN_RUN_MS)))
      throw new Error(`The tests in ${tests} that reach ${file} do not pass as it is:\n${lastOutput}`);
    plain.set(key, performance.now() - started);
  }
  return passes(mutant, tests, Math.max(RUN_MS, TIMES_PLAIN * plain.get(key)!));
}

/** The tests of the folder itself notice most, and are quick; those of all others come after them. */
async function survives(mutant: Mutant): Promise<boolean> {
  const own = `tests/unit/${mutant.file.split('/')[1]!}`;
  return (await passesSoundly(mutant, own)) && (await passesSoundly(mutant, 'tests/unit'));
}

const described = (mutant: Mutant) => `${mutant.file}:${mutant.line}  ${mutant.was.split('\n')[0]!}  →  ${mutant.text}`;

if (positionals.length === 0) {
  process.stderr.write(USAGE);
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
const until = Date.now() + Number(values.minutes) * 60_000;
const random = randomOf(Number(values.seed));
let survivors = 0;
for (const folder of positionals) {
  const all = sourcesOf(folder)
    .flatMap((file) => mutantsOf(file, readFileSync(join(PROJECT_ROOT, file), 'utf8')))
    .filter(({ file, line }) => values.line === undefined || `${file}:${line}` === values.line);
  const chosen = values.line === undefined ? sample(all, Number(values.sample), random) : all;
  let [tried, killed] = [0, 0];
  for (const mutant of chosen) {
    if (Date.now() > until) break;
    const survived = await survives(mutant);
    tried++;
    if (survived) {
      survivors++;
      process.stdout.write(`survived  ${described(mutant)}\n`);
    } else killed++;
  }
  const share = tried ? Math.round((killed / tried) * 100) : 0;
  process.stdout.write(`${folder}: ${killed} of ${tried} noticed (${share} %), of ${all.length} possible ones\n`);
}
process.exit(survivors > 0 ? 1 : 0);
