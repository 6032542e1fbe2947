import { AccessError } from './accessError.ts';
import type { Directory } from './directory.ts';
import { EVERYBODY } from '../platform/http/principal.ts';
import { nameField, plainName, type RecordKind } from './records.ts';
import type { Edit } from './store/accessStore.ts';

/** A name as it is kept and shown. @throws AccessError 400 */
export function tidyName(name: string): string {
  const kept = name.normalize('NFC').replace(/\s+/gu, ' ').trim();
  if (!kept || /[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/u.test(kept))
    throw new AccessError(400, 'a name needs at least one letter, and no invisible ones', { parameter: 'name' });
  // What everybody made while the program was open is found by that name, and goes when it is closed.
  if (plainName(kept) === EVERYBODY.name)
    throw new AccessError(400, `"${kept}" stands for whoever has not signed in: choose another name`, {
      parameter: 'name',
    });
  return kept;
}

/** The edit that makes a name one record's alone. @throws AccessError 409 when another has it */
export function takeName(directory: Directory, kind: RecordKind, name: string, id: string): Edit {
  const field = nameField(kind, name);
  const holder = directory.field(field);
  if (holder !== undefined && holder !== id)
    throw new AccessError(409, `a ${kind} of that name is there already`, { parameter: 'name' });
  return { field, to: id };
}

export function releaseName(kind: RecordKind, name: string): Edit {
  return { field: nameField(kind, name), to: undefined };
}

/** The edits of names when a record is called something else. @throws AccessError 409 */
export function rename(directory: Directory, kind: RecordKind, id: string, before: string, after: string): Edit[] {
  if (nameField(kind, after) === nameField(kind, before)) return [];
  return [takeName(directory, kind, after, id), releaseName(kind, before)];
}
