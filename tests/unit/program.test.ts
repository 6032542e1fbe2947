import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OPEN_ACCESS } from '../../server/access/accessControl.ts';
import { buildApp } from '../../server/app.ts';
import type { Feature } from '../../server/feature.ts';
import { assertFilesDir, startAll } from '../../server/program.ts';
import { declaredFeatures } from '../support/features.ts';

/** Features that note what happens to them. */
function noting(seen: string[], ...names: string[]): Feature[] {
  return names.map((name) => ({
    name,
    async start() {
      await Promise.resolve();
      seen.push(`start ${name}`);
      if (name === 'broken') throw new Error('it does not start');
    },
    async stop() {
      await Promise.resolve();
      seen.push(`stop ${name}`);
      if (name === 'stubborn') throw new Error('it does not stop');
    },
  }));
}

describe('FILES_DIR', () => {
  it('is made, and refused in a sentence where it cannot be', ({ onTestFinished }) => {
    const folder = mkdtempSync(join(tmpdir(), 'files-dir-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    assertFilesDir(join(folder, 'data/files'));
    expect(statSync(join(folder, 'data/files')).mode & 0o777).toBe(0o700);
    const file = join(folder, 'a file');
    writeFileSync(file, '');
    for (const path of [file, join(file, 'x')])
      expect(() => {
        assertFilesDir(path);
      }).toThrow(/^FILES_DIR .* cannot be used: .* It must be a directory that this user may write to\.$/);
  });
});

describe('features', () => {
  it('start one after the other, and stop in reverse, whatever a stop fails with', async () => {
    const seen: string[] = [];
    const failed: unknown[] = [];
    const stop = await startAll([...noting(seen, 'a', 'stubborn', 'c'), { name: 'has nothing to start' }], {
      error: (fields: object) => failed.push(fields),
    });
    await stop();
    expect(seen).toEqual(['start a', 'start stubborn', 'start c', 'stop c', 'stop stubborn', 'stop a']);
    expect(failed).toEqual([{ feature: 'stubborn', error: new Error('it does not stop') }]);
    await stop();
    expect(seen).toHaveLength(6);
  });

  it('are stopped when one does not start: it, and those before it', async () => {
    const seen: string[] = [];
    await expect(startAll(noting(seen, 'a', 'b', 'broken', 'd'), { error: () => undefined })).rejects.toThrow(
      'it does not start',
    );
    expect(seen).toEqual(['start a', 'start b', 'start broken', 'stop broken', 'stop b', 'stop a']);
  });

  it('keep the names of their metrics', async () => {
    const { platform } = declaredFeatures();
    const text = await platform.metrics.render();
    const names = [...text.matchAll(/^# TYPE (wagewatch_\S+) (\S+)$/gm)].map(([, name, type]) => `${name} ${type}`);
    expect(names.sort()).toEqual([
      'wagewatch_checkpoint_seconds histogram',
      'wagewatch_clock_cases gauge',
      'wagewatch_clock_commit_seconds histogram',
      'wagewatch_clock_drafts_total counter',
      'wagewatch_clock_lease_held gauge',
      'wagewatch_clock_reminded_total counter',
      'wagewatch_clock_urged_total counter',
      'wagewatch_commit_seconds histogram',
      'wagewatch_connector_delivered gauge',
      'wagewatch_connector_failed gauge',
      'wagewatch_connector_on gauge',
      'wagewatch_connector_waiting gauge',
      'wagewatch_events_accepted_total counter',
      'wagewatch_events_counted_total counter',
      'wagewatch_events_duplicate_total counter',
      'wagewatch_events_rejected_total counter',
      'wagewatch_lag_seconds gauge',
      'wagewatch_lease_held gauge',
      'wagewatch_patch_bytes_total counter',
      'wagewatch_patches_total counter',
      'wagewatch_positions_outside gauge',
      'wagewatch_queues_dropped_total counter',
      'wagewatch_replays_open gauge',
      'wagewatch_screens gauge',
      'wagewatch_shown_frames_total counter',
      'wagewatch_shown_frames_waiting gauge',
      'wagewatch_signals_commit_seconds histogram',
      'wagewatch_signals_decided_total counter',
      'wagewatch_signals_duplicate_total counter',
      'wagewatch_signals_escalated_total counter',
      'wagewatch_signals_lag_seconds gauge',
      'wagewatch_signals_lease_held gauge',
      'wagewatch_signals_observed_total counter',
      'wagewatch_signals_raised_total counter',
      'wagewatch_signals_sources_late gauge',
      'wagewatch_signals_unplaced gauge',
      'wagewatch_signals_waiting gauge',
      'wagewatch_tick_seconds histogram',
    ]);
  });

  it('describe for every route of the API that the store may be out of reach, and what else it refuses', async () => {
    const app = await buildApp({ ...declaredFeatures(), guard: { access: OPEN_ACCESS } });
    try {
      await app.ready();
      const { paths = {} } = app.swagger() as unknown as {
        paths?: Record<string, Record<string, { responses: object }>>;
      };
      const described = Object.entries(paths).filter(([path]) => path.startsWith('/api/'));
      expect(described.length).toBeGreaterThan(25);
      for (const [path, methods] of described)
        for (const [method, { responses }] of Object.entries(methods))
          expect(Object.keys(responses), `${method} ${path}`).toEqual(expect.arrayContaining(['4XX', '503']));
    } finally {
      await app.close();
    }
  });

  it('declare routes by the roles of the process', () => {
    const counts = (roles: string) =>
      Object.fromEntries(
        declaredFeatures({ ROLES: roles })
          .features.filter(({ routes }) => routes)
          .map(({ name, routes }) => [name, routes!.length > 0]),
      );
    // Rules and calendars are read and written wherever there is a person to ask; nothing else of theirs depends on the role.
    const everywhere = { access: true, calendar: true, rules: true, health: true };
    expect(counts('ingest')).toEqual({
      ...everywhere,
      clock: false,
      intake: true,
      views: false,
      casework: false,
      connectors: false,
      push: false,
      replay: false,
      briefing: false,
      oversight: false,
      reports: false,
      site: false,
      subjects: false,
    });
    expect(counts('worker')).toEqual({
      ...everywhere,
      clock: false,
      intake: false,
      views: false,
      casework: false,
      connectors: false,
      push: false,
      replay: false,
      briefing: false,
      oversight: false,
      reports: false,
      site: false,
      subjects: false,
    });
    expect(counts('push')).toEqual({
      ...everywhere,
      clock: true,
      intake: false,
      views: true,
      casework: true,
      connectors: true,
      push: true,
      replay: true,
      briefing: true,
      oversight: true,
      reports: true,
      site: true,
      subjects: true,
    });
  });
});
