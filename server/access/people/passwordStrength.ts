import { createRequire } from 'node:module';
import type * as Zxcvbn from '@zxcvbn-ts/core';
import type * as CommonLanguage from '@zxcvbn-ts/language-common';
import { MAX_PASSWORD, MIN_PASSWORD } from '../../../contract/accessLimits.ts';
import { plainName } from '../records.ts';
import { COMMON_WORDS } from './commonWords.ts';

/** Fewer guesses than 10 to this, and the limits on guessing would not hold for years (zxcvbn calls it "unguessable enough" from 8 on). */
const LEAST_GUESSES = 8;
/** The same without signs: `Admin@123456` has one because it must, and guessers know where. */
const LEAST_WITHOUT_SIGNS = 6.5;
/** The estimate takes longer the longer the text; a text that is weak so far is not saved by what follows. */
const ESTIMATED = 64;
/** Characters that are no digits: telephone, identity and account numbers, and dates, are known to others. */
const LEAST_OTHERS = 3;

const require = createRequire(import.meta.url);
let estimator: Zxcvbn.ZxcvbnFactory | undefined;

/** Its dictionaries take long to load, and most processes never judge a password: so not before the first one. */
function newEstimator(): Zxcvbn.ZxcvbnFactory {
  const core = require('@zxcvbn-ts/core') as typeof Zxcvbn;
  const { adjacencyGraphs, dictionary } = require('@zxcvbn-ts/language-common') as typeof CommonLanguage;
  return new core.ZxcvbnFactory({
    dictionary: { ...dictionary, china: [...new Set(COMMON_WORDS)] },
    graphs: adjacencyGraphs,
  });
}

/**
 * Why a password is too easily guessed, or undefined. Length counts, kinds of characters do not; what is common, counts up,
 * repeats or holds the name is refused (NIST SP 800-63B §3.1.1.2).
 */
export function weakness(password: string, name: string): string | undefined {
  const length = [...password].length;
  if (length < MIN_PASSWORD) return `a password needs at least ${MIN_PASSWORD} characters; this one has ${length}`;
  if (length > MAX_PASSWORD) return `a password may have at most ${MAX_PASSWORD} characters`;
  if (new Set(password).size < 5) return 'a password needs at least five different characters';
  const plain = plainName(password).replaceAll(' ', '');
  if (plain.replace(/\d/g, '').length < LEAST_OTHERS)
    return `a password needs at least ${LEAST_OTHERS} characters that are no digits`;
  const own = plainName(name).replaceAll(' ', '');
  if (isLong(own) && plain.includes(own)) return 'a password must not contain the name';
  if (/^(.{1,5})\1+.{0,4}$/u.test(password) || isRun(unshifted(plain)))
    return 'a password must not be a pattern that repeats or counts';
  estimator ??= newEstimator();
  const text = password.normalize('NFKC').slice(0, ESTIMATED);
  const guesses = (of: string) => estimator!.check(of, [own, ...plainName(name).split(' ')]).guessesLog10;
  return guesses(text) < LEAST_GUESSES || guesses(text.replace(/[\p{P}\p{S}]/gu, '')) < LEAST_WITHOUT_SIGNS
    ? 'this password is among the first that are guessed: choose another'
    : undefined;
}

/** Two characters of Chinese are a name; two letters are in everything. */
function isLong(name: string): boolean {
  return name.length >= (/\p{Script=Han}/u.test(name) ? 2 : 3);
}

/** As if typed without Shift: `1qaz@WSX` is the same row of keys. */
function unshifted(text: string): string {
  return text.replace(/[!@#$%^&*()]/g, (sign) => String(('!@#$%^&*('.indexOf(sign) + 1) % 10));
}

/** Keys or digits in a row, such as 1234567890 or qwertyuiop. */
function isRun(text: string): boolean {
  const rows = [
    '01234567890123456789',
    'abcdefghijklmnopqrstuvwxyz',
    'qwertyuiopasdfghjklzxcvbnm',
    '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
    'passwordpassword',
  ];
  return rows.some((row) => row.includes(text) || [...row].reverse().join('').includes(text));
}
