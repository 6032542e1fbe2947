import { usccCheck } from '../common/identity.ts';

/**
 * Unified social credit codes (GB 32100-2015): 1 character for the registering authority, 1 for the kind of
 * body, 6 for the division, 9 for the organisation (GB 11714), 1 check character.
 */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const ORG_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];

/** Whether a code is well formed and its check character right. */
export function isUscc(code: string): boolean {
  return (
    new RegExp(`^[${ALPHABET}]{2}[0-9]{6}[${ALPHABET}]{10}$`).test(code) && usccCheck(code.slice(0, 17)) === code[17]
  );
}

/** GB 11714 check character of the 8 of an organisation. */
function orgCheck(first8: string): string {
  let sum = 0;
  for (let i = 0; i < 8; i++) {
    const code = first8.charCodeAt(i);
    sum += (code <= 57 ? code - 48 : code - 55) * ORG_WEIGHTS[i]!;
  }
  const check = 11 - (sum % 11);
  return check === 10 ? 'X' : check === 11 ? '0' : String(check);
}

/**
 * A code that nobody bears: an enterprise (91) of the region whose organisation is XXXX and a number, which no
 * registry gives out.
 * @param n number of the enterprise, 0 … 923,520
 */
export function fictitiousUscc(region: string, n: number): string {
  let digits = '';
  for (let i = 0, rest = n; i < 4; i++, rest = Math.floor(rest / 31)) digits = ALPHABET[rest % 31]! + digits;
  const org = `XXXX${digits}`;
  const first17 = `91${region}${org}${orgCheck(org)}`;
  return first17 + usccCheck(first17);
}
