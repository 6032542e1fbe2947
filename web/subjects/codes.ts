import type { SubjectKind } from '../../contract/signals.ts';
import type { LapsedReason, SubjectSort } from '../../contract/subjects.ts';

/** Codes of the contract as lists, so that the pages carry no schemas. */

const listOf = <T extends string>(all: Record<T, true>) => Object.keys(all) as T[];
export const SUBJECT_KINDS = listOf<SubjectKind>({ enterprise: true, project: true });
export const SUBJECT_SORTS = listOf<SubjectSort>({ score: true, changed: true, workers: true });
export const LAPSED_REASONS = listOf<LapsedReason>({
  settled: true,
  expired: true,
  over: true,
  replaced: true,
  unused: true,
});
