import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHANNELS, type Tier } from '../../../contract/codes.ts';
import type { RulePack } from '../../../contract/rulePack.ts';
import { checkPack } from '../../../server/signals/packs/checkPack.ts';
import { assessed, seen } from './support.ts';

/** The rule packs that are shipped (signals §8): right by their own tests, with a source for every number. */

const FOLDER = join(import.meta.dirname, '../../../assets/rules');
const TIERS: Record<string, Tier[]> = {
  '330110': ['red', 'orange', 'yellow'],
  '310113': ['red', 'orange', 'yellow'],
  '370811': ['red', 'yellow', 'blue'],
};
const read = (region: string) => JSON.parse(readFileSync(join(FOLDER, `${region}.json`), 'utf8')) as RulePack;
const check = (region: string) =>
  checkPack(
    read(region),
    { code: region, tiers: TIERS[region]!.map((tier) => ({ tier, termHours: 24, platform: 'other' })) },
    new Map(),
  );

it('are those of Yuhang, Baoshan and Rencheng', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(
    Object.keys(TIERS)
      .sort()
      .map((region) => `${region}.json`),
  );
});

describe.each(Object.keys(TIERS))('the pack of %s', (region) => {
  const pack = read(region);

  it('has no fault and passes its own tests', () => {
    const checked = check(region);
    expect(checked.ok ? [] : checked.faults).toEqual([]);
  });

  it('tests every rule, and that no rule speaks without reason', () => {
    const rules = pack.tests!.map(({ expect: wanted }) => wanted.rule);
    expect(new Set(rules.filter((rule) => typeof rule === 'string'))).toEqual(new Set(pack.tiers.map(({ id }) => id)));
    expect(pack.tests!.filter(({ expect: wanted }) => wanted.tier === null).length).toBeGreaterThanOrEqual(5);
  });

  it('says where every number comes from, and what everything is called', () => {
    for (const part of [...Object.values(pack.channels), ...Object.values(pack.indicators), ...pack.tiers])
      expect(part.basis, JSON.stringify(part)).toMatch(/site|第.+条|〔\d+〕\d+号|规定|办法/);
    for (const { name } of Object.values(pack.indicators)) expect(name?.['zh-CN'] && name.en).toBeTruthy();
  });

  it('speaks for every channel', () => {
    const spoken = new Set(Object.values(pack.indicators).map(({ channel }) => channel));
    expect([...spoken].sort()).toEqual([...CHANNELS].sort());
  });
});

describe('the three colours of Baoshan, word for word', () => {
  const checked = check('310113');
  if (!checked.ok) throw new Error('the pack has faults');
  const { pack } = checked;
  /** Each way in which the bureau may know: nobody; one report of nobody in particular; several; by a channel. */
  const KNOWN = {
    nobody: [],
    'one report': [seen(pack, 'petition.received', 3)],
    'two petitions': [seen(pack, 'petition.received', 3), seen(pack, 'petition.received', 4)],
    'two calls': [seen(pack, 'hotline.call', 3), seen(pack, 'hotline.call', 4)],
    'an amount': [seen(pack, 'grid.report', 3, { amountFen: 100 })],
  };
  const KNOWS = new Set(['two petitions', 'two calls', 'an amount']);
  const MONTHS = [0, 0.5, 1, 2.5, 3, 4];
  const PEOPLE = [0, 9, 10];
  const FLAGS = ['enterprise.closed', 'owner.absconded', 'enterprise.closure-risk', 'grid.hard-times'];

  it('hold in every combination', () => {
    let cases = 0;
    const wrong: object[] = [];
    for (const [how, known] of Object.entries(KNOWN))
      for (const months of MONTHS)
        for (const people of PEOPLE)
          for (let flags = 0; flags < 2 ** FLAGS.length; flags++)
            for (const fees of [false, true])
              for (const often of [0, 1, 2]) {
                const has = (flag: string) => (flags & (1 << FLAGS.indexOf(flag))) !== 0;
                const facts = [
                  ...known,
                  ...(months ? [seen(pack, 'wage-account.unpaid-months', 1, { value: months * 1000 })] : []),
                  ...(people ? [seen(pack, 'arbitration.case', 1, { workers: people })] : []),
                  ...FLAGS.filter(has).map((flag) => seen(pack, flag, 2)),
                  ...(fees ? [seen(pack, 'electricity.overdue-days', 2, { value: 3000 })] : []),
                  ...Array.from({ length: often }, (_, i) => seen(pack, 'social-insurance.deferrals', i)),
                ];
                // As the document has it.
                const reported = KNOWS.has(how) || months > 0 || people > 1;
                const red = months >= 3 || people >= 10 || has('enterprise.closed') || has('owner.absconded');
                const orange = (months >= 1 && months < 3) || has('enterprise.closure-risk');
                const yellow = (has('grid.hard-times') && fees) || often >= 2 || (months > 0 && months < 1);
                const tier = reported && red ? 'red' : reported && orange ? 'orange' : yellow ? 'yellow' : undefined;
                const found = assessed(pack, facts).tier;
                if (found !== tier) wrong.push({ how, months, people, flags, fees, often, tier, found });
                cases++;
              }
    expect(wrong).toEqual([]);
    expect(cases).toBe(5 * 6 * 3 * 16 * 2 * 3);
  });
});
