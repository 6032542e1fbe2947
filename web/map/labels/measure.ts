import type { Measure } from './towns.ts';

/** Widths of texts as the page draws them. */
export function measurer(): Measure {
  const ctx = document.createElement('canvas').getContext('2d');
  const width = (weight: number, family: string) => (text: string, px: number) => {
    if (!ctx) return [...text].length * px;
    ctx.font = `${weight} ${px}px ${family}`;
    return ctx.measureText(text).width;
  };
  const style = getComputedStyle(document.documentElement);
  const text = style.getPropertyValue('--font-text') || 'sans-serif';
  const figure = width(700, style.getPropertyValue('--font-figures') || text);
  // Figures are drawn tabular, where a 1 is as wide as a 0, but a canvas measures them as they come.
  return { name: width(600, text), figure: (digits, px) => figure('0'.repeat(digits.length), px) };
}
