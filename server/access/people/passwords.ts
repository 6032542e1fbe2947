import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { PasswordQueue, type Asker } from './passwordQueue.ts';

/**
 * scrypt (RFC 7914) of Node itself, so nothing has to be compiled on closed networks. N=2^15, r=8, p=3 is one of the
 * settings of the OWASP password storage cheat sheet: 32 MiB and about a quarter of a second a guess.
 */
const COST = { log2N: 15, r: 8, p: 3 };
const BYTES = 32;

const queue = new PasswordQueue();

function derive(password: string, salt: Buffer, { log2N, r, p }: typeof COST, asker: Asker): Promise<Buffer> {
  const N = 2 ** log2N;
  return queue.run(
    asker,
    () =>
      new Promise((resolve, reject) => {
        scrypt(password.normalize('NFKC'), salt, BYTES, { N, r, p, maxmem: 256 * N * r }, (error, key) => {
          if (error) reject(error);
          else resolve(key);
        });
      }),
  );
}

/** What is kept of a password: `scrypt$log2N$r$p$salt$key`. @throws AccessError 503 */
export async function hashPassword(password: string, asker: Asker): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, COST, asker);
  return ['scrypt', COST.log2N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/**
 * Whether it is the password. Without one to compare with (nobody of that name) it takes just as long, so that the time
 * does not tell which names there are. @throws AccessError 503
 */
export async function passwordIs(password: string, kept: string | undefined, asker: Asker): Promise<boolean> {
  const [, log2N, r, p, salt, key] = (kept ?? NOBODY).split('$') as [string, string, string, string, string, string];
  const expected = Buffer.from(key, 'base64url');
  const cost = { log2N: Number(log2N), r: Number(r), p: Number(p) };
  const found = await derive(password, Buffer.from(salt, 'base64url'), cost, asker);
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
