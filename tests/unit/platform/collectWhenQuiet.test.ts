import { describe, expect, it } from 'vitest';
import { collectWhenQuiet, isTimeToCollect } from '../../../server/platform/collectWhenQuiet.ts';
import { listeningLog } from '../../support/listeningLog.ts';
import { until } from '../../support/until.ts';

/** In a function of its own, whose frame does not hold it. */
const somethingDropped = () => new WeakRef(new Array<number>(1_000).fill(1));

describe('giving memory back when it is quiet', () => {
  it('comes after work, when hardly anything happens any more', () => {
    const used = { sinceCollection: 20_000, sinceLook: 300, lookMs: 10_000 };
    expect(isTimeToCollect(used)).toBe(true);
    expect(isTimeToCollect({ ...used, sinceCollection: 14_000 })).toBe(false);
    expect(isTimeToCollect({ ...used, sinceLook: 600 })).toBe(false);
  });

  it('lets go of what nobody needs, until it is stopped', async () => {
    const { log, lines } = listeningLog();
    const dropped = somethingDropped();
    const stop = collectWhenQuiet(log, { lookMs: 20, worthMs: 1, quietShare: Infinity });
    await until(() => dropped.deref() === undefined);
    stop();
    expect(lines.length).toBeGreaterThanOrEqual(1);
    const told = lines.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(lines).toHaveLength(told);
  });
});
