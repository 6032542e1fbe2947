import { describe, expect, it } from 'vitest';
import { NO_TERM } from '../../../common/termBounds.ts';
import { CHANNELS, STAGES, TIERS } from '../../../contract/codes.ts';
import type { RegionRow } from '../../../server/alerts/row.ts';
import { AlertTable } from '../../../server/lists/alertTable.ts';
import { randomFrom } from '../privacy/support/frames.ts';
import { PACK, T0, TOWNS } from './support.ts';

const HOUR = 3_600_000;
const byId = (a: RegionRow, b: RegionRow) => (a.alertId < b.alertId ? -1 : 1);

/** What a frame asks for, from a plain list of rows. */
function naiveOf(rows: RegionRow[], scope: string) {
  const here = rows.filter((row) => scope === PACK.code || row.town === scope);
  const open = here.filter(({ stage }) => stage !== 'closed').map(({ raisedAt }) => raisedAt);
  return {
    agenda: here
      .filter(({ stage, dueAt }) => stage !== 'closed' && dueAt !== NO_TERM)
      .sort((a, b) => a.dueAt - b.dueAt || byId(a, b))
      .slice(0, 30),
    oldest: open.length ? Math.min(...open) : undefined,
  };
}
function naiveChannels(rows: RegionRow[]) {
  const channels = [...new Set(rows.map(({ channel }) => channel))];
  return new Map(
    channels.map((channel) => {
      const own = rows.filter((row) => row.channel === channel);
      return [
        channel,
        {
          raisedAt: Math.max(...own.map(({ raisedAt }) => raisedAt)),
          changedAt: Math.max(...own.map(({ changedAt }) => changedAt)),
        },
      ];
    }),
  );
}

describe('the first alerts', () => {
  it.each([1, 2, 3])('are what sorting all alerts gives, however they change between two looks (seed %i)', (seed) => {
    const random = randomFrom(seed);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(list.length * random())]!;
    const table = new AlertTable(PACK);
    const rows = new Map<string, RegionRow>();
    const upsert = (row: RegionRow) => {
      table.upsert(row);
      rows.set(row.alertId, row);
    };
    const check = (of: AlertTable) => {
      const all = [...rows.values()];
      for (const scope of [PACK.code, ...TOWNS]) {
        const { agenda, oldest } = naiveOf(all, scope);
        expect(of.agenda(scope)).toEqual(agenda);
        expect(of.oldestOpenAt(scope)).toBe(oldest);
      }
      expect(new Map(of.lastByChannel())).toEqual(naiveChannels(all));
    };
    check(table);
    // Many more than a list keeps, so that it is cut and filled anew; few moments, so that ties are common.
    for (let i = 0; i < 6_000; i++) {
      const known = random() < 0.3 ? undefined : rows.get(`A${Math.floor(1_000 * random())}`);
      const first = random() < 0.4 ? table.agenda(PACK.code)[0] : undefined;
      const moment = () => T0 + Math.floor(2_000 * random() ** 2) * HOUR;
      if (first && i > 2_000) upsert({ ...first, stage: 'closed', closedAt: moment() });
      else if (known)
        upsert({
          ...known,
          ...(random() < 0.3 ? { stage: pick(STAGES.slice(0, 5)) } : {}),
          ...(random() < 0.2 ? { dueAt: random() < 0.3 ? NO_TERM : moment() } : {}),
          ...(random() < 0.1 ? { raisedAt: moment() } : {}),
          ...(random() < 0.1 ? { town: pick(TOWNS) } : {}),
          ...(random() < 0.1 ? { channel: pick(CHANNELS.slice(0, 3)) } : {}),
          ...(random() < 0.5 ? { changedAt: moment() } : {}),
        });
      else
        upsert({
          region: PACK.code,
          alertId: `A${rows.size}`,
          tier: pick(TIERS),
          town: pick(TOWNS),
          industry: 'E',
          channel: pick(CHANNELS.slice(0, 3)),
          stage: pick(STAGES),
          enterprise: { name: '某建筑企业' },
          workers: 1,
          amountFen: 1,
          raisedAt: moment(),
          dueAt: random() < 0.3 ? NO_TERM : moment(),
          recoveredFen: 0,
          changedAt: moment(),
        });
      if (i % 97 === 0) check(table);
    }
    expect(rows.size).toBeGreaterThan(400);
    check(table);
    const copy = new AlertTable(PACK);
    for (let chunk = 0; chunk * 4096 < table.size; chunk++) copy.loadChunk(chunk, table.encodeChunk(chunk));
    check(copy);
  });

  it('of a scope that is not known are none, or refused', () => {
    const table = new AlertTable(PACK);
    expect(table.oldestOpenAt('330110999')).toBeUndefined();
    expect(() => table.agenda('330110999')).toThrow('neither the region');
  });
});
