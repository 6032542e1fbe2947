/**
 * Decimal numbers as whole thousandths, so that rules add and compare exactly (signals §3). A number is taken as it is
 * written: the shortest decimal that names it (as JSON.stringify writes it), never by multiplying. Pure.
 */

/** Rounded half up: 1.0005 → 1001. @param value ≥ 0 and at most 10¹² */
export function thousandths(value: number): number {
  if (Number.isInteger(value)) return value * 1000;
  const { whole, fraction } = decimal(value);
  const digits = fraction.padEnd(4, '0');
  return whole * 1000 + Number(digits.slice(0, 3)) + (digits[3]! >= '5' ? 1 : 0);
}

/** Whether a number is written with at most 3 decimals. */
export function isThousandths(value: number): boolean {
  return Number.isInteger(value) || decimal(Math.abs(value)).fraction.length <= 3;
}

/** The number that so many thousandths are: 1001 → 1.001. */
export function fromThousandths(value: number): number {
  // Nearest to the decimal, so it is written with that decimal again.
  return value / 1000;
}

/** Of so many thousandths: rounded half up to 1 decimal, still in thousandths. 80_050 → 80_100. */
export function roundToTenth(value: number): number {
  return Math.floor((value + 50) / 100) * 100;
}

/** The digits of a number ≥ 0 before and after the point; `1e-7` written out. */
function decimal(value: number): { whole: number; fraction: string } {
  const [mantissa, exponent] = String(value).split('e') as [string, string?];
  const [whole, fraction = ''] = mantissa.split('.') as [string, string?];
  if (exponent === undefined) return { whole: Number(whole), fraction };
  return { whole: 0, fraction: '0'.repeat(-Number(exponent) - 1) + whole + fraction };
}
