import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { HttpProblem } from './problem.ts';

/** Bodies of requests: read as they come, inflated, and given up when the sender stops. */

/** A body of which nothing comes for so long is given up, ms. There is no limit to how long all of it may take. */
export const BODY_IDLE_MS = 30_000;
/** A body may grow so many times when it is inflated; what is below `FREE_BYTES` is not looked at. */
const MAX_RATIO = 200;
const FREE_BYTES = 4 * 1024 * 1024;
const INFLATED_PART = 64 * 1024;

/** What a body may be compressed by (`Content-Encoding`). */
export const CODINGS = ['gzip', 'deflate', 'br'] as const;
type Coding = (typeof CODINGS)[number];

/**
 * The parts of a body as the sender meant them: inflated, where it says that they are compressed.
 * @throws HttpProblem 415 for a coding that is not taken, 408 when nothing comes, 413 for what grows too much, 400 for
 * what is not compressed as it says
 */
export function bodyParts(
  body: Readable,
  headers: IncomingHttpHeaders,
  idleMs: number = BODY_IDLE_MS,
): AsyncIterable<Buffer> {
  const coding = codingOf(headers['content-encoding']);
  const parts = patiently(body, idleMs);
  return coding === undefined ? parts : inflated(parts, coding);
}

/** All of a body. @param tooLarge what is thrown once it is longer than `limit` bytes, inflated */
export async function wholeBody(
  parts: AsyncIterable<Buffer>,
  limit: number,
  tooLarge: () => HttpProblem,
): Promise<Buffer> {
  const read: Buffer[] = [];
  let length = 0;
  for await (const part of parts) {
    length += part.length;
    if (length > limit) throw tooLarge();
    read.push(part);
  }
  return read.length === 1 ? read[0]! : Buffer.concat(read);
}

/** @throws HttpProblem 400 for what is no UTF-8 */
export function checkUtf8(body: Buffer): void {
  if (!isUtf8(body))
    throw new HttpProblem(400, 'Body is not UTF-8', 'JSON between systems must be UTF-8 (RFC 8259 §8.1)');
}

/** UTF-8 without the byte order mark U+FEFF (RFC 8259 §8.1: readers may ignore it). */
export function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

function codingOf(header: string | undefined): Coding | undefined {
  const named = (header ?? '').trim().toLowerCase();
  if (named === '' || named === 'identity') return undefined;
  const coding = named === 'x-gzip' ? 'gzip' : CODINGS.find((one) => one === named);
  if (coding) return coding;
  throw new HttpProblem(
    415,
    'Content coding is not supported',
    `Content-Encoding ${JSON.stringify(named.slice(0, 60))} is not taken: send the body as it is, or compressed once by ${CODINGS.join(', ')}`,
    'content-encoding',
  );
}

/** The parts of a body as long as they keep coming. Leaving early does not end the connection, so an answer gets through. */
async function* patiently(body: Readable, idleMs: number): AsyncGenerator<Buffer> {
  const iterator = (body as Readable & AsyncIterable<Buffer>).iterator({
    destroyOnReturn: false,
  }) as AsyncIterator<Buffer>;
  try {
    for (;;) {
      const next = await inTime(iterator.next(), idleMs).catch(brokenOff);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Not waited for: it may still be waiting for a part itself.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

function brokenOff(error: unknown): never {
  if (error instanceof HttpProblem) throw error;
  throw new HttpProblem(400, 'Body broke off', 'the connection ended before the body did: send it again');
}

async function inTime<T>(part: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(
        new HttpProblem(
          408,
          'Body stopped coming',
          `nothing of the body came for ${Math.round(ms / 100) / 10} s: send it again; what was accepted of it counts once`,
        ),
      );
    }, ms);
  });
  try {
    return await Promise.race([part, late]);
  } finally {
    clearTimeout(timer);
    // Whoever lost the race is not looked at any more.
    part.catch(() => undefined);
  }
}

async function* inflated(parts: AsyncIterable<Buffer>, coding: Coding): AsyncGenerator<Buffer> {
  const iterator = parts[Symbol.asyncIterator]();
  let [taken, given] = [0, 0];
  let failure: Error | undefined;
  const first = await iterator.next();
  if (first.done) return;
  async function* compressed(): AsyncGenerator<Buffer> {
    try {
      for (let next: IteratorResult<Buffer> = first; !next.done; next = await iterator.next()) {
        taken += next.value.length;
        yield next.value;
      }
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    } finally {
      await iterator.return?.();
    }
  }
  const inflater = inflaterOf(coding, first.value);
  pipeline(compressed(), inflater, () => undefined);
  try {
    for await (const part of inflater as AsyncIterable<Buffer>) {
      given += part.length;
      if (given > FREE_BYTES && given > taken * MAX_RATIO)
        throw new HttpProblem(
          413,
          'Body grows too much',
          `the body grows more than ${MAX_RATIO} times when it is inflated: send it less compressed, or in parts`,
        );
      yield part;
    }
  } catch (error) {
    if (error instanceof HttpProblem) throw error;
    if (failure !== undefined) throw failure;
    throw new HttpProblem(
      400,
      `Body is not ${coding}`,
      `the body is not what Content-Encoding says: ${(error as Error).message}`,
    );
  } finally {
    inflater.destroy();
  }
}

/** `deflate` is the zlib format (RFC 9110 §8.4.1.2), but some programs send it without its head. */
function inflaterOf(coding: Coding, first: Buffer): Transform {
  const options = { chunkSize: INFLATED_PART };
  if (coding === 'gzip') return createGunzip(options);
  if (coding === 'br') return createBrotliDecompress(options);
  return (first[0]! & 0x0f) === 8 ? createInflate(options) : createInflateRaw(options);
}
