import { FILE_TYPES, isPictureType } from '../../contract/attachmentLimits.ts';

/** What a file picker offers: types for browsers, extensions for those that know none of the types. */
export const PICKED_TYPES = Object.entries(FILE_TYPES)
  .flatMap(([type, extensions]) => [type, ...extensions.map((one) => `.${one}`)])
  .join(',');
export const PICTURE_TYPES = Object.keys(FILE_TYPES).filter(isPictureType).join(',');

/** The files that were dropped or pasted; none where it was something else, such as a text. */
export function filesIn(data: DataTransfer | null): File[] {
  return data ? Array.from(data.files) : [];
}
