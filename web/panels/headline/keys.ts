/** The six figures, in places that never change: three of now, three of the window. */
export const HEADLINES = ['open', 'dueToday', 'overdue', 'raised', 'successRate', 'recoveredFen'] as const;
export type HeadlineKey = (typeof HEADLINES)[number];
