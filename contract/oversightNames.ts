/** The codes of letters and of how units do. No schemas in this file, so that a page does not carry TypeBox. */

/** What was urged, and what was supervised. */
export const LETTER_KINDS = ['urged', 'supervised'] as const;
export type LetterKind = (typeof LETTER_KINDS)[number];
/** `overdue`: not answered, and its term to answer is past. `ended`: not answered, and there is nothing left to answer. */
export const LETTER_STATES = ['open', 'overdue', 'answered', 'ended'] as const;
export type LetterState = (typeof LETTER_STATES)[number];

/** The figures behind which there are cases. */
export const PERFORMANCE_FIGURES = [
  'received',
  'accepted',
  'acceptedLate',
  'handled',
  'handledLate',
  'audited',
  'returned',
  'recovered',
  'open',
  'overdue',
] as const;
export type PerformanceFigure = (typeof PERFORMANCE_FIGURES)[number];
/** The unit of what the pack does not name, in a query. */
export const OTHER_UNITS = 'other';
