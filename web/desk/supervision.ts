import { LETTER_STATES, type LetterState } from '../../contract/oversightNames.ts';
import type { Supervision } from '../../contract/supervision.ts';
import type { SupervisionLevel } from '../../contract/codes.ts';
import type { AccessRole } from '../../contract/roles.ts';

/** The lists of the page of supervisions, and what is typed about a draft. Pure. */

export const SUPERVISION_LISTS = ['drafts', 'open', 'overdue', 'answered', 'ended'] as const;
export type SupervisionList = (typeof SUPERVISION_LISTS)[number];

/** Drafts are put before leaders alone. */
export function supervisionListsOf(role: AccessRole): readonly SupervisionList[] {
  return role === 'leader' || role === 'admin' ? SUPERVISION_LISTS : LETTER_STATES;
}

export interface LetterFilter {
  unit: string;
  /** A level, `urged` for what was urged, '' for all. */
  level: SupervisionLevel | 'urged' | '';
}

/** The query of `GET /api/v1/letters` for a list. */
export function letterParams(scope: string, state: LetterState, { unit, level }: LetterFilter): URLSearchParams {
  const params = new URLSearchParams({ scope, state });
  if (unit) params.set('unit', unit);
  if (level === 'urged') params.set('kind', 'urged');
  else if (level) params.set('level', level);
  return params;
}

/** What a leader has typed about a draft. */
export interface TypedDecision {
  level: SupervisionLevel;
  text: string;
  /** As the form has it. */
  dueAt: string;
  reason: string;
}

/** A draft as its form begins. */
export function typedOf({ level, text }: Pick<Supervision, 'level' | 'text'>): TypedDecision {
  return { level, text: text['zh-CN'], dueAt: '', reason: '' };
}
