import { afterAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../contract/frame.ts';
import { freshDataDir, get, post, startServer, until, type RunningServer } from '../support/server.ts';

/** Sums that pass 2⁵³ and come back (contract §4), through a running server, its checkpoint and a start without one. */

const at = new Date(Date.now() - 60_000).toISOString();
const event = (type: string, i: number, data: object) => ({
  specversion: '1.0',
  id: `${type}-${i}`,
  source: 'urn:test:exact',
  type: `wage.${type}`,
  time: at,
  data: { alertId: `A${i}`, region: '330110', ...data },
});
const raised = (i: number, amountFen: number) =>
  event('alert.raised', i, {
    town: '330110010',
    tier: 'red',
    industry: 'E',
    channel: 'petition',
    enterprise: { name: `建筑${i}` },
    workers: 1,
    amountFen,
  });

const LARGE = 9_500;
const SMALL = 1_001;
const numbers = (n: number) => Array.from({ length: n }, (_, i) => i);

describe('sums beyond 2⁵³', () => {
  let server: RunningServer | undefined;
  afterAll(() => server?.stop());

  it('are exact again when what took them there is taken away', async () => {
    const dataDir = freshDataDir();
    const start = () => startServer({ DATA_DIR: dataDir, LEASE_MS: '500' });
    const totals = async () => (await get<Frame>(server!.url, '/api/v1/snapshot?window=all')).totals;
    const counted = async (amountFen: number) => {
      await until('the sum is there', async () => (await totals()).amountFen === amountFen);
      const frame = await get<Frame>(server!.url, '/api/v1/snapshot?window=all&scope=330110010');
      expect(frame.totals.amountFen).toBe(amountFen);
      expect(frame.byTier.red!.amountFen).toBe(amountFen);
    };
    server = await start();
    await post(server.url, [
      ...numbers(LARGE).map((i) => raised(i, 1e12)),
      ...numbers(SMALL).map((i) => raised(LARGE + i, 1)),
    ]);
    await until('all are counted', async () => (await totals()).raised === LARGE + SMALL);
    await counted(Number(BigInt(LARGE) * 10n ** 12n + BigInt(SMALL)));
    await server.stop();
    // From the checkpoint.
    server = await start();
    await counted(Number(BigInt(LARGE) * 10n ** 12n + BigInt(SMALL)));
    await post(
      server.url,
      numbers(LARGE).map((i) => event('alert.amended', i, { amountFen: 0 })),
    );
    await counted(SMALL);
    await server.stop();
    server = await start();
    await counted(SMALL);
    expect(server.output()).not.toContain('computed from the documents');
  });
});
