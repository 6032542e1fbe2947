import { shallowReactive } from 'vue';

/**
 * The tokens of tokens.css for what is drawn without CSS: charts measure and paint with colours of their own. Reactive: who
 * reads a colour where it draws is drawn anew when the theme changes. Begins as the night theme (a unit test keeps it so).
 */
const NIGHT = {
  '--ground-0': '#060d1c',
  '--ground-1': '#0b1a33',
  '--ground-2': '#10233f',
  '--text': '#e8f3ff',
  '--text-2': '#8fb0d3',
  '--text-3': '#7390b2',
  '--line-strong': '#59c8ff',
  '--line': 'rgba(89, 200, 255, 0.42)',
  '--line-faint': 'rgba(89, 200, 255, 0.14)',
  '--invert-ground': '#eaf3ff',
  '--invert-text': '#071226',
  '--red': '#ff4d5e',
  '--orange': '#ff9f40',
  '--yellow': '#ffdb4d',
  '--blue': '#4da3ff',
  '--red-fill': '#ff4d5e',
  '--orange-fill': '#ff9f40',
  '--yellow-fill': '#ffdb4d',
  '--blue-fill': '#4da3ff',
  '--rim': '#050b16',
  '--rim-width': '0px',
  '--green': '#36e2a4',
  '--bar': '#3f83c4',
  '--bar-2': '#24507f',
} as const;
export type InkToken = keyof typeof NIGHT;
export const INK_TOKENS = Object.keys(NIGHT) as InkToken[];

export const ink = shallowReactive<Record<InkToken, string>>({ ...NIGHT });

/** `rgb(89 200 255 / 42%)` as chart libraries read it. */
export function classicColour(value: string): string {
  const match = /^rgb\((\d+) (\d+) (\d+) \/ (\d+)%\)$/.exec(value);
  return match ? `rgba(${match[1]}, ${match[2]}, ${match[3]}, ${Number(match[4]) / 100})` : value;
}

/** The themes by the name that `data-theme` on the root element has. */
export const THEMES = ['night', 'day', 'contrast'] as const;
export type Theme = (typeof THEMES)[number];

/** Puts a theme on the page, and its colours into `ink`. */
export function putTheme(theme: Theme): void {
  const root = document.documentElement;
  if (root.dataset.theme === theme) return;
  root.dataset.theme = theme;
  const style = getComputedStyle(root);
  for (const token of INK_TOKENS) {
    const value = style.getPropertyValue(token).trim();
    if (value) ink[token] = classicColour(value);
  }
}
