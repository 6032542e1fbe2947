import { SIGNAL_EVENT_TYPES } from '../../../contract/codes.ts';
import type { DeadLetter } from '../../../contract/rest.ts';
import type { DeadLetterStore } from './deadLetterStore.ts';

/** Dead letters that are looked at, newest first, in parts. */
const LOOKED_AT = 1_000;
const PART = 200;

/** Of one source: rejected registrations and observations. */
export interface Rejected {
  count: number;
  /** RFC 3339. */
  lastAt: string;
}

/** What was rejected of each source of registrations and observations of a region, among the newest dead letters. */
export async function rejectedSignals(letters: DeadLetterStore, region: string): Promise<Record<string, Rejected>> {
  const found = new Map<string, Rejected>();
  let after: string | undefined;
  for (let looked = 0; looked < LOOKED_AT; looked += PART) {
    const page = await letters.page(PART, after);
    for (const letter of page.letters) {
      const source = sourceOf(letter, region);
      if (source === undefined) continue;
      const known = found.get(source);
      if (known) known.count++;
      else found.set(source, { count: 1, lastAt: letter.at });
    }
    after = page.next;
    if (after === undefined) break;
  }
  return Object.fromEntries(found);
}

/** The source of a letter that holds a registration or an observation of the region. */
function sourceOf({ source, body, truncated }: DeadLetter, region: string): string | undefined {
  if (source === undefined || truncated) return undefined;
  try {
    const { type, data } = JSON.parse(body) as { type?: unknown; data?: { region?: unknown } };
    return SIGNAL_EVENT_TYPES.some((one) => one === type) && data?.region === region ? source : undefined;
  } catch {
    // No JSON: nobody knows what it was about.
    return undefined;
  }
}
