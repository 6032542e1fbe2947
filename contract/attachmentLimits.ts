/** Limits of attachments, and what they may be (docs/casework.md §2). No schemas here, so that a page does not carry TypeBox. */

/** Of one event, whoever sends it. */
export const MAX_ATTACHMENTS = 20;
/** Files that one action names. */
export const MAX_GIVEN_FILES = 10;
/** Pictures that one clue carries. */
export const MAX_CLUE_PHOTOS = 5;
export const MAX_ATTACHMENT_BYTES = 20 * 1024 * 1024;
export const MAX_FILE_NAME = 200;
/** A picture of more is not opened. */
export const MAX_PICTURE_PIXELS = 50_000_000;
/** The longer side of a thumbnail. */
export const THUMBNAIL_PX = 320;

/** What is taken, by media type; told from the content alone. The first extension is the one that a name gets. */
export const FILE_TYPES = {
  'image/jpeg': ['jpg', 'jpeg'],
  'image/png': ['png'],
  'image/webp': ['webp'],
  'application/pdf': ['pdf'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['xlsx'],
} as const satisfies Record<string, readonly string[]>;
export type FileType = keyof typeof FILE_TYPES;

export const isPictureType = (type: string): boolean => type.startsWith('image/');

/** Why a file is not taken: the `rule` of the answer `422`. */
export const FILE_RULES = [
  'file-empty',
  'file-type',
  'file-damaged',
  'file-pixels',
  'file-macros',
  'file-locked',
  'file-bomb',
  'file-name',
  'file-count',
] as const;
export type FileRule = (typeof FILE_RULES)[number];
