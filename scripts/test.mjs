/**
 * `npm test [-- files and options of vitest]`: from a fresh clone to tested. Installs what is missing (packages,
 * Redis, Chromium, fonts), builds, runs the tests, and ends with one line: "N passed, N failed".
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, TARGET_NAMES } from './lib/build.mjs';
import { ensureOldBrowsers } from './lib/oldBrowsers.mjs';
import { checkNode, installPackages } from './lib/packages.mjs';
import { inPlace } from './lib/run.mjs';
import { complain, say } from './lib/say.mjs';
import { readSummary, summaryLine } from './lib/summary.mjs';
import { ensureSystem, findBrowser } from './lib/system.mjs';

const folder = mkdtempSync(join(tmpdir(), 'wagewatch-test-'));
/** @type {ReturnType<typeof readSummary>} */
let summary = { passed: 0, failed: 1, skipped: 0, notes: [] };
try {
  checkNode();
  await ensureSystem('redis', 'browser', 'fonts', 'openssl', 'office', 'poppler', 'nginx', 'haproxy');
  await installPackages();
  await build(...TARGET_NAMES);
  const oldBrowsers = await ensureOldBrowsers();
  const report = join(folder, 'report.json');
  say('• Running the tests (vitest) …');
  const { code, signal } = await inPlace(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...process.argv.slice(2),
    ],
    { env: { CHROMIUM: findBrowser(), OLD_BROWSERS: oldBrowsers }, oneStream: true },
  );
  summary = readSummary(report, signal ? `vitest was ended by ${signal}` : code);
} catch (error) {
  complain(error, process.stdout);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const note of summary.notes) say(note);
process.exitCode = summary.failed > 0 ? 1 : 0;
say(summaryLine(summary));
