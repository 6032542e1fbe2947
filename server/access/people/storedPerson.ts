import { AccessError } from '../accessError.ts';
import type { Directory } from '../directory.ts';
import type { PersonRecord } from '../records.ts';

/** @throws AccessError 404 */
export function storedPerson(directory: Directory, id: string): PersonRecord {
  const found = directory.get('person', id);
  if (!found) throw new AccessError(404, 'there is nobody of that id', { parameter: 'id' });
  return found;
}
