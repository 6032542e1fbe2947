import { declareRegionKeys } from '../../platform/redis/keys.ts';

export const deskKeys = declareRegionKeys('casework/desk', {
  /** Prefix of the locks (scripts/begin.lua); what is locked follows: `alert:` and an id, or `employer:` and a digest. */
  busy: 'desk-busy:',
  /** Prefix of the alerts that were raised by hand last, by digest of the employer: lists of other processes may not have them yet. */
  latest: 'desk-latest:',
  /** Prefix of the counters of alerts raised by hand; the year follows. */
  numbers: 'desk-numbers:',
  /** Prefix of the ids that were given to events that raise; the id of the event follows. */
  given: 'desk-given:',
  /** Prefix of the answers that are kept for who asks the same again; a digest of who asks and of their key follows. */
  answers: 'desk-answers:',
});
