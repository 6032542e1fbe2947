import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { createGzip } from 'node:zlib';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { toRfc3339 } from '../common/regionTime.ts';
import { decodeDocument } from '../server/alerts/document.ts';
import type { StoredEvent } from '../server/alerts/state.ts';
import { compareEvents } from '../server/alerts/fold.ts';
import type { RegionStreams } from '../server/streams/regionStreams.ts';
import { decodeChunk } from '../server/streams/intake/chunk.ts';
import { exportSignals } from '../server/signals/engine/exportSignals.ts';
import { openRegion, runTool, type OpenedRegion } from './openRegion.ts';

/** `npm run export -- [--file events.ndjson.gz]`: every event of the region as NDJSON, gzip; sent in again, they give the same figures. */

export function toCloudEvent(region: string, alertId: string, event: StoredEvent): string {
  return JSON.stringify({
    specversion: '1.0',
    id: event.id,
    source: event.source,
    type: event.type,
    time: toRfc3339(event.time),
    // Who made it: a rebuild takes that back.
    ...event.by,
    data: { alertId, region, ...event.data },
  });
}

/** All events: those of the documents, then those accepted but not yet counted. One counted meanwhile may come twice, and counts once. */
export async function* exportEvents(streams: RegionStreams): AsyncIterable<string> {
  for await (const part of streams.documents.scan()) {
    let text = '';
    for (const [alertId, document] of part) {
      for (const event of decodeDocument(document).sort(compareEvents))
        text += `${toCloudEvent(streams.region, alertId, event)}\n`;
    }
    yield text;
  }
  let after = '0-0';
  for (;;) {
    const entries = await streams.readEvents(after, 100);
    if (!entries.length) return;
    after = entries.at(-1)!.id;
    yield entries
      .flatMap(({ payload }) => decodeChunk(payload))
      .map(({ alertId, event }) => `${toCloudEvent(streams.region, alertId, event)}\n`)
      .join('');
  }
}

/** Those of alerts, then registrations and observations. */
async function* all({ streams, redis, pack }: OpenedRegion): AsyncIterable<string> {
  yield* exportEvents(streams);
  yield* exportSignals(redis, pack.code);
}

/** Writes a file that appears under its name only when it is whole: half an export looks like one. */
async function writeWhole(file: string, content: AsyncIterable<string>): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  try {
    await pipeline(Readable.from(content), createGzip(), createWriteStream(part, { flags: 'wx', flush: true }));
    await rename(part, file);
  } catch (error) {
    throw new Error(`${file} cannot be written: ${(error as Error).message}`, { cause: error });
  } finally {
    await rm(part, { force: true }).catch(() => undefined);
  }
}

export async function main(): Promise<void> {
  const { values } = parseArgs({ options: { file: { type: 'string' } } });
  const region = await openRegion('export');
  try {
    const file = values.file ?? `${region.pack.code}-${toRfc3339(Date.now()).slice(0, 10)}.ndjson.gz`;
    if (existsSync(file)) throw new Error(`${file} is there already: name another with --file.`);
    let events = 0;
    async function* counted() {
      for await (const text of all(region)) {
        for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) events++;
        yield text;
      }
    }
    await writeWhole(file, counted());
    process.stdout.write(`${events} events of region ${region.pack.code} written to ${file}\n`);
  } finally {
    await region.close();
  }
}

if (process.argv[1]?.endsWith('export.js')) await runTool(main);
