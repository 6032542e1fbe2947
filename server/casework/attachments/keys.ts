import { declareRegionKeys } from '../../platform/redis/keys.ts';

export const caseFileKeys = declareRegionKeys('casework/attachments', {
  /** Prefix of the files of an alert, whose id follows: hash digest → what is known of the file (JSON, attachmentStore.ts). */
  files: 'case-files:',
  /** Prefix of the alerts that have a file, whose digest follows: a set of ids. */
  holders: 'case-file-holders:',
  /** Sorted set of uploads that nothing may have named yet: `<digest> <alertId>`, by when that was last so (epoch ms). */
  waiting: 'case-files-waiting',
});
