/** `npm run typecheck`: the types of everything, by three programs that know nothing of each other. */
import { checks } from './lib/checks.mjs';
import { complain } from './lib/say.mjs';

const TSC = 'node_modules/typescript/bin/tsc';
try {
  const good = await checks([
    ['node_modules/vue-tsc/bin/vue-tsc.js', '-p', 'tsconfig.web.json'],
    [TSC, '-p', 'tsconfig.json'],
    [TSC, '-p', 'tsconfig.scripts.json'],
  ]);
  if (!good) process.exitCode = 1;
} catch (error) {
  complain(error);
  process.exitCode = 1;
}
