import type { Boundaries } from '../../contract/boundaries.ts';
import { HttpError } from './client.ts';
import { reads } from './reads.ts';
import { untilRead } from './untilRead.ts';

/**
 * The drawn map of a region, read until it is there; undefined for a region that has none (404), and for somebody who must
 * sign in first (401), who is on the way there.
 * @throws HttpError for any other answer that is final
 */
export async function boundariesOf(region: string): Promise<Boundaries | undefined> {
  try {
    return await untilRead(() => reads.boundaries(region));
  } catch (error) {
    if (error instanceof HttpError && (error.status === 401 || error.status === 404)) return undefined;
    throw error;
  }
}
