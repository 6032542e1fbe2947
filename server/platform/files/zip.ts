import { createInflateRaw, crc32 } from 'node:zlib';
import { fileRefused } from './fileRefused.ts';

/** A ZIP as office programs write it: read whole, and trusted in nothing that it declares (APPNOTE.TXT 6.3). */

export interface ZipEntry {
  name: string;
  /** 0: stored, 8: deflated. */
  method: number;
  crc: number;
  packed: number;
  /** Bytes that it claims to inflate to. */
  bytes: number;
  /** Where its local header begins. */
  at: number;
}

/** A document of an office has some hundred parts; pictures make most of its bytes. */
const MAX_ENTRIES = 5_000;
export const MAX_INFLATED = 200 * 1024 * 1024;
const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50];
const [LOCAL_BYTES, CENTRAL_BYTES, END_BYTES] = [30, 46, 22];
const MAX_COMMENT = 65_535;
const ENCRYPTED = 1;
const ZIP64 = 0xffff_ffff;
const damaged = (why: string) => fileRefused('file-damaged', `the document is a damaged ZIP: ${why}`);

/**
 * What a ZIP says that it holds.
 * @throws HttpProblem 422 for one that is damaged, locked by a password, or claims to inflate to more than 200 MiB
 */
export function zipEntries(file: Buffer): ZipEntry[] {
  const end = endOf(file);
  const [disks, count, size, start] = [
    file.readUInt32LE(end + 4),
    file.readUInt16LE(end + 10),
    file.readUInt32LE(end + 12),
    file.readUInt32LE(end + 16),
  ];
  if (disks !== 0 || start === ZIP64) throw damaged('it is in several parts, or larger than any that is taken');
  if (count > MAX_ENTRIES)
    throw fileRefused('file-bomb', `the document has ${count} parts: at most ${MAX_ENTRIES} are taken`);
  if (start + size !== end) throw damaged('its directory is not where it says');
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  let at = start;
  let [bytes, packed] = [0, 0];
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL_BYTES > end || file.readUInt32LE(at) !== CENTRAL) throw damaged('its directory breaks off');
    const entry = entryAt(file, at);
    at += CENTRAL_BYTES + entry.length;
    if (at > end) throw damaged('its directory breaks off');
    if (names.has(entry.name.toLowerCase())) throw damaged(`${quote(entry.name)} is in it twice`);
    names.add(entry.name.toLowerCase());
    bytes += entry.bytes;
    packed += entry.packed;
    entries.push(entry);
  }
  if (bytes > MAX_INFLATED) throw tooMuch();
  // Parts that share their bytes make a small file inflate to any size.
  if (packed > file.length) throw fileRefused('file-bomb', 'parts of the document overlap: it is made to fill a disk');
  return entries;
}

/** The end record: its comment must end where the file does, so that nothing else is behind the ZIP. */
function endOf(file: Buffer): number {
  const first = Math.max(0, file.length - END_BYTES - MAX_COMMENT);
  for (let at = file.length - END_BYTES; at >= first; at--)
    if (file.readUInt32LE(at) === END && at + END_BYTES + file.readUInt16LE(at + 20) === file.length) return at;
  throw damaged('its end is missing: it was cut off');
}

function entryAt(file: Buffer, at: number): ZipEntry & { length: number } {
  const flags = file.readUInt16LE(at + 8);
  const [nameBytes, extra, comment] = [28, 30, 32].map((offset) => file.readUInt16LE(at + offset)) as [
    number,
    number,
    number,
  ];
  const name = file.toString('utf8', at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes);
  const entry = {
    name,
    method: file.readUInt16LE(at + 10),
    crc: file.readUInt32LE(at + 16),
    packed: file.readUInt32LE(at + 20),
    bytes: file.readUInt32LE(at + 24),
    at: file.readUInt32LE(at + 42),
    length: nameBytes + extra + comment,
  };
  if (flags & ENCRYPTED) throw fileRefused('file-locked', 'the document is locked by a password: save it without one');
  if (entry.method !== 0 && entry.method !== 8) throw damaged(`${quote(name)} is packed in a way that is not known`);
  if (name.split(/[\\/]/).includes('..') || /^[\\/]|^[A-Za-z]:|\0/.test(name))
    throw damaged(`${quote(name)} leads out of it`);
  return entry;
}

/**
 * Inflates a part, and throws it away unless it is to be read.
 * @param most how many bytes of it to keep
 * @throws HttpProblem 422 where it is not what it claims to be: of another size, of another checksum
 */
export async function readEntry(file: Buffer, entry: ZipEntry, most = 0): Promise<Buffer> {
  const { at, name, packed } = entry;
  if (at + LOCAL_BYTES > file.length || file.readUInt32LE(at) !== LOCAL)
    throw damaged(`${quote(name)} is not where it says`);
  const start = at + LOCAL_BYTES + file.readUInt16LE(at + 26) + file.readUInt16LE(at + 28);
  if (start + packed > file.length) throw damaged(`${quote(name)} breaks off`);
  const raw = file.subarray(start, start + packed);
  const kept: Buffer[] = [];
  let [bytes, crc] = [0, 0];
  for await (const part of entry.method === 0 ? [raw] : inflated(raw, name)) {
    bytes += part.length;
    if (bytes > entry.bytes)
      throw fileRefused(
        'file-bomb',
        `${quote(name)} inflates to more than it claims: the document is made to fill a disk`,
      );
    crc = crc32(part, crc);
    if (bytes <= most) kept.push(part);
  }
  if (bytes !== entry.bytes || crc !== entry.crc) throw damaged(`${quote(name)} is not what its directory says`);
  return Buffer.concat(kept);
}

async function* inflated(raw: Buffer, name: string): AsyncGenerator<Buffer> {
  const inflater = createInflateRaw({ chunkSize: 64 * 1024 });
  inflater.end(raw);
  try {
    yield* inflater as AsyncIterable<Buffer>;
  } catch (error) {
    throw damaged(`${quote(name)} cannot be inflated (${(error as Error).message})`);
  } finally {
    inflater.destroy();
  }
}

export const tooMuch = () =>
  fileRefused('file-bomb', `the document inflates to more than ${MAX_INFLATED / 1024 / 1024} MiB: it is not taken`);
const quote = (name: string) => JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
