import { describe, expect, it } from 'vitest';
import { Dictionary } from '../../../server/aggregations/dictionary.ts';
import { OpenCounts } from '../../../server/aggregations/openCounts.ts';
import { TOWNS } from './support/pack.ts';

const cellOf = (dictionary: Dictionary, tier: 'red' | 'yellow', town: string) =>
  dictionary.cell(`${tier}|${town}|E|water`);

describe('counts of open alerts', () => {
  it('are those of what was added and taken away again', () => {
    const dictionary = new Dictionary(TOWNS);
    const open = new OpenCounts(dictionary);
    const cell = cellOf(dictionary, 'red', TOWNS[1]!);
    open.add(cell, 3);
    open.add(cell, -1);
    open.add(cellOf(dictionary, 'yellow', TOWNS[1]!), 1);
    expect([open.total, open.tier('red'), open.town(TOWNS[1]!), open.industry('E'), open.channel('water')]).toEqual([
      3, 2, 3, 3, 3,
    ]);
    expect([open.townTier(TOWNS[1]!, 'red'), open.townTier(TOWNS[1]!, 'yellow')]).toEqual([2, 1]);
  });

  it('are 0 for a town, a tier, an industry or a channel that nothing has named', () => {
    const dictionary = new Dictionary(TOWNS);
    const open = new OpenCounts(dictionary);
    // The first town and the first tier: where an unknown one must not lead.
    open.add(cellOf(dictionary, 'red', TOWNS[0]!), 5);
    const unknown = [open.town('330110999'), open.tier('violet'), open.industry('Z'), open.channel('rumour')];
    expect(unknown).toEqual([0, 0, 0, 0]);
    expect([open.townTier('330110999', 'red'), open.townTier(TOWNS[0]!, 'violet')]).toEqual([0, 0]);
    expect(open.townTier(TOWNS[1]!, 'red')).toBe(0);
  });
});
