import type { UsccFault } from '../contract/codes.ts';

/**
 * Who is who: an employer is told by its unified social credit code (统一社会信用代码, GB 32100) or, without one, by its
 * name (contract §2). Both are written in many ways; here is the one way in which they are compared. Pure.
 */

const SPACE = /\p{White_Space}/gu;
/** The 31 symbols of GB 32100: digits and capital letters without I, O, S, V, Z. */
const SYMBOLS = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const USCC = /^[0-9A-HJ-NPQRTUWXY]{18}$/;
/** 3^(i−1) mod 31 for the first 17 places. */
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
/** Nothing in it that a normal form could change. */
const PLAIN = /^[\x21-\x7e\u4e00-\u9fff]*$/;

/** A name as it is compared: NFKC, all white space out. `杭州 建工（余杭）` and `杭州建工(余杭)` are one. */
export function normalName(name: string): string {
  return PLAIN.test(name) ? name : name.normalize('NFKC').replace(SPACE, '');
}

/** A text to search for, and a name to search in: `normalName` in lower case. */
export function searchText(text: string): string {
  return normalName(text).toLowerCase();
}

/** A uscc in its one way of writing: NFKC, all white space out, upper case. Says nothing about whether it is one. */
export function normalUscc(uscc: string): string {
  return USCC.test(uscc) ? uscc : normalName(uscc).toUpperCase();
}

/** Whether a uscc in its normal form has 18 of the 31 symbols. */
export function isUscc(uscc: string): boolean {
  return USCC.test(uscc);
}

/** The fault of a uscc in its normal form: `form`, not 18 of the 31 symbols; `check`, another check character. Faulty ones are real, so they are flagged, not refused. */
export function usccFault(uscc: string): UsccFault | undefined {
  if (!isUscc(uscc)) return 'form';
  return usccCheck(uscc.slice(0, 17)) === uscc[17] ? undefined : 'check';
}

/** The check character of the first 17 symbols of a uscc (GB 32100). */
export function usccCheck(first17: string): string {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += SYMBOLS.indexOf(first17[i]!) * WEIGHTS[i]!;
  return SYMBOLS[(31 - (sum % 31)) % 31]!;
}

/** An employer as it is kept: the uscc in its normal form, without one that says nothing; the name as it was written. */
export function normalEnterprise<T extends { uscc?: string; name: string }>(enterprise: T): T {
  if (enterprise.uscc === undefined || USCC.test(enterprise.uscc)) return enterprise;
  const { uscc, ...rest } = enterprise;
  const normal = normalUscc(uscc);
  return (normal === '' ? rest : { uscc: normal, ...rest }) as T;
}

/** By which employers are told apart (contract §2): the normal uscc, else the normal name. */
export function enterpriseKey({ uscc, name }: { uscc?: string | undefined; name: string }): string {
  // White space alone is no uscc.
  return (uscc !== undefined && normalUscc(uscc)) || normalName(name);
}
