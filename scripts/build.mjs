/** `npm run build`: the server, the pages, the pages for old browsers, or (without a name) all, if their sources have changed. */
import { build, TARGET_NAMES } from './lib/build.mjs';
import { complain, Obstacle, voice } from './lib/say.mjs';

voice.stream = process.stderr;
try {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !TARGET_NAMES.includes(name));
  if (unknown !== undefined)
    throw new Obstacle(`"${unknown}" cannot be built; name ${TARGET_NAMES.join(', ')}, or nothing for all.`);
  await build(...(names.length > 0 ? names : TARGET_NAMES));
} catch (error) {
  complain(error);
  process.exitCode = 1;
}
