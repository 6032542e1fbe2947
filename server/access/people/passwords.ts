import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { MAX_PASSWORD, MIN_PASSWORD } from '../../../contract/accessLimits.ts';
import { plainName } from '../records.ts';

/**
 * scrypt (RFC 7914) of Node itself, so nothing has to be compiled on closed networks. N=2^15, r=8, p=3 is one of the
 * settings of the OWASP password storage cheat sheet: 32 MiB and about a quarter of a second a guess.
 */
const COST = { log2N: 15, r: 8, p: 3 };
const BYTES = 32;

/** At the same time; each takes a thread that files and names also need. */
const AT_ONCE = 2;
/** Waiting for a turn; past that, whoever asks is told to come back. */
const MAX_WAITING = 32;

export class TooManyError extends Error {}

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (waiting.length >= MAX_WAITING) throw new TooManyError('too many are signing in at this moment');
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
    });
  }
  running++;
  try {
    return await work();
  } finally {
    running--;
    waiting.shift()?.();
  }
}

function derive(password: string, salt: Buffer, { log2N, r, p }: typeof COST): Promise<Buffer> {
  const N = 2 ** log2N;
  return inTurn(
    () =>
      new Promise((resolve, reject) => {
        scrypt(password.normalize('NFKC'), salt, BYTES, { N, r, p, maxmem: 256 * N * r }, (error, key) => {
          if (error) reject(error);
          else resolve(key);
        });
      }),
  );
}

/** What is kept of a password: `scrypt$log2N$r$p$salt$key`. @throws TooManyError */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, COST);
  return ['scrypt', COST.log2N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/**
 * Whether it is the password. Without one to compare with (nobody of that name) it takes just as long, so that the time
 * does not tell which names there are. @throws TooManyError
 */
export async function passwordIs(password: string, kept: string | undefined): Promise<boolean> {
  const [, log2N, r, p, salt, key] = (kept ?? NOBODY).split('$') as [string, string, string, string, string, string];
  const expected = Buffer.from(key, 'base64url');
  const found = await derive(password, Buffer.from(salt, 'base64url'), {
    log2N: Number(log2N),
    r: Number(r),
    p: Number(p),
  });
  return timingSafeEqual(found, expected) && kept !== undefined;
}

const NOBODY = [
  'scrypt',
  COST.log2N,
  COST.r,
  COST.p,
  randomBytes(16).toString('base64url'),
  randomBytes(BYTES).toString('base64url'),
].join('$');

/** Why a password is too easily guessed, or undefined. Length counts, kinds of characters do not (NIST SP 800-63B). */
export function weakness(password: string, name: string): string | undefined {
  const length = [...password].length;
  if (length < MIN_PASSWORD) return `a password needs at least ${MIN_PASSWORD} characters; this one has ${length}`;
  if (length > MAX_PASSWORD) return `a password may have at most ${MAX_PASSWORD} characters`;
  if (new Set(password).size < 5) return 'a password needs at least five different characters';
  const plain = plainName(password).replaceAll(' ', '');
  const own = plainName(name).replaceAll(' ', '');
  if (own.length >= 3 && plain.includes(own)) return 'a password must not contain the name';
  if (/^(.{1,5})\1+.{0,4}$/u.test(password) || isRun(plain))
    return 'a password must not be a pattern that repeats or counts';
  return undefined;
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
