import type { RegionPack } from '../../../../contract/region.ts';

const name = (text: string) => ({ 'zh-CN': text, en: text });

/** A small region: three tiers, four towns. */
export const PACK: RegionPack = {
  code: '330110',
  name: name('区'),
  title: name('态势'),
  timeZone: 'Asia/Shanghai',
  tiers: [
    { tier: 'red', termHours: 24, platform: 'tri-colour' },
    { tier: 'orange', termHours: 72, platform: 'tri-colour' },
    { tier: 'yellow', termHours: 168, platform: 'four-platforms' },
  ],
  towns: ['330110001', '330110002', '330110110', '330110111'].map((code, i) => ({
    code,
    name: name(code),
    seat: [120 + i / 10, 30.3],
    areaKm2: 20,
  })),
  map: { kind: 'schematic' },
  sources: [],
};
export const TOWNS = PACK.towns.map((town) => town.code);
export const SCOPES = [PACK.code, ...TOWNS];
