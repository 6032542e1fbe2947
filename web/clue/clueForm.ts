import type { Clue } from '../../contract/clues.ts';
import type { Attachment } from '../../contract/events.ts';
import { INDUSTRIES, type Industry } from '../../contract/codes.ts';
import { MAX_STRING } from '../../contract/textLimits.ts';
import { fenOf, wholeOf } from '../shell/yuan.ts';

/** What somebody types who reports a clue, and what it comes to. The server checks again and has the last word. Pure. */

export interface ClueDraft {
  employer: string;
  /** The employer was taken from the register. */
  known: boolean;
  town: string;
  industry: string;
  text: string;
  workers: string;
  amount: string;
  /** WGS-84 degrees; `metres`: how exact the phone takes itself to be, without it the place was pressed on the map. */
  at?: { lng: number; lat: number; metres?: number };
  /** Pictures that are uploaded. */
  photos: readonly Attachment[];
}
export const EMPTY_CLUE: ClueDraft = {
  employer: '',
  known: false,
  town: '',
  industry: '',
  text: '',
  workers: '',
  amount: '',
  photos: [],
};
export type ClueField = 'employer' | 'town' | 'text' | 'workers' | 'amount' | 'photos';
/** A key of the texts below `desk.faults`. */
export type ClueFault = 'needed' | 'notWhole' | 'notYuan' | 'tooLong' | 'badFiles';

/** What is wrong with it, by field; empty where it can be sent. @param files those of the form, as they are now */
export function clueFaults(
  { employer, town, text, workers, amount }: ClueDraft,
  files: readonly { state: string }[] = [],
): Partial<Record<ClueField, ClueFault>> {
  const faults: Partial<Record<ClueField, ClueFault>> = {};
  const needed = { employer, town, text };
  for (const [name, typed] of Object.entries(needed) as [keyof typeof needed, string][]) {
    if (typed.trim() === '') faults[name] = 'needed';
    else if (typed.length > MAX_STRING) faults[name] = 'tooLong';
  }
  if (workers.trim() !== '' && wholeOf(workers) === undefined) faults.workers = 'notWhole';
  if (amount.trim() !== '' && fenOf(amount) === undefined) faults.amount = 'notYuan';
  if (files.some(({ state }) => state === 'failed')) faults.photos = 'badFiles';
  return faults;
}

/** What is sent for a draft without faults. */
export function clueOf({ employer, known, town, industry, text, workers, amount, at, photos }: ClueDraft): Clue {
  const [people, fen] = [wholeOf(workers), fenOf(amount)];
  return {
    enterprise: { name: employer.trim() },
    town,
    text: text.trim(),
    ...(!known && isIndustry(industry) ? { industry } : {}),
    ...(people === undefined ? {} : { workers: people }),
    ...(fen === undefined ? {} : { amountFen: fen }),
    // A browser tells positions in WGS-84, and so are the boundaries that a finger presses on.
    ...(at ? { location: { lng: at.lng, lat: at.lat, crs: 'WGS84' } } : {}),
    ...(photos.length ? { photos: photos.map(({ digest }) => digest) } : {}),
  };
}

const isIndustry = (code: string): code is Industry => (INDUSTRIES as readonly string[]).includes(code);

/** Where the server has found fault, as a field of the form. */
export function fieldOfFault(parameter: string | undefined): ClueField | 'place' | undefined {
  const [name] = parameter?.split(/[./]/).filter(Boolean) ?? [];
  if (name === 'enterprise') return 'employer';
  if (name === 'amountFen') return 'amount';
  if (name === 'location') return 'place';
  return name === 'town' || name === 'text' || name === 'workers' || name === 'photos' ? name : undefined;
}
