/**
 * A mark says that an alert is full: for one source, or for all where none is named. Counting makes them, the way in reads
 * them. In Redis each is a member of a sorted set, in the order in which they were made.
 */
export interface FullMark {
  alertId: string;
  source?: string;
}

export function encodeMark({ alertId, source }: FullMark): string {
  return JSON.stringify(source === undefined ? [alertId] : [alertId, source]);
}

/** @throws SyntaxError if the text is no mark */
export function decodeMark(text: string): FullMark {
  const [alertId, source] = JSON.parse(text) as [string, string?];
  return source === undefined ? { alertId } : { alertId, source };
}
