import { declareRegionKeys } from '../../platform/redis/keys.ts';

export const CONNECTORS_TAG = 'connectors';
/** Hash `region platform` → connector as JSON, without its secret. */
export const SETTINGS_KEY = `{${CONNECTORS_TAG}}:settings`;
/**
 * Before `region platform`, expires: that of a demonstration is played, `on`, or was until its program was stopped, `ended`.
 * Without it whoever played it is gone.
 */
export const PLAYED_KEY = `{${CONNECTORS_TAG}}:played:`;
/** Hash `region platform` → its secrets as JSON. Of a tag that no backup copies: they are there in clear. */
export const SECRETS_KEY = '{connector-secrets}:secrets';

export const deliveryKeys = declareRegionKeys('casework/connectors', {
  /** Prefix of the hashes entry → tries as JSON (courier.ts); the platform follows. */
  tries: 'tries:',
  /** Prefix of the hashes entry → failure as JSON. */
  failed: 'failed:',
  /** Prefix of the sorted sets of those entries, all of score 0: in the order in which they were put into the outbox. */
  failedOrder: 'failed-order:',
  /** Hash alertId → how its latest events came to their platforms, newest first, as JSON. */
  deliveries: 'deliveries',
  /** Hash of where messages to people stand: `position`, the entry of the inbox up to which all were taken in. */
  messages: 'messages',
  /** Hash entry of the inbox → the entry as JSON: taken in, and waiting for others to the same recipient or for the end of quiet hours. */
  heldEntries: 'messages:held',
  /** Set of `report recipient`: what has been put into the outbox of messages. */
  toldReports: 'messages:reports',
});
