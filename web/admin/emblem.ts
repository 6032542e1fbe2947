import { EMBLEM_LIMIT, EMBLEM_TYPES } from '../../contract/siteLimits.ts';

/** A picture as the server keeps it; undefined for one that is too large or of another kind. */
export async function readEmblem(file: File): Promise<string | undefined> {
  if (!EMBLEM_TYPES.includes(file.type) || file.size > EMBLEM_LIMIT) return undefined;
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      resolve(reader.result as string);
    };
    reader.onerror = () => {
      reject(reader.error ?? new Error('the picture could not be read'));
    };
    reader.readAsDataURL(file);
  });
}
