import { declareRegionKeys } from '../../platform/redis/keys.ts';

/** What the clock keeps of a region. */
export const clockKeys = declareRegionKeys('casework/clock', {
  /** Hash: `alerts` (last entry taken in of the feed), `since` (casework is on from then, epoch ms), `whole`, `rebuilding`, `number:YYYY` (last number of a letter). */
  state: 'clock:state',
  /** Hash alert id → what is known of an open case, and its rungs that are passed (case.ts). */
  cases: 'clock:cases',
  /** Stream of what people are told, oldest first; field `c`: an entry (contract/supervision.ts). */
  inbox: 'clock:inbox',
  /** Hash id → supervision (contract/supervision.ts). */
  supervisions: 'clock:supervisions',
  /** Sorted sets of their ids by state: drafts by when they were made, others by when they were decided. */
  drafts: 'clock:drafts',
  issued: 'clock:issued',
  dropped: 'clock:dropped',
  /** Fencing token of the clock that may speak. */
  lease: 'clock:lease',
  /** Counter from which its tokens come. */
  fence: 'clock:fence',
});
