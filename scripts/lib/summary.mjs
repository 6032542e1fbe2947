import { readFileSync } from 'node:fs';

/** What vitest's JSON report amounts to, so that no way of not running a test can look like success. */

/**
 * @param {string} file of the report
 * @param {number | string | null} code vitest's exit code, or a sentence about how it ended
 * @returns {{ passed: number, failed: number, skipped: number, notes: string[] }}
 */
export function readSummary(file, code) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {
      passed: 0,
      failed: 1,
      skipped: 0,
      notes: [typeof code === 'string' ? `${code}.` : 'vitest left no report: it did not run to its end.'],
    };
  }
  const notes = [];
  const suites = report.testResults ?? [];
  const count = (...states) =>
    suites.flatMap((suite) => suite.assertionResults).filter(({ status }) => states.includes(status)).length;
  const passed = count('passed');
  const skipped = count('skipped', 'pending', 'todo', 'disabled');
  let failed = count('failed');
  // A file that does not load, or whose hooks fail, has no failed test to show for it.
  for (const suite of suites) {
    if (suite.status === 'passed' || suite.assertionResults.some(({ status }) => status === 'failed')) continue;
    failed++;
    notes.push(`${suite.name} did not run: ${String(suite.message ?? '').split('\n')[0]}`);
  }
  if (passed + failed === 0) {
    failed = 1;
    notes.push('No test ran.');
  }
  if (failed === 0 && (code !== 0 || report.success === false)) {
    failed = 1;
    notes.push(
      typeof code === 'string'
        ? `${code}.`
        : `All tests passed, but vitest ended with exit code ${code}: an error outside of them, told above.`,
    );
  }
  return { passed, failed, skipped, notes };
}

export function summaryLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
