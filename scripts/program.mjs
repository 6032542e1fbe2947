/**
 * `node scripts/program.mjs tests/fuzz/run.ts [-- options]`: builds what has changed, makes one file of a program of
 * the tests, and runs it in this one's place. With `--web` before the name, the pages are built, too.
 */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './lib/build.mjs';
import { checkNode, installPackages } from './lib/packages.mjs';
import { endLike, inPlace, ROOT } from './lib/run.mjs';
import { complain, Obstacle, voice } from './lib/say.mjs';
import { ensureSystem, findBrowser } from './lib/system.mjs';

voice.stream = process.stderr;
const args = process.argv.slice(2);
const web = args[0] === '--web';
const [entry, ...options] = web ? args.slice(1) : args;
const folder = join(ROOT, 'dist/.programs', randomUUID());
try {
  if (entry === undefined) throw new Obstacle('Name the program to run, such as tests/fuzz/run.ts.');
  checkNode();
  await ensureSystem('redis', ...(web ? ['browser', 'fonts'] : []));
  await installPackages();
  await build('program', 'server', ...(web ? /** @type {const} */ (['web']) : []));
  const { build: bundle } = await import('vite');
  await bundle({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    build: {
      ssr: join(ROOT, entry),
      outDir: folder,
      target: 'node20',
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'program.mjs' } },
    },
  });
  endLike(
    await inPlace(process.execPath, [join(folder, 'program.mjs'), ...options], {
      env: web ? { CHROMIUM: findBrowser() } : {},
    }),
  );
} catch (error) {
  complain(error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
