import { Type, type Static } from 'typebox';
import { AttachmentSchema, Timestamp } from './events.ts';

/** Files of cases (docs/casework.md §2): what an upload is answered with, and what the detail of an alert lists. */

const DIGEST = '^sha256:[0-9a-f]{64}$';
/** How an action names a file that was uploaded in its case. */
export const FileDigest = Type.String({ pattern: DIGEST, maxLength: 71, description: 'as its upload was answered' });

/** A picture of a clue: as its upload was answered, and as it is listed with its observation. */
export const CluePhotoSchema = Type.Object(AttachmentSchema.properties);
export type CluePhoto = Static<typeof CluePhotoSchema>;

/** A file of an alert, with the event that names it last. */
export const CaseFileSchema = Type.Object({
  ...AttachmentSchema.properties,
  at: Timestamp,
  /** Who attached it, where that was done here. */
  actor: Type.Optional(Type.String()),
  /** Whether the file itself is kept here: of what a platform names, the digest alone is known. */
  here: Type.Boolean(),
});
export type CaseFile = Static<typeof CaseFileSchema>;
