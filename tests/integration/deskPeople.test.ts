import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SavedFilter, SavedFilters, UnitPeople } from '../../contract/deskFilters.ts';
import { MAX_FILTERS } from '../../contract/deskFilterLimits.ts';
import type { AlertDetail } from '../../contract/rest.ts';
import { ENTRIES, OTHER_UNIT, tokens, TOWN, UNIT, type Asker } from '../support/accessTable.ts';
import { asking } from '../support/asking.ts';
import { event, raised } from '../support/events.ts';
import { writeAccess } from '../support/letIn.ts';
import { startServer, until, type RunningServer } from '../support/server.ts';

/** What the desk asks besides cases: the people of a unit, and one's own saved filters (docs/casework.md §6). */

const dir = mkdtempSync(join(tmpdir(), 'desk-people-'));
let server: RunningServer;

const { ask, detail, send } = asking(tokens, () => server.url);
const people = (who: Asker, unit = UNIT.code, query = '') =>
  ask<UnitPeople>(who, `/api/v1/units/${unit}/people?region=330110${query}`);
const FILTERS = '/api/v1/desk/filters';
const save = (who: Asker, version: number, items: unknown[]) =>
  ask<SavedFilters>(who, FILTERS, { version, items }, { method: 'PUT' });
const filter = (name: string, query: object = { tier: ['red'] }): SavedFilter => ({ name, list: 'open', query });

beforeAll(async () => {
  server = await startServer({ ACCESS_FILE: writeAccess(dir, ENTRIES) });
});
afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true });
});

describe('people of a unit', () => {
  it('are told by id and name alone, and each of them can be assigned what the unit has', async () => {
    const { body } = await people('officer');
    expect(body.items.map(({ name }) => name)).toEqual(['handler', 'townHandler']);
    for (const one of body.items) expect(Object.keys(one).sort()).toEqual(['id', 'name']);
    const time = Date.now() - 60_000;
    await send(
      raised(time, { alertId: 'P1', town: TOWN }),
      event('wage.alert.dispatched', time + 1_000, {
        alertId: 'P1',
        platform: UNIT.platform,
        unit: UNIT.name['zh-CN'],
      }),
    );
    await until('it is counted', async () => (await detail('P1')).eventsTotal === 2);
    for (const { id } of (await people('officer', UNIT.code, `&town=${TOWN}`)).body.items) {
      const { stage, eventsTotal: events } = await detail('P1');
      const assigned = await ask<AlertDetail>('officer', '/api/v1/alerts/P1/actions', {
        action: 'assign',
        expect: { stage, events },
        person: id,
      });
      expect([assigned.status, assigned.body.person]).toEqual([200, id]);
    }
  });

  it('are told to those who may assign: a handler of their own unit alone, nobody outside, no screen', async () => {
    expect((await people('handler')).status).toBe(200);
    expect(await people('handler', OTHER_UNIT.code)).toMatchObject({ status: 403, body: { parameter: 'code' } });
    expect((await people('otherHandler', OTHER_UNIT.code)).body.items.map(({ name }) => name)).toEqual([
      'otherHandler',
    ]);
    expect((await people('townOfficer')).status).toBe(200);
    expect((await people('townOfficer', OTHER_UNIT.code)).status).toBe(403);
    for (const who of ['display', 'ingest', 'foreignLeader'] as const) expect((await people(who)).status).toBe(403);
    expect(await people('officer', 'nowhere')).toMatchObject({ status: 404, body: { parameter: 'code' } });
  });
});

describe('saved filters', () => {
  it('are each person’s own, in their order, and follow them from one PC to another', async () => {
    expect((await ask<SavedFilters>('officer', FILTERS)).body).toEqual({ version: 0, items: [] });
    const items = [filter('某 一 '), filter('某二', { town: TOWN, due: 'week', stage: ['raised'], q: '某店' })];
    const saved = await save('officer', 0, items);
    expect(saved.status).toBe(200);
    const kept = { version: 1, items: [{ ...items[0]!, name: '某 一' }, items[1]] };
    expect(saved.body).toEqual(kept);
    expect((await ask('officer', FILTERS)).body).toEqual(kept);
    expect((await ask<SavedFilters>('townOfficer', FILTERS)).body.items).toEqual([]);
    // Another page has seen an older version: nothing is overwritten.
    expect(await save('officer', 0, [])).toMatchObject({ status: 409, body: { parameter: 'version' } });
    expect((await ask('officer', FILTERS)).body).toEqual(kept);
    expect((await save('officer', 1, kept.items.slice().reverse())).body.items.map(({ name }) => name)).toEqual([
      '某二',
      '某 一',
    ]);
    // Of two that save the same version at once, one alone is kept.
    const both = await Promise.all([save('officer', 2, [filter('甲')]), save('officer', 2, [filter('乙')])]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('are refused where they are too many, or a name will not do', async () => {
    const wrong: [items: unknown[], status: number][] = [
      [Array.from({ length: MAX_FILTERS + 1 }, (_, i) => filter(`某${i}`)), 400],
      [[filter('')], 400],
      [[filter('  ')], 400],
      [[filter('某'.repeat(21))], 400],
      [[filter('某 甲'), filter('某甲')], 422],
      [[{ ...filter('某'), list: 'everything' }], 400],
      [[filter('某', { tier: ['green'] })], 400],
      [[filter('某', { uscc: 'x' })], 400],
    ];
    for (const [items, status] of wrong) {
      const answer = await save('leader', 0, items);
      expect([answer.status, answer.body.parameter?.includes('items')], JSON.stringify(items).slice(0, 80)).toEqual([
        status,
        true,
      ]);
    }
    expect(
      (
        await save(
          'leader',
          0,
          Array.from({ length: MAX_FILTERS }, (_, i) => filter(`某${i}`)),
        )
      ).status,
    ).toBe(200);
    for (const who of ['display', 'ingest'] as const) expect((await save(who, 0, [])).status).toBe(403);
  });
});
