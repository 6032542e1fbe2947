import { writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { findPack } from '../../server/region/packs.ts';
import { drawSchematic, SEED } from './schematicMap.ts';
import { toText } from './shapes.ts';

/** `npm run geo:schematic -- --region 330110`: draws the schematic beside the region's pack. */

const USAGE = `用法 Usage: npm run geo:schematic -- --region 330110 [--seed 1] [--data-dir .data]

由各镇街驻地与面积绘制示意图,写入区划包所在目录的 boundaries.geojson。
Draws the schematic map of a region from the seats and areas in its region.json,
and writes boundaries.geojson beside it.

  --region    6-digit division code 六位区划代码
  --seed      another number, another hand 换一个数,换一种笔触 (default ${SEED})
  --data-dir  where a site's own packs are (regions/<code>/) 自有区划包所在目录 (default .data)
`;

function main(): void {
  const { values } = parseArgs({
    options: {
      region: { type: 'string' },
      seed: { type: 'string', default: String(SEED) },
      'data-dir': { type: 'string', default: process.env['DATA_DIR'] ?? '.data' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  if (!values.region) throw new Error('--region is missing: npm run geo:schematic -- --region 330110');
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new Error(`--seed is a whole number, not "${values.seed}".`);
  const { pack, home } = findPack(values.region, {
    assetsDir: join(PROJECT_ROOT, 'assets/geo'),
    dataDir: resolve(values['data-dir']),
  });
  const text = toText(drawSchematic(pack, seed));
  const file = join(home, 'boundaries.geojson');
  writeFileSync(file, text);
  process.stdout.write(
    `${relative('.', file)}: ${pack.towns.length} towns, ${Math.ceil(Buffer.byteLength(text) / 1024)} KiB\n`,
  );
}

try {
  main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
