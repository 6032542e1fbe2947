import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

/** The scripts are plain JavaScript, without types of their own. */
interface Summary {
  passed: number;
  failed: number;
  skipped: number;
  notes: string[];
}
interface Scripts {
  readSummary(file: string, code: number | string | null): Summary;
  summaryLine(summary: Pick<Summary, 'passed' | 'failed' | 'skipped'>): string;
  pretty(line: string, colours?: boolean): string;
  explainNpm(output: string): string;
  findBrowser(): string | undefined;
}
async function load(name: string): Promise<Scripts> {
  return (await import(/* @vite-ignore */ new URL(`../../scripts/lib/${name}.mjs`, import.meta.url).href)) as Scripts;
}

describe('the summary of the tests', () => {
  const suite = (status: string, ...tests: string[]) => ({
    name: 'made.test.ts',
    status,
    message: 'why\nmore',
    assertionResults: tests.map((state) => ({ status: state })),
  });

  it.each<[what: string, suites: unknown[], code: number | string, line: string]>([
    ['all good', [suite('passed', 'passed', 'passed'), suite('passed', 'passed')], 0, '3 passed, 0 failed'],
    ['one failed', [suite('failed', 'passed', 'failed')], 1, '1 passed, 1 failed'],
    ['some skipped', [suite('passed', 'passed', 'skipped', 'pending', 'todo')], 0, '1 passed, 0 failed, 3 skipped'],
    ['a file that does not load', [suite('passed', 'passed'), suite('failed')], 1, '1 passed, 1 failed'],
    ['a file whose hooks fail', [suite('failed', 'skipped', 'skipped')], 1, '0 passed, 1 failed, 2 skipped'],
    ['nothing ran', [], 1, '0 passed, 1 failed'],
    ['all skipped', [suite('passed', 'skipped')], 0, '0 passed, 1 failed, 1 skipped'],
    ['an error outside of the tests', [suite('passed', 'passed')], 1, '1 passed, 1 failed'],
    ['ended by a signal', [suite('passed', 'passed')], 'vitest was ended by SIGKILL', '1 passed, 1 failed'],
  ])('counts: %s', async (_what, testResults, code, line) => {
    const { readSummary, summaryLine } = await load('summary');
    const dir = mkdtempSync(join(tmpdir(), 'summary-'));
    onTestFinished(() => {
      rmSync(dir, { recursive: true });
    });
    const file = join(dir, 'report.json');
    writeFileSync(file, JSON.stringify({ success: code === 0, testResults }));
    const summary = readSummary(file, code);
    expect(summaryLine(summary)).toBe(line);
  });

  it('counts a failure where there is no report', async () => {
    const { readSummary, summaryLine } = await load('summary');
    expect(summaryLine(readSummary('/no/such/report.json', 1))).toBe('0 passed, 1 failed');
  });
});

describe('the browser of the tests', () => {
  it('is the one without windows where there is one, else the first that is found', async () => {
    const { findBrowser } = await load('system');
    const dir = mkdtempSync(join(tmpdir(), 'browsers-'));
    onTestFinished(() => {
      vi.unstubAllEnvs();
      rmSync(dir, { recursive: true });
    });
    vi.stubEnv('CHROMIUM', '');
    vi.stubEnv('PATH', dir);
    expect(findBrowser()).toBeUndefined();
    for (const name of ['google-chrome', 'chromium', 'chromium-headless-shell']) {
      writeFileSync(join(dir, name), '', { mode: 0o755 });
      expect(findBrowser()).toBe(join(dir, name));
    }
    vi.stubEnv('CHROMIUM', join(dir, 'google-chrome'));
    expect(findBrowser()).toBe(join(dir, 'google-chrome'));
    vi.stubEnv('CHROMIUM', join(dir, 'none'));
    expect(findBrowser).toThrow(/there is no such file/);
  });
});

describe('the log at a terminal', () => {
  it('is one plain line for one of JSON', async () => {
    const { pretty } = await load('pretty');
    const time = new Date(2026, 10, 21, 9, 5, 7).getTime();
    expect(
      pretty(
        JSON.stringify({
          level: 30,
          time,
          pid: 1,
          hostname: 'h',
          redisPid: 7,
          socketPath: '/s',
          msg: 'Embedded Redis serves',
        }),
        false,
      ),
    ).toBe('09:05:07 info  Embedded Redis serves redisPid=7 socketPath=/s');
    expect(
      pretty(
        JSON.stringify({ level: 50, time, msg: 'stop', error: { message: 'm', stack: 'Error: m\n  at x' } }),
        false,
      ),
    ).toBe('09:05:07 error stop\nError: m\n  at x');
    expect(pretty(JSON.stringify({ level: 40, time, msg: 'careful' }))).toBe(
      '\u001b[33m09:05:07 warn  careful\u001b[0m',
    );
  });

  it.each(['WageWatch  http://127.0.0.1:8080/wall', '', '{ not json', '{"level":"high"}', '[1]', '{}'])(
    'leaves %j as it is',
    async (line) => {
      const { pretty } = await load('pretty');
      expect(pretty(line)).toBe(line);
    },
  );
});

describe('a failed installation', () => {
  it.each([
    [
      'npm error code ENOTFOUND\nnpm error network request to https://r failed',
      /cannot reach its registry.*deploy\/README\.md/,
    ],
    ['npm error code EACCES\nnpm error syscall mkdir', /may not write to/],
    ['npm error code ENOSPC', /disk is full/],
    ['npm error code EUSAGE\nnpm error `npm ci` can only install packages when in sync', /does not fit package\.json/],
    ['npm error something', /npm ci failed/],
  ])('is explained: %s', async (output, sentence) => {
    const { explainNpm } = await load('packages');
    expect(explainNpm(output)).toMatch(sentence);
  });
});
