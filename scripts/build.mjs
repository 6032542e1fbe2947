/** `npm run build`: the server, the tools, the pages, the pages for old browsers, or (without a name) all, if their sources have changed. */
import { build, TARGET_NAMES } from './lib/build.mjs';
import { complain, Obstacle, voice } from './lib/say.mjs';

voice.stream = process.stderr;
try {
  const names = process.argv.slice(2);
  const targets = names.map((name) => {
    const target = TARGET_NAMES.find((known) => known === name);
    if (!target) throw new Obstacle(`"${name}" cannot be built; name ${TARGET_NAMES.join(', ')}, or nothing for all.`);
    return target;
  });
  await build(...(targets.length > 0 ? targets : TARGET_NAMES));
} catch (error) {
  complain(error);
  process.exitCode = 1;
}
