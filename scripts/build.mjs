/** `npm run build`: the server, the pages, or (without a name) both, if their sources have changed. */
import { build } from './lib/build.mjs';
import { complain, Obstacle, voice } from './lib/say.mjs';

voice.stream = process.stderr;
try {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => name !== 'server' && name !== 'web');
  if (unknown !== undefined)
    throw new Obstacle(`"${unknown}" cannot be built; name server or web, or nothing for both.`);
  await build(...(names.length > 0 ? names : ['server', 'web']));
} catch (error) {
  complain(error);
  process.exitCode = 1;
}
