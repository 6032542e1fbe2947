/** For CI: the packages alone, as `npm start` and `npm test` install them. */
import { checkNode, installPackages } from './lib/packages.mjs';
import { complain } from './lib/say.mjs';

try {
  checkNode();
  await installPackages();
} catch (error) {
  complain(error);
  process.exitCode = 1;
}
