import { describe, expect, it } from 'vitest';
import { placeName, shortName } from '../../../../web/i18n/places.ts';

describe('names of places', () => {
  it('are shortened without becoming unreadable', () => {
    expect(shortName('临平街道', 'zh-CN')).toBe('临平');
    expect(shortName('百丈镇', 'zh-CN')).toBe('百丈');
    expect(shortName('某镇', 'zh-CN')).toBe('某镇');
    expect(shortName('Linping Subdistrict', 'en')).toBe('Linping');
    expect(shortName('Baizhang Town', 'en')).toBe('Baizhang');
    expect(shortName('Townsend', 'en')).toBe('Townsend');
  });

  it('are those of the area in which a code lies, else the code itself', () => {
    const towns = [{ code: '330110010', name: { 'zh-CN': '某街道', en: 'Some Subdistrict' } }];
    const pack = { towns } as Parameters<typeof placeName>[0];
    expect(placeName(pack, '330110010', 'en')).toBe('Some Subdistrict');
    expect(placeName(pack, '330110099', 'zh-CN')).toBe('330110099');
    expect(placeName(undefined, '330110010', 'zh-CN')).toBe('330110010');
  });
});
