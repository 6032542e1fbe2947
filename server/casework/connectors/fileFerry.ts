import { compareStreamIds } from '../../streams/streamIds.ts';
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY_MS, parseRfc3339, toRfc3339 } from '../../../common/regionTime.ts';
import type { Outbox, Waiting } from './outbox.ts';
import type { Message } from './outcome.ts';

const IN_BATCH = 1_000;
/** A batch that nobody has acknowledged so long after it was written has failed. */
const OLDEST_MS = 3 * DAY_MS;

export interface FerryParts {
  outbox: Outbox;
  folder: string;
  onDelivered?: (events: number) => void;
  now: () => number;
}

/**
 * Sends by files: a batch is `<name>.ndjson` with `<name>.manifest.json` (its sha256, how many events), and counts as delivered once the
 * other side has put `<name>.ack` beside it; then all three are removed. One batch at a time, so that the order is kept.
 */
export class FileFerry {
  problem: string | undefined;
  private readonly parts: FerryParts;

  constructor(parts: FerryParts) {
    this.parts = parts;
  }

  stop(): void {
    // Whatever has been begun is a file's work, and ends by itself.
  }

  async pass(): Promise<void> {
    const { outbox, folder, now, onDelivered } = this.parts;
    await mkdir(folder, { recursive: true });
    const files = new Set(await readdir(folder));
    const name = [...files]
      .find((file) => /^batch-\d+-\d+-\d+\.manifest\.json$/.test(file))
      ?.replace('.manifest.json', '');
    if (name === undefined) {
      this.problem = undefined;
      const waiting = await outbox.read('0-0', IN_BATCH);
      if (waiting.length)
        await write(
          folder,
          nameOf(waiting),
          waiting.map(({ message }) => message),
          now(),
        );
      return;
    }
    if (files.has(`${name}.ack`)) {
      const batch = await this.batchOf(name);
      await outbox.delivered(batch, now());
      onDelivered?.(batch.length);
      await clear(folder, name);
      this.problem = undefined;
      return;
    }
    this.problem = `${name}.ndjson has not been acknowledged`;
    // Every pass until it is acknowledged: whether anything of it still waits is all that is asked.
    const [first] = await this.batchOf(name, 1);
    if (!first) await clear(folder, name);
    else if (now() - (await madeAt(join(folder, `${name}.manifest.json`))) > OLDEST_MS) {
      for (const one of await this.batchOf(name))
        await outbox.failed(one, { n: 1, first: now(), next: now(), problem: this.problem }, now());
      await clear(folder, name);
    }
  }

  /** What is in the batch of this name: the name says how many there are, and up to which entry. */
  private async batchOf(name: string, most = Infinity): Promise<Waiting[]> {
    const [, upTo, count] = /^batch-(\d+-\d+)-(\d+)$/.exec(name)!;
    const waiting = await this.parts.outbox.read('0-0', Math.min(most, Number(count)));
    return waiting.filter(({ entry }) => compareStreamIds(entry, upTo!) <= 0);
  }
}

/** When a batch was written, by our own clock: that of a file share may be days off. A manifest that somebody has spoilt is as old as its file. */
async function madeAt(manifest: string): Promise<number> {
  try {
    const { made } = JSON.parse(await readFile(manifest, 'utf8')) as { made?: unknown };
    const at = typeof made === 'string' ? parseRfc3339(made) : undefined;
    if (at !== undefined) return at;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  return (await stat(manifest)).mtimeMs;
}

const nameOf = (waiting: readonly Waiting[]) => `batch-${waiting.at(-1)!.entry}-${waiting.length}`;

/** Writes a batch: the events, then the manifest, each whole or not at all. */
export async function write(folder: string, name: string, messages: readonly Message[], now: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const text = messages.map(({ body }) => `${body}\n`).join('');
  await put(folder, `${name}.ndjson`, text);
  const manifest = {
    file: `${name}.ndjson`,
    sha256: createHash('sha256').update(text).digest('hex'),
    events: messages.length,
    bytes: Buffer.byteLength(text),
    made: toRfc3339(now),
    acknowledge: `${name}.ack`,
  };
  await put(folder, `${name}.manifest.json`, `${JSON.stringify(manifest, null, 1)}\n`);
}

async function put(folder: string, name: string, text: string): Promise<void> {
  const half = join(folder, `.${name}.part`);
  const file = await open(half, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(half, join(folder, name));
}

async function clear(folder: string, name: string): Promise<void> {
  // The manifest first: without it, nobody takes the rest for a batch.
  for (const end of ['manifest.json', 'ndjson', 'ack']) await rm(join(folder, `${name}.${end}`), { force: true });
}
