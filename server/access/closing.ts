import type { Directory } from './directory.ts';
import { releaseName } from './names.ts';
import { EVERYBODY } from '../platform/http/principal.ts';
import { CLOSED_FIELD, type RecordKind } from './records.ts';
import type { Edit } from './store/accessStore.ts';

/** What was made by everybody, and went when the program was closed: `person 张三`. */
export type Dropped = string[];

export interface Closing {
  edits: Edit[];
  dropped: Dropped;
}

/**
 * Closes the program for good, because there is an admin from now on. What everybody made while it was open goes: people,
 * tokens and displays with their sessions and invitations, and other links for a first admin. While it was open, whoever
 * reached it could have made them.
 * @param keep what closes it, as `kind:id`
 * @returns nothing to do where the program is closed already
 */
export function closing(directory: Directory, keep: string): Closing {
  if (directory.closed) return { edits: [], dropped: [] };
  const edits: Edit[] = [];
  const dropped: Dropped = [];
  const gone = new Set<string>();
  for (const kind of ['person', 'token', 'display'] as const) {
    for (const [id, { name, createdBy }] of directory.list(kind)) {
      const credential = `${kind}:${id}`;
      if (createdBy !== EVERYBODY.name || credential === keep) continue;
      gone.add(credential);
      dropped.push(`${kind} ${name}`);
      edits.push(directory.edit(kind, id, undefined), releaseName(kind, name));
    }
  }
  const drop = (kind: RecordKind, id: string) => edits.push(directory.edit(kind, id, undefined));
  for (const [id, { person, token }] of directory.list('session'))
    if (gone.has(`person:${person}`) || (token !== undefined && gone.has(token))) drop('session', id);
  for (const [id, { person }] of directory.list('invite'))
    if (person === undefined || gone.has(`person:${person}`)) drop('invite', id);
  return { edits: [...edits, { field: CLOSED_FIELD, to: '1' }], dropped };
}
