/**
 * Whether anybody is said to be owed anything. A warning before that (rules raise it from signs) has neither people nor an
 * amount: "0 people, ¥0" would read as if nothing were wrong.
 */
export function isOwed({ workers, amountFen }: { workers: number; amountFen: number }): boolean {
  return workers > 0 || amountFen > 0;
}
