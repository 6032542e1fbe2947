import { TAKEN_OUT } from './plainText.ts';

/**
 * Phones, identity, account and card numbers, whatever stands between their digits and whichever way these are written. Left
 * are numbers below seven digits, dates, years, amounts with separators and lists of small numbers. @param text plain (plainText.ts)
 */
export function maskNumbers(text: string): string {
  return text
    .replace(MAIL, TAKEN_OUT)
    .replace(ACCOUNT, (_found, before: string) => `${before}${TAKEN_OUT}`)
    .replace(ENDING, (_found, before: string) => `${before}${TAKEN_OUT}`)
    .replace(CODE, TAKEN_OUT)
    .replace(APART, TAKEN_OUT)
    .replace(RUN, (found) => (isHarmless(found) ? found : TAKEN_OUT));
}

const MAIL = /[\w.+-]+@[\w-]+(\.[\w-]+)+/g;
const ACCOUNT =
  /((?:微信|微博|抖音|快手|支付宝|wechat|vx|wx|qq)[号群]?\s*[:是为]?\s*)([a-z][\w-]{4,}|\d{5,}(?![-.\d]))/giu;
/** What is told of a number by its end: 尾号5678, 后四位3456. */
const ENDING = /((?:尾号|[后末尾][三四五六3456]位(?:数|号)?)[:为是]?\s*)[\dxX]{3,6}/gu;
/** Unified social credit codes and identity numbers, which end in letters. */
const CODE = /(?<![0-9A-Za-z])(?=[0-9A-Za-z]*\d{6})[0-9A-Za-z]{15,20}(?![0-9A-Za-z])/g;

/** Every way to write a digit, by its value. */
const DIGITS = ['0〇零○◯', '1一壹幺', '2二贰貳', '3三叁參', '4四肆', '5五伍', '6六陆陸', '7七柒', '8八捌', '9九玖'];
const VALUES = new Map(DIGITS.flatMap((ways, value) => [...ways].map((way) => [way, String(value)] as const)));
const DIGIT = `[${DIGITS.join('')}]`;
/** Digits with up to three of anything between them that is no letter; an identity number may end in X. */
const RUN = new RegExp(`\\+?${DIGIT}(?:[^\\p{L}\\p{N}]{0,3}${DIGIT})+(?:[^\\p{L}\\p{N}]{0,2}[xX](?![a-zA-Z]))?`, 'gu');

const YEAR = '(?:19|20)\\d\\d';
const DAY = `${YEAR}[-./](?:0?[1-9]|1[0-2])(?:[-./](?:0?[1-9]|[12]\\d|3[01]))?(?: {1,2}[0-2]?\\d:[0-5]\\d(?::[0-5]\\d)?)?`;
/** Dates and times, years, and spans and lists of them. */
const DATES = new RegExp(`^(?:${DAY}|${YEAR})(?: ?[-~–—,、/;] ?(?:${DAY}|${YEAR}))*$`);
const AMOUNT = /^\d{1,3}(?:,\d{3}){1,3}(?:\.\d{1,2})?$/;
const MOBILE = /1[3-9]\d{9}/;
const LANDLINE = /0[1-9]\d{1,2}[2-9]\d{6,7}/;
/** A mobile number in its usual groups, with letters between them. */
const APART = /(?<!\d)1[3-9]\d\D{1,3}\d{4}\D{1,3}\d{4}(?!\d)/g;
/** From so many digits on a list of small numbers might be an identity or card number. */
const LONG = 15;
const PHONE = 7;

function isHarmless(run: string): boolean {
  const digits = [...run].map((one) => VALUES.get(one) ?? '').join('');
  if (digits.length < PHONE || DATES.test(run)) return true;
  // 13,812,345,678 is no amount.
  if (MOBILE.test(digits) || LANDLINE.test(digits)) return false;
  const parts = run.split(/[,;、。]\s+|[;、。]/);
  if (parts.every((part) => DATES.test(part) || AMOUNT.test(part))) return true;
  return digits.length < LONG && run.split(new RegExp(`(?:(?!${DIGIT}).)+`, 'u')).every((group) => group.length <= 2);
}
