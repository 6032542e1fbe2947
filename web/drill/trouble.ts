import { HttpError } from '../http/client.ts';

/** Why something cannot be shown: it is not for this screen, or in the server's words; without any where no answer came. */
export type Trouble = { forbidden: true } | { forbidden: false; detail: string | undefined };

export function troubleOf(error: unknown): Trouble {
  // 401 leads to the page where one signs in; until that is there, nothing is shown here either.
  if (error instanceof HttpError && (error.status === 403 || error.status === 401)) return { forbidden: true };
  // What the browser says of a lost network is in no language of the page.
  if (error instanceof HttpError && error.status === 0) return { forbidden: false, detail: undefined };
  return { forbidden: false, detail: error instanceof Error ? error.message : String(error) };
}
