import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { paletteOf } from '../../../../web/map/palette.ts';

const [tokens, mapCss] = ['tokens', 'map'].map((file) =>
  readFileSync(new URL(`../../../../web/styles/${file}.css`, import.meta.url), 'utf8'),
) as [string, string];

/** The custom properties of each theme, over those of the night. */
function theme(name: 'night' | 'day' | 'contrast'): (token: string) => string {
  const values = new Map<string, string>();
  for (const css of [tokens, mapCss]) {
    for (const [, selector, body] of css.matchAll(/(:root[^{]*)\{([^}]*)\}/g)) {
      const own = selector!.includes(`data-theme='${name}'`);
      if (!own && selector!.includes('data-theme')) continue;
      for (const [, token, value] of body!.matchAll(/(--[\w-]+):\s*([^;]+);/g)) values.set(token!, value!.trim());
    }
  }
  return (token) => values.get(token) ?? '';
}
const luminance = (hex: string) =>
  [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i]!, 0);
const contrast = (a: string, b: string) => {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high! + 0.05) / (low! + 0.05);
};

describe('the colours of the map', () => {
  for (const name of ['night', 'day', 'contrast'] as const) {
    it(`carry names at 4.5:1 and tell each step from the next: ${name}`, () => {
      const palette = paletteOf(theme(name));
      const { tiers, rise, heat, ...others } = palette;
      for (const colour of [...Object.values(others), ...rise, ...heat, ...Object.values(tiers)])
        expect(colour).toMatch(/^#[0-9a-f]{6}$/i);
      const grounds = [palette.land, ...palette.rise];
      for (const ground of grounds) expect(contrast(palette.text, ground)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(theme(name)('--map-text-2'), palette.land)).toBeGreaterThanOrEqual(4.5);
      for (let i = 1; i < grounds.length; i++) expect(contrast(grounds[i]!, grounds[i - 1]!)).toBeGreaterThan(1.18);
    });
  }
});
