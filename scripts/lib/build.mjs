import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { capture, ending, ROOT } from './run.mjs';
import { Obstacle, step } from './say.mjs';

/** From sources to `dist/`, only when the sources have changed: their hash is kept beside the result. */

const DIST = join(ROOT, 'dist');
const PAGE_SOURCES = [
  'contract',
  'common',
  'web',
  'assets',
  'vite.config.ts',
  'tsconfig.base.json',
  'tsconfig.web.json',
  'package-lock.json',
];
const TARGETS = {
  program: {
    what: 'Building the server and its tools',
    sources: [
      'contract',
      'common',
      'server',
      'demo',
      'tools',
      'assets/demo',
      'scripts/bundle.mjs',
      'package.json',
      'package-lock.json',
    ],
    types: ['.ts', '.json', '.mjs'],
    result: 'program/main.js',
    command: ['scripts/bundle.mjs'],
  },
  server: {
    what: 'Building the modules',
    sources: [
      'contract',
      'common',
      'server',
      'demo',
      'testing',
      'bench',
      'assets/demo',
      'tsconfig.base.json',
      'tsconfig.server.json',
      'package-lock.json',
    ],
    types: ['.ts', '.json'],
    result: 'server/main.js',
    command: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.server.json', '--noCheck'],
  },
  web: {
    what: 'Building the pages',
    sources: PAGE_SOURCES,
    types: undefined,
    result: 'web/index.html',
    command: ['node_modules/vite/bin/vite.js', 'build'],
  },
  legacy: {
    what: 'Building the pages for old browsers',
    sources: PAGE_SOURCES,
    types: undefined,
    result: 'legacy/index.html',
    command: ['node_modules/vite/bin/vite.js', 'build', '--mode', 'legacy'],
  },
};

/** All files below `path` (or itself), in a fixed order. */
function filesOf(path) {
  const full = join(ROOT, path);
  if (!existsSync(full)) return [];
  if (extname(path) !== '') return [full];
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function hashOf({ sources, types }) {
  const hash = createHash('sha256').update(process.version);
  for (const file of sources.flatMap(filesOf)) {
    if (types && !types.includes(extname(file))) continue;
    hash.update(`\0${relative(ROOT, file).split(sep).join('/')}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

const stampOf = (name) => join(DIST, `.${name}.stamp`);

function upToDate(name, hash) {
  const stamp = stampOf(name);
  return existsSync(join(DIST, TARGETS[name].result)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
}

/** Results of sources that are gone would still run. */
function dropStale() {
  for (const folder of ['contract', 'common', 'server', 'demo', 'testing', 'bench', 'assets']) {
    for (const file of filesOf(join('dist', folder))) {
      const source = relative(DIST, file).replace(/\.js(\.map)?$/, '.ts');
      if (/\.js(\.map)?$/.test(file) && !existsSync(join(ROOT, source))) rmSync(file);
    }
  }
}

async function buildOne(name) {
  const target = TARGETS[name];
  const hash = hashOf(target);
  if (upToDate(name, hash)) return;
  await step(target.what, async (progress) => {
    rmSync(stampOf(name), { force: true });
    // What tsc remembers of its last run is worth nothing without the result of it.
    if (name === 'server' && !existsSync(join(DIST, target.result)))
      rmSync(join(DIST, '.tsbuildinfo'), { force: true });
    const { code, output } = await capture(process.execPath, target.command, { progress });
    if (code !== 0) {
      const why = /\bEACCES\b|\bEPERM\b|\bEROFS\b/.test(output)
        ? `This user may not write to ${DIST}.`
        : /\bENOSPC\b/.test(output)
          ? 'The disk is full.'
          : 'The sources do not build; the lines above say where.';
      throw new Obstacle(`${ending(output, 40)}\n\n${why}`);
    }
    if (name === 'server') dropStale();
    mkdirSync(DIST, { recursive: true });
    writeFileSync(stampOf(name), hash);
  });
}

/** All that `npm run build` makes. */
export const TARGET_NAMES = /** @type {(keyof typeof TARGETS)[]} */ (Object.keys(TARGETS));

/**
 * Build what has changed.
 * @param {...('program' | 'server' | 'web' | 'legacy')} names `program` is the server and its tools, `server` all modules for tests and measurements
 * @throws {Obstacle} with what the compiler said
 */
export async function build(...names) {
  // One after the other: both are after all processors and a good deal of memory.
  for (const name of names) await buildOne(name);
}
