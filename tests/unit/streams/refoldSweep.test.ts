import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { foldRulesOf } from '../../../server/alerts/fold.ts';
import { RefoldSweep } from '../../../server/streams/counting/refoldSweep.ts';
import { listeningLog } from '../../support/listeningLog.ts';
import { loadPack } from '../../support/packs.ts';
import { until } from '../../support/until.ts';

it('asks for no more alerts once its tenure has ended, however many wait', async () => {
  let asked = 0;
  let ended = false;
  const rules = foldRulesOf(loadPack('330110'), []);
  const sweep = new RefoldSweep({
    region: '330110',
    rules: () => rules,
    noted: () => Promise.resolve(undefined),
    async *ids() {
      try {
        for (let page = 0; page < 50; page++) {
          asked++;
          await Promise.resolve();
          yield Array.from({ length: 100 }, (_, i) => `A-${page}-${i}`);
        }
      } finally {
        ended = true;
      }
    },
    log: listeningLog().log,
  });
  sweep.begin();
  await until(() => asked > 10);
  await sleep(50);
  // It waits: nobody takes what it has.
  expect(asked).toBeLessThan(15);
  expect(ended).toBe(false);
  sweep.end();
  await until(() => ended);
});
