import type { FileType } from '../../../contract/attachmentLimits.ts';
import type { Attachment } from '../../../contract/events.ts';
import { createFileStore, type FileStore } from '../../platform/files/fileStore.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript } from '../../platform/redis/script.ts';
import { streamKeys } from '../../streams/keys.ts';
import { caseFileKeys } from './keys.ts';

const note = loadScript('server/casework/attachments/scripts/note.lua');
const claim = loadScript('server/casework/attachments/scripts/claim.lua');
const settle = loadScript('server/casework/attachments/scripts/settle.lua');

/** Files that one alert may have: events that name them have an end, uploads would have none. */
const MAX_FILES_OF_ALERT = 1_000;
const PREFIX = 'sha256:';

/** What is known of a file of an alert; its digest is its name in the hash. */
export interface FileRecord {
  name: string;
  type: FileType;
  bytes: number;
  /** Digest of the thumbnail, of a picture. */
  thumbnail?: string;
}
/** An upload that nothing may have named yet. */
export interface Waiting {
  /** 64 hexadecimal digits, as everywhere in this file but in `Attachment`. */
  digest: string;
  alertId: string;
}

/** What files are of: the keys and the folder that they lie under, and how many one may have. */
export interface FilesOf {
  keys: (region: string) => Record<'files' | 'holders' | 'waiting', string>;
  /** Begins the name of the folder, which ends with the region. */
  folder: string;
  most: number;
  /** Said to whoever sends one more. */
  full: string;
}
const OF_ALERTS: FilesOf = {
  keys: caseFileKeys,
  folder: 'attachments',
  most: MAX_FILES_OF_ALERT,
  full: `this case has ${MAX_FILES_OF_ALERT} files: it takes no more`,
};

/** The files of a region's alerts: contents in `FILES_DIR`, and in Redis which alert has which. */
export interface AttachmentStore {
  readonly files: FileStore;
  /** Said to whoever sends a file to an alert that has as many as it may. */
  readonly full: string;
  /** Notes that an alert has a file, before that gets its name. @returns false where it has as many as it may */
  note(alertId: string, digest: string, record: FileRecord, now: number): Promise<boolean>;
  record(alertId: string, digest: string): Promise<FileRecord | undefined>;
  /**
   * What an event is to say of files, in the order given.
   * @param named digests as actions name them
   * @returns the first that the alert does not have, in place of the files
   */
  claim(alertId: string, named: readonly string[], now: number): Promise<Attachment[] | { unknown: string }>;
  /** Uploads that have waited since before a moment, the oldest first. */
  waitingSince(before: number, most: number): Promise<Waiting[]>;
  /** Ends the waiting of one: it is kept for good, or forgotten with what nobody else has of it. @returns whether it was forgotten */
  settle(waiting: Waiting, before: number, named: boolean): Promise<boolean>;
}

/** @param filesDir `FILES_DIR`; a region's files are kept once, in a folder of their own, as its keys alone know who has them */
export function createAttachmentStore(
  redis: RedisClient,
  filesDir: string,
  region: string,
  of: FilesOf = OF_ALERTS,
): AttachmentStore {
  const keys = of.keys(region);
  const { meta } = streamKeys(region);
  const files = createFileStore(filesDir, `${of.folder}-${region}`);
  const filesOf = (alertId: string) => keys.files + alertId;
  const holdersOf = (digest: string, thumbnail: string | undefined) =>
    [digest, thumbnail].flatMap((one) => (one === undefined ? [] : [keys.holders + one]));
  const parse = (text: string) => JSON.parse(text) as FileRecord;

  async function record(alertId: string, digest: string): Promise<FileRecord | undefined> {
    const found = await redis.hget(filesOf(alertId), digest);
    return found === null ? undefined : parse(found);
  }

  return {
    files,
    full: of.full,
    record,
    async note(alertId, digest, given, now) {
      const named = [filesOf(alertId), keys.waiting, ...holdersOf(digest, given.thumbnail)];
      const args = [digest, alertId, JSON.stringify(given), now, of.most];
      return (await runScript(redis, note, named, args)) === 1;
    },
    async claim(alertId, named, now) {
      const digests = named.map(hexOf);
      const records = (await runScript(
        redis,
        claim,
        [filesOf(alertId), keys.waiting],
        [alertId, now, ...digests],
      )) as string[];
      const found: Attachment[] = [];
      for (const [i, digest] of digests.entries()) {
        // Noted first, then kept: a process may have ended in between.
        if (!records[i] || !(await files.find(digest))) return { unknown: named[i]! };
        const { name, type, bytes } = parse(records[i]);
        found.push({ digest: digestOf(digest), name, type, bytes });
      }
      return found;
    },
    async waitingSince(before, most) {
      const members = await redis.zrangebyscore(keys.waiting, 0, before, 'LIMIT', 0, most);
      return members.map((member) => ({ digest: member.slice(0, 64), alertId: member.slice(65) }));
    },
    async settle({ digest, alertId }, before, named) {
      const thumbnail = (await record(alertId, digest))?.thumbnail;
      const kept = [keys.waiting, filesOf(alertId), meta, ...holdersOf(digest, thumbnail)];
      const forgotten = (await runScript(redis, settle, kept, [digest, alertId, before, named ? 1 : 0])) === 1;
      if (!forgotten) return false;
      for (const one of [digest, thumbnail]) {
        if (one === undefined) continue;
        const isNeeded = async () => (await redis.scard(keys.holders + one)) > 0;
        if (!(await isNeeded())) await files.removeUnless(one, isNeeded);
      }
      return true;
    },
  };
}

/** `sha256:…` of an event, and the 64 digits that name a file. */
export const digestOf = (hex: string) => PREFIX + hex;
export const hexOf = (digest: string) => digest.slice(PREFIX.length);
