/**
 * `npm run lint`: the form of the text (Prettier) and the rules (ESLint), each file once. The pages have types of their
 * own, so that their files and all others are two runs side by side, and neither reads the types of the other.
 */
import { checks } from './lib/checks.mjs';
import { PAGE_FOLDERS } from './lib/pageFolders.mjs';
import { complain } from './lib/say.mjs';

const ESLINT = ['node_modules/eslint/bin/eslint.js', '--max-warnings', '0'];
try {
  const good = await checks([
    [...ESLINT, ...PAGE_FOLDERS],
    [...ESLINT, '.', ...PAGE_FOLDERS.flatMap((folder) => ['--ignore-pattern', `${folder}/**`])],
    ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
  ]);
  if (!good) process.exitCode = 1;
} catch (error) {
  complain(error);
  process.exitCode = 1;
}
