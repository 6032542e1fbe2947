import { parseRfc3339 } from '../../common/regionTime.ts';

/** Epoch ms of a timestamp of the contract; NaN if it is none, which formats as absent rather than as 1970. */
export function instant(text: string): number {
  return parseRfc3339(text) ?? Number.NaN;
}
