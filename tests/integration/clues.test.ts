import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Trail } from '../../contract/accessAdmin.ts';
import type { ClueAnswer } from '../../contract/clues.ts';
import type { AlertSignals, SubjectPortrait } from '../../contract/subjects.ts';
import { ENTRIES, OTHER_TOWN, tokens, TOWN, type Asker } from '../support/accessTable.ts';
import { asking } from '../support/asking.ts';
import { writeAccess } from '../support/letIn.ts';
import { loadPack } from '../support/packs.ts';
import { startServer, type RunningServer } from '../support/server.ts';
import { clueRules } from '../support/signals.ts';

/** Clues that people report (docs/casework.md §6), against a real server whose rules raise an alert for the first one. */

const dir = mkdtempSync(join(tmpdir(), 'clues-'));
const pack = loadPack('330110');
const [lng, lat] = pack.towns.find(({ code }) => code === TOWN)!.seat;
let server: RunningServer;

const { ask } = asking(tokens, () => server.url);
const clue = (name: string, more: object = {}) => ({
  enterprise: { name },
  town: TOWN,
  industry: 'H',
  text: '店面已关，员工称两个月未发工资',
  ...more,
});
const report = (who: Asker, body: object, key?: string) =>
  ask<ClueAnswer>(who, '/api/v1/clues', body, key === undefined ? {} : { headers: { 'idempotency-key': key } });
const portrait = async (name: string) =>
  ask<SubjectPortrait>('officer', `/api/v1/subjects/${encodeURIComponent(`N:${name}`)}?region=330110`);

beforeAll(async () => {
  server = await startServer({ ACCESS_FILE: writeAccess(dir, ENTRIES) });
});
afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true });
});

describe('a clue', () => {
  it('is kept where no rules are in force, and raises nothing', async () => {
    const { status, body } = await report('handler', clue('某某一店'));
    expect([status, body.alert]).toEqual([200, undefined]);
    expect((await ask('admin', '/api/v1/rules?region=330110', clueRules('c.1'))).status).toBe(201);
    const activated = await ask('admin', '/api/v1/rules/c.1/activate?region=330110', { why: 'a test', settle: true });
    expect(activated.status).toBe(200);
  });

  it('becomes an observation with all that was said, and the alert that the rules raise of it is told to the unit that has it', async () => {
    const said = { workers: 12, amountFen: 9_600_050, location: { lng, lat, crs: 'WGS84' } };
    const { status, body } = await report('handler', clue('某某二店', said));
    expect([status, body.detail]).toEqual([200, undefined]);
    expect(body).toMatchObject({ region: '330110', town: TOWN, state: 'assessed' });
    expect(body.alert).toMatchObject({ tier: 'yellow', fresh: true, alertId: expect.stringMatching(/^SG-/) as string });
    const { alertId } = body.alert!;
    const seen = await ask<AlertSignals>('handler', `/api/v1/alerts/${alertId}/signals`);
    expect(seen.body.reasons.flatMap(({ observations = [] }) => observations)).toMatchObject([
      { source: 'urn:wagewatch:desk', text: '店面已关，员工称两个月未发工资', workers: 12, amountFen: 9_600_050 },
    ]);
    // A second one about the same employer: the alert was there before.
    expect((await report('officer', clue('某某 二店'))).body.alert).toMatchObject({ alertId, fresh: false });
    // Whose it is not is told nothing of it.
    expect((await report('otherHandler', clue('某某二店'))).body).toMatchObject({ state: 'assessed' });
    expect((await report('otherHandler', clue('某某二店'))).body.alert).toBeUndefined();
  });

  it('counts once however often it is sent with its key, and a key is for one clue', async () => {
    const first = await report('handler', clue('某某三店'), 'clue-1');
    const again = await report('handler', clue('某某三店'), 'clue-1');
    expect(again.body.event).toBe(first.body.event);
    expect([first.status, again.status]).toEqual([200, 200]);
    expect((await portrait('某某三店')).body.assessment!.indicators.map(({ count }) => count)).toEqual([1]);
    expect(await report('handler', clue('某某四店'), 'clue-1')).toMatchObject({
      status: 422,
      body: { parameter: 'Idempotency-Key' },
    });
    expect((await portrait('某某四店')).status).toBe(404);
    // Of somebody else it is another clue.
    expect((await report('officer', clue('某某三店'), 'clue-1')).body.event).not.toBe(first.body.event);
  });

  it('is refused by its field where something is wrong with it, and then nothing is kept', async () => {
    const wrong: [body: object, status: number, parameter: string][] = [
      [clue(' '), 400, 'enterprise'],
      [clue('某某五店', { text: ' \n' }), 400, 'text'],
      [clue('某某五店', { workers: -1 }), 400, 'workers'],
      [clue('某某五店', { amountFen: 1.5 }), 400, 'amountFen'],
      [clue('某某五店', { indicator: 'petition.received' }), 400, 'indicator'],
      [clue('某某五店', { enterprise: { name: '某某五店', uscc: 'x' } }), 422, 'enterprise'],
      [clue('某某五店', { town: '330110999' }), 422, 'town'],
      [clue('某某五店', { location: { lng: 121.4737, lat: 31.2304 } }), 422, 'location'],
    ];
    for (const [body, status, parameter] of wrong) {
      const answer = await report('officer', body);
      expect([answer.status, answer.body.parameter?.split(/[./]/).find(Boolean)], JSON.stringify(body)).toEqual([
        status,
        parameter,
      ]);
    }
    expect((await portrait('某某五店')).status).toBe(404);
  });

  it('takes a position of a Chinese map as one, and not as that of a satellite', async () => {
    // The corner of the box: shifted by some hundred metres, it lies outside.
    const [, , east, north] = pack.box ?? [0, 0, 0, 0];
    if (pack.box) {
      expect((await report('officer', clue('某某六店', { location: { lng: east, lat: north } }))).status).toBe(200);
      const shifted = { lng: east + 0.02, lat: north, crs: 'GCJ02' };
      expect((await report('officer', clue('某某六店', { location: shifted }))).status).toBe(422);
    }
    const location = { lng, lat, crs: 'GCJ02' };
    expect((await report('officer', clue('某某七店', { location }))).status).toBe(200);
    const heat = await ask<{ items: { location?: { lng: number } }[] }>(
      'officer',
      '/api/v1/alerts?scope=330110&q=某某七店',
    );
    expect(Math.abs(heat.body.items[0]!.location!.lng - lng)).toBeGreaterThan(0.002);
  });

  it('is for those who work there, within their scope, and on the trail', async () => {
    const status = async (who: Asker, town: string) => (await report(who, clue('某某八店', { town }))).status;
    expect(await status('townHandler', OTHER_TOWN)).toBe(403);
    expect(await status('townHandler', TOWN)).toBe(200);
    for (const who of ['display', 'townDisplay', 'leader', 'ingest'] as const)
      expect(await status(who, TOWN)).toBe(403);
    const { body } = await ask<Trail>('admin', `/api/v1/access/trail?what=clue.report&target=${TOWN}&limit=50`);
    expect(body.items[0]).toMatchObject({ who: { name: 'townHandler' } });
  });
});
