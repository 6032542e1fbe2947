import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TIERS } from '../../../../contract/codes.ts';
import type { Frame, TownRow } from '../../../../contract/frame.ts';
import { DAY_MS, isoDate, toRfc3339 } from '../../../../common/regionTime.ts';
import { BAND_DAYS, foldedOf, townPages, toTowns } from '../../../../web/panels/towns/mapping.ts';
import { fixture, type FixtureVariant } from '../../../support/webFixtures.ts';
import { pastFrame, town, withheldFrame } from './frames.ts';

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
const { frame, pack, now } = fixture();
const view = toTowns(frame, pack, now, 'zh-CN');
const of = (byTown: Record<string, TownRow>, base: Frame = frame) => toTowns({ ...base, byTown }, pack, now, 'zh-CN');

describe.each(['normal', 'empty', 'tenfold', 'manyTowns'] satisfies FixtureVariant[])('towns: %s', (variant) => {
  const made = fixture({ variant });
  const view = toTowns(made.frame, made.pack, made.now, 'zh-CN');
  const all = [...view.lines, ...view.quiet];

  it('are all there, once, with all their open alerts', () => {
    expect(new Set(all.map(({ code }) => code))).toEqual(new Set(made.pack.towns.map(({ code }) => code)));
    expect(all).toHaveLength(made.pack.towns.length);
    expect(sum(all.map(({ open }) => open))).toBe(made.frame.totals.open);
    for (const line of all) {
      expect(line.name).toBe(made.pack.towns.find(({ code }) => code === line.code)!.name['zh-CN']);
      expect(sum(line.tiers.map(({ open }) => open))).toBe(line.open);
      expect(line.band!.days).toHaveLength(BAND_DAYS);
      expect(sum(line.band!.days)).toBe(sum(Object.values(made.frame.byTown[line.code]!.days!)));
    }
    expect(view.quiet.every(({ open }) => open === 0)).toBe(true);
    expect(view.lines.every(({ open }) => open > 0 && open <= view.most)).toBe(true);
  });

  it('come gravest first', () => {
    const weight = (code: string) => TIERS.map((tier) => made.frame.byTown[code]!.tiers[tier] ?? 0);
    view.lines.slice(1).forEach((line, i) => {
      const before = weight(view.lines[i]!.code);
      const after = weight(line.code);
      const first = before.findIndex((n, j) => n !== after[j]);
      if (first >= 0) expect(before[first]).toBeGreaterThan(after[first]!);
    });
  });
});

describe('towns', () => {
  it('among equals, who has waited longest comes first, then by code', () => {
    const at = (days: number) => ({ oldestOpenAt: toRfc3339(now - days * DAY_MS) });
    const view = of({
      '330110001': town({ yellow: 9 }),
      '330110002': town({ red: 1 }, at(1)),
      '330110003': town({ red: 1 }, at(3)),
      '330110005': town({ orange: 2 }),
      '330110004': town({ orange: 2 }),
      '330110006': town({}),
    });
    expect(view.lines.map(({ code }) => code.slice(-1)).join('')).toBe('32451');
    expect(view.quiet.map(({ code }) => code.slice(-1)).join('')).toBe('6');
    expect(view.longest).toBe('330110003');
  });

  it('carry their names in English without what all of them are called', () => {
    const english = toTowns(frame, pack, now, 'en');
    const named = [...english.lines, ...english.quiet].find(({ name }) => name.endsWith(' Subdistrict'))!;
    expect(named.label).toBe(named.name.replace(' Subdistrict', ''));
    for (const { name, label } of [...view.lines, ...view.quiet]) expect(label).toBe(name);
  });

  it('have a band of thirty days that ends today, with its median, and a scale on which one alert is no outbreak', () => {
    const day = (ago: number) => isoDate(now - ago * DAY_MS);
    const [line] = of({ '330110001': town({ red: 1 }, { days: { [day(0)]: 1, [day(29)]: 2, [day(30)]: 7 } }) }).lines;
    expect(line!.band!.days[29]).toBe(1);
    expect(line!.band!.days[0]).toBe(2);
    expect(sum(line!.band!.days)).toBe(3);
    expect(line!.band).toMatchObject({ median: 0, scale: 4 });
    const days = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [day(i), i + 1]));
    expect(of({ '330110001': town({ red: 1 }, { days }) }).lines[0]!.band).toMatchObject({ median: 15.5, scale: 30 });
  });

  it('say that a rate rests on few verdicts', () => {
    const rated = (effective: number, falseAlarm: number) =>
      of({ '330110001': town({ red: 1 }, { effective, falseAlarm, successRate: 0.5 }) }).lines[0]!.fewVerdicts;
    expect([rated(4, 5), rated(5, 5)]).toEqual([true, false]);
  });

  it('of the past, or with figures withheld, have no band and no waiting', () => {
    for (const given of [pastFrame(), withheldFrame()]) {
      const view = toTowns(given, pack, now, 'en');
      expect(view.lines.length).toBeGreaterThan(0);
      for (const line of view.lines) {
        expect(line.band).toBeUndefined();
        expect(line.oldestOpenAt).toBeUndefined();
      }
      expect(view.longest).toBeUndefined();
    }
  });

  it('without a pack, or unknown to it, go by their code', () => {
    const byTown = { '330110099': town({ red: 1 }) };
    expect(toTowns({ ...frame, byTown }, pack, now, 'en').lines[0]!.name).toBe('330110099');
    expect(toTowns(frame, undefined, now, 'en').lines[0]!.name).toMatch(/^330110/);
  });

  it('of a city are its districts', () => {
    const city = {
      ...pack,
      code: '330100',
      towns: [{ ...pack.towns[0]!, code: '330113', name: { 'zh-CN': '临平区', en: 'Linping District' } }],
    };
    expect(
      toTowns({ ...frame, scope: '330100', byTown: { '330113': town({ red: 2 }) } }, city, now, 'en').lines[0]!.name,
    ).toBe('Linping District');
  });

  it('are all on some page, worst first, and what a page leaves out is counted', () => {
    const arbitraryTown = fc.record({ red: fc.nat(3), orange: fc.nat(5), yellow: fc.nat(9) });
    fc.assert(
      fc.property(fc.array(arbitraryTown, { maxLength: 70 }), fc.integer({ min: -1, max: 40 }), (towns, room) => {
        const view = of(
          Object.fromEntries(towns.map((tiers, i) => [`330110${String(i).padStart(3, '0')}`, town(tiers)])),
        );
        const pages = townPages(view, room);
        const seen = new Set(pages.flat().map(({ code }) => code));
        expect(seen.size).toBe(towns.length);
        const open = sum(towns.map(({ red, orange, yellow }) => red + orange + yellow));
        for (const page of pages) {
          expect(page.length).toBeLessThanOrEqual(Math.max(1, room));
          const folded = foldedOf(view, page);
          expect(folded.open + sum(page.map((line) => line.open))).toBe(open);
          expect(folded.towns + page.length).toBe(towns.length);
          expect(sum(folded.tiers.map((tier) => tier.open))).toBe(folded.open);
        }
        expect(pages[0]).toEqual(view.lines.slice(0, Math.max(1, room)));
      }),
      { numRuns: 200 },
    );
  });
});
