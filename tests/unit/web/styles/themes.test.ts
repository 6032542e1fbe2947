import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PAPER } from '../../../../common/charts/paper.ts';
import { TIERS, type Tier } from '../../../../contract/codes.ts';
import { classicColour, ink, INK_TOKENS, THEMES } from '../../../../web/styles/ink.ts';
import { BLINDNESS, contrast, distance } from '../../../support/colours.ts';

const css = readFileSync(new URL('../../../../web/styles/tokens.css', import.meta.url), 'utf8');
const block = (selector: string) => css.slice(css.indexOf(`${selector} {`)).split('}')[0]!;
const base = block(':root');
/** Value of a token in a theme; what a theme does not say is the night's. */
function token(theme: string, name: string): string {
  const own = theme === 'night' ? '' : block(`:root[data-theme='${theme}']`);
  const find = (text: string) => new RegExp(`\\s${name}: ([^;]+);`).exec(text)?.[1];
  const value = find(own) ?? find(base);
  if (value === undefined) throw new Error(`tokens.css has no ${name}`);
  return value;
}

const GROUNDS = ['--ground-0', '--ground-1', '--ground-2', '--card'];
const TEXTS = ['--text', '--text-2', '--line-strong', '--green', '--past', ...TIERS.map((tier) => `--${tier}`)];
/** Three to four times what is just told apart: also by a glance from afar. */
const APART = 0.06;

/** Hues in degrees that are called by the tier's name. */
const HUES: Record<Tier, [from: number, to: number]> = {
  red: [345, 12],
  orange: [20, 38],
  yellow: [44, 62],
  blue: [195, 230],
};
/** HSV of a hex colour: hue in degrees, saturation 0…1 of its brightest channel or, of pale ones, of its lightness. */
function hueOf(hex: string): { hue: number; saturation: number } {
  const [r, g, b] = [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255) as [number, number, number];
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)];
  const span = most - least;
  const sixth = most === r ? (g - b) / span : most === g ? 2 + (b - r) / span : 4 + (r - g) / span;
  const light = (most + least) / 2;
  return { hue: (sixth * 60 + 360) % 360, saturation: span / (1 - Math.abs(2 * light - 1)) };
}

it('has by day the colours of charts on paper', () => {
  const day = (name: string) => classicColour(token('day', name));
  expect(PAPER).toEqual({
    text: day('--text'),
    text2: day('--text-2'),
    structure: day('--line-strong'),
    hairline: day('--line-faint'),
    line: day('--line'),
    green: day('--green'),
    bar: day('--bar'),
    fill: Object.fromEntries(TIERS.map((tier) => [tier, day(`--${tier}-fill`)])),
    rim: { borderColor: day('--rim'), borderWidth: Number.parseFloat(day('--rim-width')) },
  });
});

describe.each(THEMES)('theme %s', (theme) => {
  it('keeps text, titles and tier colours at 4.5 : 1 on every ground', () => {
    const faint = TEXTS.flatMap((text) =>
      GROUNDS.map((ground) => [text, ground, contrast(token(theme, text), token(theme, ground))] as const),
    ).filter(([, , ratio]) => ratio < 4.5);
    expect(faint).toEqual([]);
    expect(contrast(token(theme, '--invert-text'), token(theme, '--invert-ground'))).toBeGreaterThan(7);
    for (const ground of ['--ground-0', '--ground-1'])
      expect(contrast(token(theme, '--text-3'), token(theme, ground))).toBeGreaterThan(4.5);
  });

  it.each(BLINDNESS)('tells the tiers apart under %s, as text and as fills', (blindness) => {
    const close = ['', '-fill']
      .flatMap((kind) =>
        TIERS.flatMap((a, i) =>
          TIERS.slice(i + 1).map(
            (b) =>
              [a, b, kind, distance(token(theme, `--${a}${kind}`), token(theme, `--${b}${kind}`), blindness)] as const,
          ),
        ),
      )
      .filter(([, , , apart]) => apart < APART);
    expect(close).toEqual([]);
  });

  it('fills with colours that are what they are called, each told from its ground by itself or by its rim', () => {
    for (const tier of TIERS) {
      const fill = token(theme, `--${tier}-fill`);
      const { hue, saturation } = hueOf(fill);
      const [from, to] = HUES[tier];
      // Red goes round through 0.
      expect({ tier, fill, named: from <= to ? hue >= from && hue <= to : hue >= from || hue <= to }).toEqual({
        tier,
        fill,
        named: true,
      });
      expect(saturation).toBeGreaterThan(0.75);
      const width = Number.parseFloat(token(theme, '--rim-width'));
      for (const ground of GROUNDS) {
        const edge = width > 0 ? token(theme, '--rim') : fill;
        expect(contrast(edge, token(theme, ground))).toBeGreaterThan(3);
      }
      // Brown is a dark orange, olive a dark yellow.
      if (tier === 'orange' || tier === 'yellow') expect(contrast(fill, '#000000')).toBeGreaterThan(8);
    }
  });

  it('has its red, and its structural colour, twice: as a colour and as numbers', () => {
    const numbers = (hex: string) => [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)).join(' ');
    expect(token(theme, '--red-rgb')).toBe(numbers(token(theme, '--red')));
    expect(token(theme, '--line-rgb')).toBe(numbers(token(theme, '--line-strong')));
    expect(token(theme, '--line')).toContain(token(theme, '--line-rgb'));
    expect(token(theme, '--line-faint')).toContain(token(theme, '--line-rgb'));
  });
});

describe('what is drawn without CSS', () => {
  it('begins with the colours of the night', () => {
    expect(ink).toEqual(Object.fromEntries(INK_TOKENS.map((name) => [name, classicColour(token('night', name))])));
  });
});
