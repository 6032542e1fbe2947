import { describe, expect, it } from 'vitest';
import type { Unit } from '../../../contract/region.ts';
import { createUnitFinder, unitsIn } from '../../../common/units.ts';

const unit = (code: string, name: string, towns?: string[]): Unit => ({
  code,
  name: { 'zh-CN': name, en: code },
  platform: 'other',
  kind: 'other',
  ...(towns ? { towns } : {}),
});
const UNITS = [
  unit('brigade', '某区劳动保障监察大队'),
  unit('office-010', '某街道（平安办）', ['330110010']),
  unit('court', '某法庭', ['330110001', '330110010']),
];

describe('a unit in an event', () => {
  const meant = createUnitFinder({ units: UNITS });
  it.each([
    ['brigade', 'brigade'],
    [' brigade\u3000', 'brigade'],
    ['ｂｒｉｇａｄｅ', 'brigade'],
    ['某区劳动保障监察大队', 'brigade'],
    ['　某街道(平安办) ', 'office-010'],
    // Neither a name in letters of another case, nor part of one.
    ['Brigade', undefined],
    ['某区劳动保障监察', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j is %s, each time', (text, code) => {
    expect([meant(text), meant(text)]).toEqual([code, code]);
  });

  it('is nobody where a pack has no units', () => {
    expect(createUnitFinder({})('brigade')).toBeUndefined();
  });

  it('is found however many other texts there are', () => {
    for (let i = 0; i < 5_000; i++) expect(meant(`某队${i}`)).toBeUndefined();
    expect(meant('某法庭')).toBe('court');
  });
});

describe('the units of a scope', () => {
  it('are all of a region, and for a town its own and those of the whole region', () => {
    const codes = (scope: string) => unitsIn(UNITS, scope).map(({ code }) => code);
    expect(codes('330110')).toEqual(['brigade', 'office-010', 'court']);
    expect(codes('330110010')).toEqual(['brigade', 'office-010', 'court']);
    expect(codes('330110001')).toEqual(['brigade', 'court']);
    expect(codes('330110002')).toEqual(['brigade']);
    expect(unitsIn(undefined, '330110')).toEqual([]);
  });
});
