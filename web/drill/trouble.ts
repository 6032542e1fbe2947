import { HttpError } from '../http/client.ts';

/** Why something cannot be shown: it is not for this screen, or in the server's words. */
export type Trouble = { forbidden: true } | { forbidden: false; detail: string };

export function troubleOf(error: unknown): Trouble {
  // 401 leads to the page where one signs in; until that is there, nothing is shown here either.
  if (error instanceof HttpError && (error.status === 403 || error.status === 401)) return { forbidden: true };
  return { forbidden: false, detail: error instanceof Error ? error.message : String(error) };
}
