/** How reports write figures: exact, with separators, in both languages alike. Pure. */

/** What is not there. */
export const ABSENT = '—';
/** Minus as a sign of its own (U+2212), as wide as a plus. */
const MINUS = '−';

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',');

/** 1234 → `1,234`. */
export const countText = (value: number): string => `${value < 0 ? MINUS : ''}${grouped(String(Math.abs(value)))}`;

/**
 * `numerator` / `denominator` with so many decimals, rounded half away from zero, by whole numbers: nothing drifts.
 * @param numerator a whole number
 * @param denominator a whole number above 0
 */
export function ratioText(numerator: number, denominator: number, digits = 2): string {
  const scaled = BigInt(Math.abs(numerator)) * 10n ** BigInt(digits);
  const below = BigInt(denominator);
  const rounded = (2n * scaled + below) / (2n * below);
  const text = rounded.toString().padStart(digits + 1, '0');
  const whole = grouped(text.slice(0, -digits));
  return `${numerator < 0 && rounded > 0n ? MINUS : ''}${whole}.${text.slice(-digits)}`;
}

/** Fen in 万元 (10,000 yuan) with two decimals. */
export const wanText = (fen: number): string => ratioText(fen, 1_000_000);
/** A share in percent with two decimals, with its sign: `81.30%`. */
export const shareText = (part: number, all: number): string => `${ratioText(100 * part, all)}%`;
/** Days with one decimal. */
export const daysText = (ms: number, cases: number): string => ratioText(ms, cases * 86_400_000, 1);

export const signed = (text: string): string => (text.startsWith(MINUS) ? text : `+${text}`);
/** The size of what is written, without its sign. */
export const unsigned = (text: string): string => text.replace(/^[+−]/, '');
