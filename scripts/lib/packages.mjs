import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, ending, findProgram, ROOT } from './run.mjs';
import { Obstacle, step } from './say.mjs';

/** The JavaScript packages: exactly those that package-lock.json names. */

const read = (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

/** @throws {Obstacle} when this Node is older than package.json asks for */
export function checkNode() {
  const wanted = /\d+(\.\d+)*/.exec(read('package.json').engines.node)?.[0] ?? '0';
  const parts = (/** @type {string} */ version) => version.split('.').map(Number);
  const [a = 0, b = 0, c = 0] = parts(process.versions.node);
  const [major = 0, minor = 0, patch = 0] = parts(wanted);
  const newer = a - major || b - minor || c - patch;
  if (newer < 0) {
    throw new Obstacle(
      `This is Node ${process.versions.node}, but WageWatch needs ${wanted} or later. Get it from https://nodejs.org or your distribution.`,
    );
  }
}

/**
 * Whether node_modules holds what the lock file names. npm writes a lock of its own there at the end of each
 * installation, so an interrupted one, or one of other versions, is told from a whole one.
 */
export function packagesInPlace() {
  try {
    const wanted = read('package-lock.json').packages;
    const there = read('node_modules/.package-lock.json').packages;
    const same = (path) =>
      there[path]?.version === wanted[path].version && there[path]?.integrity === wanted[path].integrity;
    // Optional ones are for other systems, if they are missing.
    return (
      Object.keys(wanted).every((path) => path === '' || same(path) || (wanted[path].optional && !there[path])) &&
      Object.keys(there).every((path) => path in wanted)
    );
  } catch {
    return false;
  }
}

/** What a failed `npm ci` means. */
export function explainNpm(output) {
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|network/.test(output)) {
    return 'npm cannot reach its registry. Check the network or the proxy; for a closed network see "Closed networks" in deploy/README.md.';
  }
  if (/\bEACCES\b|\bEPERM\b|\bEROFS\b/.test(output))
    return `npm may not write to ${join(ROOT, 'node_modules')} (or its cache). Give this user the right to, or run as the owner of the folder.`;
  if (/\bENOSPC\b/.test(output)) return 'The disk is full. The packages need about 700 MB.';
  if (/\bEUSAGE\b/.test(output)) return 'package-lock.json does not fit package.json. Take both from the same commit.';
  return 'npm ci failed.';
}

/** Install the packages unless they are there. @throws {Obstacle} */
export async function installPackages() {
  if (packagesInPlace()) return;
  if (!findProgram('npm'))
    throw new Obstacle('npm is not on the PATH. It comes with Node; on Debian: apt-get install npm.');
  await step('Installing the packages that the lock file names (npm ci)', async (progress) => {
    const { code, output } = await capture(
      'npm',
      ['ci', '--include=dev', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=http'],
      { progress },
    );
    if (code !== 0) throw new Obstacle(`${ending(output.replace(/^npm http .*\n/gm, ''))}\n\n${explainNpm(output)}`);
  });
}
