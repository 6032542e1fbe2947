import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { IntakeRequest } from '../server/streams/intake/intakeRequest.ts';
import { readNdjson } from '../server/streams/intake/ndjson.ts';
import type { Validator } from '../server/streams/intake/validate.ts';

/** The bytes of an export, unpacked where its name ends in `.gz`. */
function contentOf(file: string): AsyncIterable<Buffer> {
  const bytes = createReadStream(file);
  if (!file.endsWith('.gz')) return bytes;
  const plain = createGunzip();
  // An error of the one does not reach the other by itself.
  return bytes.on('error', (error) => plain.destroy(error)).pipe(plain);
}

/** Reads exported events (plain or gzip NDJSON) into an intake. */
export function readExported(file: string, intake: IntakeRequest): Promise<void> {
  return readNdjson(contentOf(file), intake);
}

/**
 * Makes sure that a file holds what a region can be built from, before anything is removed for it. Single events that are not valid are
 * told of later; one event that is valid, or a file without any, will do.
 * @throws with a sentence when the file cannot be read to its end, or when nothing in it is an event of the region
 */
export async function checkExported(file: string, region: string, validate: Validator): Promise<void> {
  let valid = 0;
  let problem: string | undefined;
  const looking: IntakeRequest = {
    durable: 0,
    take(event, _text, wellFormed) {
      const result = validate(event, Infinity, wellFormed);
      if (result.ok) valid++;
      else problem ??= result.problem;
    },
    refuse(_text, why) {
      problem ??= why;
    },
    ready: () => Promise.resolve(),
    finish: () => Promise.resolve({ accepted: valid, rejected: [], rejectedTotal: 0 }),
  };
  try {
    await readExported(file, looking);
  } catch (error) {
    throw new Error(`${file} cannot be read to its end (${(error as Error).message}): nothing was removed.`, {
      cause: error,
    });
  }
  if (valid === 0 && problem !== undefined)
    throw new Error(`${file} holds no event of region ${region} (the first: ${problem}): nothing was removed.`);
}
