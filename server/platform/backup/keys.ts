import type { RedisClient } from '../redis/connect.ts';

/**
 * What a feature keeps in Redis, for `npm run backup` and `npm run restore`. Keys are told by their hash tag, such as
 * `330110` of `{330110}:events`. Several features may keep keys of one tag. (Files are copied whatever they are: all of
 * DATA_DIR but the embedded Redis, and all of FILES_DIR, except files that hold a secret.)
 */
export interface BackupKeys {
  /** Whether the keys of a hash tag are to be copied. */
  owns(tag: string): boolean;
  /**
   * Keys that must be read at one moment, as they are written together. What is in a stream by then is copied
   * afterwards: its entries must only be appended, or removed for good.
   */
  together?(tag: string): { hashes?: string[]; strings?: string[]; streams?: string[] };
  /** Keeps everybody from writing what would not fit together while `work` runs; throws if that did not come off. */
  whileQuiet?<T>(redis: RedisClient, tags: readonly string[], work: () => Promise<T>): Promise<T>;
}

/** The hash tag of a key, if it begins with one. */
export function tagOf(key: string): string | undefined {
  return /^\{([^{}]+)\}/.exec(key)?.[1];
}
