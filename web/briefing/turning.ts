/** Which page comes after a key or a gesture. Pure. */
export type Turn = 'next' | 'back' | 'first' | 'last';

/** Keys of keyboards and clickers: a clicker sends the page keys, some send arrows up and down. */
const KEYS: Record<string, Turn> = {
  ArrowRight: 'next',
  ArrowDown: 'next',
  PageDown: 'next',
  ' ': 'next',
  Enter: 'next',
  ArrowLeft: 'back',
  ArrowUp: 'back',
  PageUp: 'back',
  Backspace: 'back',
  Home: 'first',
  End: 'last',
};
export const turnOfKey = (key: string): Turn | undefined => KEYS[key];

/** A finger must go so far (CSS px), and more across than down. */
const SWIPE = 50;
export function turnOfSwipe(across: number, down: number): Turn | undefined {
  if (Math.abs(across) < SWIPE || Math.abs(across) < 1.5 * Math.abs(down)) return undefined;
  return across < 0 ? 'next' : 'back';
}

/** @param page from 0 */
export function turned(page: number, turn: Turn, pages: number): number {
  const goal = { next: page + 1, back: page - 1, first: 0, last: pages - 1 }[turn];
  return Math.min(Math.max(goal, 0), Math.max(0, pages - 1));
}

/** The page that a URL names, from 1 there; the first for what is none. */
export function pageOf(text: unknown, pages: number): number {
  const n = typeof text === 'string' && /^\d{1,3}$/.test(text) ? Number(text) - 1 : 0;
  return Math.min(Math.max(n, 0), Math.max(0, pages - 1));
}
