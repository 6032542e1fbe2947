import { expect, it } from 'vitest';
import { fuzz } from '../fuzz/fuzz.ts';
import { loadPack } from '../support/packs.ts';
import { startProbedServer } from '../support/probe.ts';

/** The short form; `npm run fuzz -- --runs 200000` is the long one, with another seed each time. */
it('takes what no source or screen should send without a crash, a 500, a leak or a wrong figure', async () => {
  const server = await startProbedServer();
  try {
    const { faults, distinct } = await fuzz(server, loadPack('330110'), 1_500, 20_261_121);
    expect(faults).toEqual([]);
    expect(distinct).toBeGreaterThan(300);
  } finally {
    await server.stop();
  }
}, 180_000);
