/**
 * The server in few files (`dist/program`), out of the sources: a start would otherwise look for and open 1,500 modules, which was
 * half of what it costs (docs/measured/house.md). Threads are entries of their own, found by how the sources name them. The tools
 * in few files, too (`dist/tools`), each that a script of package.json calls.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'vite';
import { ROOT } from './lib/run.mjs';

const SERVER = join(ROOT, 'server');
const THREAD = /new URL\('\.\/([\w/]+)\.js', import\.meta\.url\)/g;
/** Native code, packages that read files of their own, and large ones that most processes never load. */
const AS_THEY_ARE = [
  'sharp',
  '@resvg/resvg-js',
  '@fastify/swagger-ui',
  'pino',
  'docx',
  'exceljs',
  'gcoord',
  '@zxcvbn-ts/core',
  '@zxcvbn-ts/language-common',
  'subset-font',
];

/** @type {Record<string, string>} */
const threads = {};
for (const name of readdirSync(SERVER, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.ts')) continue;
  for (const [, thread = ''] of readFileSync(join(SERVER, name), 'utf8').matchAll(THREAD)) {
    const source = join(SERVER, dirname(name), `${thread}.ts`);
    const other = threads[thread] ?? source;
    if (other !== source)
      throw new Error(`${relative(ROOT, source)} and ${relative(ROOT, other)} have one name: rename a thread.`);
    threads[thread] = source;
  }
}

/**
 * @param {string} folder in `dist`
 * @param {Record<string, string>} input by the name of the file that is made
 */
const bundle = (folder, input) =>
  build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true, external: AS_THEY_ARE },
    build: {
      ssr: true,
      outDir: join(ROOT, 'dist', folder),
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input,
        // All beside each other: the sources name threads from where they stand.
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });

await bundle('program', { main: join(SERVER, 'main.ts'), ...threads });

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const called = Object.values(scripts).flatMap((script) => /dist\/tools\/([\w/]+)\.js/.exec(script)?.[1] ?? []);
const tools = Object.fromEntries(called.map((name) => [name, join(ROOT, 'tools', `${name}.ts`)]));
// A tool that counts, as `rebuild` does, starts the same threads.
await bundle('tools', { ...tools, ...threads });
for (const name of called)
  if (name.includes('/') && readFileSync(join(ROOT, 'dist/tools', `${name}.js`), 'utf8').match(THREAD))
    throw new Error(`tools/${name}.ts starts threads, which lie in the folder above: move it there.`);
