import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Letters } from '../../contract/letters.ts';
import type { Performance, PerformanceCases } from '../../contract/performance.ts';
import { asking } from '../support/asking.ts';
import { writeSitePack } from '../support/casework.ts';
import { event, raised } from '../support/events.ts';
import { letIn, writeAccess } from '../support/letIn.ts';
import { startServer, until, type RunningServer } from '../support/server.ts';

/** Letters and how units have done, over HTTP (docs/casework.md §7 and §8): kept up by the feed, and the same from nothing. */

const dir = mkdtempSync(join(tmpdir(), 'wagewatch-oversight-'));
const GRANTS = {
  admin: { role: 'admin', scope: '330110' },
  officer: { role: 'officer', scope: '330110' },
  townOfficer: { role: 'officer', scope: '330110001' },
  handler: { role: 'handler', scope: '330110', unit: 'brigade' },
  otherHandler: { role: 'handler', scope: '330110', unit: 'town-010' },
} as const;
type Who = keyof typeof GRANTS;
const { tokens, entries } = letIn(GRANTS);
let server: RunningServer;
const start = () => startServer({ DATA_DIR: dir, ACCESS_FILE: writeAccess(dir, entries) });
beforeAll(async () => {
  writeSitePack(dir);
  server = await start();
});
afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

const { ask: askAt, send } = asking(tokens, () => server.url);
const ask = <T>(who: Who, path: string) => askAt<T>(who, `/api/v1${path}`);
const BASE = Date.now() - 3 * 86_400_000;
const HOUR = 3_600_000;
const sent = (alertId: string, hours: number, unit: string) =>
  event('wage.alert.dispatched', BASE + hours * HOUR, { alertId, platform: 'tri-colour', unit });
const performance = async (who: Who) => (await ask<Performance>(who, '/units/performance?region=330110')).body;
const unit = ({ units }: Performance, code: string) => units.find((one) => one.unit === code);
const letters = async (who: Who, query = '') => (await ask<Letters>(who, `/letters?scope=330110${query}`)).body;

it('counts what is done as it happens, also what comes late, and a new start counts the same', async () => {
  await send(
    raised(BASE, { alertId: 'A', tier: 'red', town: '330110010' }),
    sent('A', 1, 'brigade'),
    event('wage.case.urged', BASE + 5 * HOUR, { alertId: 'A', text: '请速办' }),
    raised(BASE, { alertId: 'B', tier: 'red', town: '330110001' }),
  );
  await until('it is counted', async () => unit(await performance('officer'), 'brigade')?.total.received === 1);
  expect(unit(await performance('officer'), 'brigade')).toMatchObject({ open: 1, overdue: 1 });
  expect((await letters('officer')).items).toMatchObject([{ alertId: 'A', kind: 'urged', state: 'open' }]);
  await send(
    event('wage.case.supervised', BASE + 6 * HOUR, {
      alertId: 'A',
      level: 'notice',
      text: '请于明日前反馈',
      dueAt: new Date(BASE + 30 * HOUR).toISOString(),
    }),
    // Late: it had been accepted all along.
    event('wage.alert.accepted', BASE + 2 * HOUR, { alertId: 'A', unit: 'brigade' }),
    sent('B', 3, 'brigade'),
    sent('B', 4, 'town-001'),
  );
  await until('the rest is counted', async () => unit(await performance('officer'), 'town-001')?.total.received === 1);
  const before = await performance('officer');
  expect(unit(before, 'brigade')).toMatchObject({
    open: 1,
    total: { received: 2, accepted: 1, acceptedLate: 0, toAccept: { count: 1, meanMs: HOUR, medianMs: HOUR } },
  });
  const told = await letters('officer');
  expect(told.counts).toEqual({ open: 1, overdue: 1 });
  expect(told.items.map(({ kind, state }) => `${kind} ${state}`)).toEqual(['supervised overdue', 'urged open']);
  await server.stop();
  server = await start();
  await until(
    'it is there again',
    async () => (await ask('officer', '/units/performance?region=330110')).status === 200,
  );
  expect((await performance('officer')).units).toEqual(before.units);
  expect(await letters('officer')).toEqual(told);
}, 60_000);

it('lists the cases behind a figure, and tells a handler how many are with others', async () => {
  const cases = async (who: Who, query: string) =>
    (await ask<PerformanceCases>(who, `/units/performance/cases?region=330110&${query}`)).body;
  const received = await cases('officer', 'unit=brigade&figure=received');
  expect(received.items.map(({ alert }) => alert.alertId)).toEqual(['B', 'A']);
  const own = await cases('handler', 'unit=brigade&figure=received');
  expect({ ...own, items: own.items.map(({ alert }) => alert.alertId) }).toEqual({ total: 2, hidden: 1, items: ['A'] });
  expect((await ask('handler', '/units/performance/cases?region=330110&unit=town-001&figure=open')).status).toBe(403);
  expect((await ask('officer', '/units/performance/cases?region=330110&unit=none&figure=open')).status).toBe(404);
  expect((await ask('officer', '/units/performance?region=330110&from=2026-05&to=2026-04')).status).toBe(400);
  expect((await ask('officer', '/units/performance?region=330110&from=2020-01&to=2026-04')).status).toBe(400);
});

it('tells each what they may see: a handler their unit, an officer of a town its alerts', async () => {
  expect((await performance('handler')).units.map(({ unit: code }) => code)).toEqual(['brigade']);
  const ofTown = await performance('townOfficer');
  expect(unit(ofTown, 'brigade')?.total.received).toBe(1);
  expect((await letters('handler')).items).toHaveLength(2);
  expect((await letters('otherHandler')).items).toEqual([]);
  const { body } = await ask<Letters>('townOfficer', '/letters');
  expect(body.total).toBe(0);
  expect((await letters('officer', '&kind=supervised&state=overdue&unit=brigade')).total).toBe(1);
  expect((await letters('officer', '&level=talk')).total).toBe(0);
});
