import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { Value } from 'typebox/value';
import { BoundariesSchema, type Boundaries } from '../contract/boundaries.ts';
import { RegionPackSchema, type RegionPack } from '../contract/region.ts';
import { parseRfc3339 } from '../common/regionTime.ts';
import { generateHistory } from '../demo/history.ts';
import { isRegionCode } from '../common/divisions.ts';

const USAGE = `The history of the demonstration as NDJSON.

  npm run -s demo:events -- [--seed 1] [--anchor 2026-11-21T10:00:00+08:00] [--scale 1] [--region 330110] [--out FILE]

  --seed     a whole number; the same one gives the same events
  --anchor   the end of the history, RFC 3339 (default: now)
  --scale    multiplies the alerts; the published totals hold at 1
  --region   a region pack in assets/geo
  --out      a file, compressed if it ends in .gz (default: standard output)
`;

class UsageError extends Error {}

function options(argv: string[]) {
  const { values } = parseArgs({
    args: argv,
    options: {
      seed: { type: 'string', default: '1' },
      anchor: { type: 'string' },
      scale: { type: 'string', default: '1' },
      region: { type: 'string', default: '330110' },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new UsageError(`--seed must be a whole number, not ${values.seed}`);
  const scale = Number(values.scale);
  if (!(scale > 0 && scale <= 10_000))
    throw new UsageError(`--scale must be above 0 and at most 10000, not ${values.scale}`);
  const anchor = values.anchor === undefined ? Date.now() : parseRfc3339(values.anchor);
  if (anchor === undefined)
    throw new UsageError(`--anchor must be a time such as 2026-11-21T10:00:00+08:00, not ${values.anchor}`);
  if (!isRegionCode(values.region))
    throw new UsageError(`--region must be a 6-digit division code, not ${values.region}`);
  return { seed, scale, anchor, ...region(values.region), out: values.out, help: values.help === true };
}

function region(code: string): { pack: RegionPack; boundaries?: Boundaries } {
  const home = findUp(join('assets', 'geo', code));
  if (home === undefined) throw new UsageError(`there is no region pack for ${code} in assets/geo`);
  const pack: unknown = JSON.parse(readFileSync(join(home, 'region.json'), 'utf8'));
  if (!Value.Check(RegionPackSchema, pack)) throw new UsageError(`assets/geo/${code}/region.json is no region pack`);
  const drawn = join(home, 'boundaries.geojson');
  const drawing: unknown = existsSync(drawn) ? JSON.parse(readFileSync(drawn, 'utf8')) : undefined;
  return { pack, ...(Value.Check(BoundariesSchema, drawing) && { boundaries: drawing }) };
}

/** This file runs from the sources and from the build. */
function findUp(path: string): string | undefined {
  for (let dir = dirname(fileURLToPath(import.meta.url)); ; dir = dirname(dir)) {
    if (existsSync(join(dir, path, 'region.json'))) return join(dir, path);
    if (dirname(dir) === dir) return undefined;
  }
}

function* lines(chosen: Parameters<typeof generateHistory>[0]): Generator<string> {
  let text = '';
  for (const event of generateHistory(chosen)) {
    text += `${JSON.stringify(event)}\n`;
    if (text.length > 256 * 1024) {
      yield text;
      text = '';
    }
  }
  yield text;
}

try {
  const { out, help, ...chosen } = options(process.argv.slice(2));
  if (help) {
    process.stdout.write(USAGE);
  } else {
    const source = Readable.from(lines(chosen));
    if (out === undefined) await pipeline(source, process.stdout);
    else if (out.endsWith('.gz')) await pipeline(source, createGzip(), createWriteStream(out));
    else await pipeline(source, createWriteStream(out));
  }
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  // Whoever reads has had enough (`| head`).
  if (code !== 'EPIPE') {
    const misused = error instanceof UsageError || code?.startsWith('ERR_PARSE_ARGS');
    process.stderr.write(misused ? `${message}\n\n${USAGE}` : `${message}\n`);
    process.exitCode = misused ? 2 : 1;
  }
}
