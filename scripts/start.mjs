/**
 * `npm start`: from a fresh clone to a running server. Plain Node without packages, as it runs before there are any.
 * What is in place already is not done again, so that from the second time on only the server starts.
 */
import { spawn } from 'node:child_process';
import { build } from './lib/build.mjs';
import { checkNode, installPackages } from './lib/packages.mjs';
import { pretty } from './lib/pretty.mjs';
import { endLike, inPlace, ROOT } from './lib/run.mjs';
import { complain } from './lib/say.mjs';
import { ensureSystem } from './lib/system.mjs';

try {
  checkNode();
  if (!process.env.REDIS_URL?.trim()) await ensureSystem('redis');
  await installPackages();
  await build('program', 'web');
  const rewrite = process.stdout.isTTY ? (line) => pretty(line) : undefined;
  // Old browsers get their pages some seconds later: the wall does not wait for them.
  const later = spawn(process.execPath, ['scripts/build.mjs', 'legacy'], { cwd: ROOT, stdio: 'ignore' });
  later.on('error', () => {});
  const end = await inPlace(
    process.execPath,
    ['--enable-source-maps', 'dist/program/main.js', ...process.argv.slice(2)],
    { rewrite },
  );
  later.kill();
  endLike(end);
} catch (error) {
  complain(error);
  process.exitCode = 1;
}
