import { declareRegionKeys } from '../../platform/redis/keys.ts';

/** What the engine keeps of a region. All of it but the rule versions is removed by a rebuild. */
export const engineKeys = declareRegionKeys('signals/engine', {
  /** Hash key → subject (subjectCodec.ts). */
  subjects: 'signals:subjects',
  /** List of the words that stand for numbers (words.ts), in order. */
  words: 'signals:words',
  /** Hash alert id → key of the subject that its facts name. */
  alerts: 'signals:alerts',
  /** Prefix of the hashes of digests of observations; generation and bucket follow (digests.ts). */
  seen: 'signals:seen:',
  /** Prefix of the lists of blocks of observations as they came (rawBlock.ts); the day of receipt follows. */
  raw: 'signals:raw:',
  /** Hash channel and source → how it has spoken (sourceBook.ts). */
  sources: 'signals:sources',
  /** Stream of what has changed, the feed that every serving process follows; fields `c` (subjectChange.ts) and `p`, the id of the entry before. */
  changes: 'signals:changes',
  /** Fencing token of the engine that may decide. */
  lease: 'signals:lease',
  /** Counter from which its tokens come. */
  fence: 'signals:fence',
});
