import type { Channel, Industry, Tier } from '../../../contract/codes.ts';
import type { SubjectKind } from '../../../contract/signals.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import type { LngLat } from '../../../contract/frame.ts';
import type { Finding } from '../engine/subject.ts';

/** A subject in a list, with what was found of it. `changedAt` is 0 where nothing ever was. Times in epoch ms, money in fen. */
export interface SubjectItem extends Omit<Finding, 'version'> {
  key: SubjectKey;
  kind: SubjectKind;
  /** Of an employer its name, of a project the project's; the key's own text where nobody has said one. */
  name: string;
  /** Of a project that is registered: its general contractor. */
  contractor?: string | undefined;
  town?: string | undefined;
  industry?: Industry | undefined;
  location?: LngLat | undefined;
  registered: boolean;
  active: boolean;
}

export const SUBJECT_SORTS = ['score', 'changed', 'workers'] as const;
export type SubjectSort = (typeof SUBJECT_SORTS)[number];

/** What must hold: all that is given. */
export interface SubjectSelection {
  /** A town; undefined: the region. */
  town?: string | undefined;
  kind?: SubjectKind | undefined;
  tier?: Tier | undefined;
  watch?: boolean | undefined;
  /** Has points in it. */
  channel?: Channel | undefined;
  /** Has something that counts. */
  indicator?: string | undefined;
  /** Is in the name, the project's number or the credit code. */
  q?: string | undefined;
  /** H3 cell of the resolution of heat: its registration has a position in it. */
  cell?: string | undefined;
}

export interface SubjectQuery extends SubjectSelection {
  /** Greatest first; of equals by key. */
  sort: SubjectSort;
  /** The last one of the page before. */
  after?: { value: number; key: SubjectKey } | undefined;
  limit: number;
}

export interface SubjectPage {
  /** How many there are, on all pages. */
  total: number;
  items: SubjectItem[];
  /** Where the next page goes on; undefined on the last. */
  next?: { value: number; key: SubjectKey } | undefined;
}

/** Where a subject is, by its registration. */
export interface SubjectPlace {
  town?: string | undefined;
  location?: LngLat | undefined;
}
