/** Which alerts count: by what they are now, or by what happened to them in the window. */
export const FIGURES = [
  'open',
  'overdue',
  'dueToday',
  'raised',
  'successRate',
  'recoveredFen',
  'recoveredWorkers',
  'enterprisesPaid',
  'closed',
  'all',
] as const;
export type Figure = (typeof FIGURES)[number];
