import type { CluePhoto } from '../../../contract/attachments.ts';
import { DAY_MS } from '../../../common/regionTime.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript } from '../../platform/redis/script.ts';
import {
  createAttachmentStore,
  digestOf,
  hexOf,
  type AttachmentStore,
  type FileRecord,
  type FilesOf,
} from '../attachments/attachmentStore.ts';
import { UNNAMED_MS } from '../attachments/sweep.ts';
import { cluePhotoKeys } from './keys.ts';

const move = loadScript('server/casework/clues/scripts/move.lua');

/** Pictures that somebody has uploaded and not named yet: of ten clues. */
const MAX_UNNAMED = 50;
/** Observations are kept for 400 days (signals §3), and what is seen through them a day longer. */
const KEPT_MS = 401 * DAY_MS;
const PHOTOS: FilesOf = {
  keys: cluePhotoKeys,
  folder: 'clues',
  most: MAX_UNNAMED,
  full: `you have uploaded ${MAX_UNNAMED} pictures that no clue has named yet: report those first, or wait a day`,
};

/** What is known of a picture of a clue: the clue itself names nobody, and an observation has no field for it. */
export interface PhotoRecord extends FileRecord {
  town: string;
  /** Id of whoever reported it. */
  by: string;
  /** Which of the clue's pictures it is, from 0. */
  order: number;
}

/** The pictures of a region's clues. Before a clue names them they are their uploader's. */
export interface PhotoStore {
  /** By clue or, under `uploaderOf`, by who has uploaded them. */
  readonly held: AttachmentStore;
  /**
   * Gives a clue the pictures that it names. The same again does nothing again.
   * @param named digests, in order
   * @returns the first of them that whoever reports it has not uploaded, in place of nothing
   */
  name(
    clue: { id: string; town: string; by: string },
    named: readonly string[],
    now: number,
  ): Promise<{ unknown: string } | undefined>;
  /** A clue that was not taken has no pictures: they are their uploader's again. */
  giveBack(clue: { id: string; by: string }, named: readonly string[], now: number): Promise<void>;
  /** A picture that somebody has uploaded and no clue has named yet. @param by the id of a person or token */
  unnamed(by: string, digest: string): Promise<FileRecord | undefined>;
  /** A clue's picture; undefined where it has none of this digest, and where the id is that of no clue. */
  photo(clue: string, digest: string): Promise<PhotoRecord | undefined>;
  /** Of those clues that have pictures, these, in the order in which they were named, with the clue's town. */
  photosOf(clues: readonly string[]): Promise<Map<string, { town: string; photos: CluePhoto[] }>>;
}

/** How an uploader is called where clues are: the id of a clue begins otherwise (`act-…`). @param actor the id of a person or token */
export const uploaderOf = (actor: string) => `by:${actor}`;

/** @param filesDir `FILES_DIR` */
export function createPhotoStore(redis: RedisClient, filesDir: string, region: string): PhotoStore {
  const held = createAttachmentStore(redis, filesDir, region, PHOTOS);
  const keys = cluePhotoKeys(region);

  /** @returns which of them neither has, from 1; 0: they are there */
  async function moved(
    [from, to]: readonly [string, string],
    pictures: readonly { digest: string; record: FileRecord }[],
    endsAt: number,
  ): Promise<number> {
    const holders = pictures.flatMap(({ digest, record }) => [
      keys.holders + digest,
      keys.holders + (record.thumbnail ?? digest),
    ]);
    return (await runScript(
      redis,
      move,
      [keys.files + from, keys.files + to, keys.waiting, ...holders],
      [from, to, endsAt, ...pictures.flatMap(({ digest, record }) => [digest, JSON.stringify(record)])],
    )) as number;
  }

  return {
    held,
    async name({ id, town, by }, named, now) {
      const from = uploaderOf(by);
      const pictures: { digest: string; record: FileRecord }[] = [];
      for (const [order, name] of named.entries()) {
        const digest = hexOf(name);
        const found = (await held.record(id, digest)) ?? (await held.record(from, digest));
        // Noted first, then kept: a process may have ended in between.
        if (!found || !(await held.files.find(digest))) return { unknown: name };
        const record: PhotoRecord = { ...found, town, by, order };
        pictures.push({ digest, record });
      }
      const missing = await moved([from, id], pictures, now + KEPT_MS - UNNAMED_MS);
      return missing === 0 ? undefined : { unknown: named[missing - 1]! };
    },
    async giveBack({ id, by }, named, now) {
      const pictures: { digest: string; record: FileRecord }[] = [];
      for (const digest of named.map(hexOf)) {
        const found = await held.record(id, digest);
        if (!found) continue;
        const { name, type, bytes, thumbnail } = found;
        pictures.push({ digest, record: { name, type, bytes, ...(thumbnail === undefined ? {} : { thumbnail }) } });
      }
      if (pictures.length > 0) await moved([id, uploaderOf(by)], pictures, now);
    },
    unnamed: (by, digest) => held.record(uploaderOf(by), digest),
    async photo(clue, digest) {
      const found = (await held.record(clue, digest)) as PhotoRecord | FileRecord | undefined;
      // What waits under the name of an uploader is nobody else's, whoever asks by that name.
      return found && 'by' in found ? found : undefined;
    },
    async photosOf(clues) {
      const found = new Map<string, { town: string; photos: CluePhoto[] }>();
      if (clues.length === 0) return found;
      const asked = redis.pipeline();
      for (const clue of clues) asked.hgetall(keys.files + clue);
      const answers = (await asked.exec()) ?? [];
      for (const [i, [error, records]] of answers.entries()) {
        if (error) throw error;
        const all = Object.entries(records as Record<string, string>)
          .map(([digest, text]) => ({ digest: digestOf(digest), ...(JSON.parse(text) as PhotoRecord) }))
          .sort((a, b) => a.order - b.order);
        const photos = all.map(({ digest, name, type, bytes }) => ({ digest, name, type, bytes }));
        if (all[0]) found.set(clues[i]!, { town: all[0].town, photos });
      }
      return found;
    },
  };
}
