import { declareRegionKeys } from '../../platform/redis/keys.ts';

export const cluePhotoKeys = declareRegionKeys('casework/clues', {
  /** Prefix of the pictures of a clue, whose id follows, or of an uploader (photoStore.ts): hash digest → what is known of the picture (JSON). */
  files: 'clue-photos:',
  /** Prefix of the clues and uploaders that have a picture, whose digest follows: a set. */
  holders: 'clue-photo-holders:',
  /** Sorted set of pictures that have an end: `<digest> <clue or uploader>`, by a day before it (epoch ms). */
  waiting: 'clue-photos-waiting',
});
