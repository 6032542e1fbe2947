/** Money as people write it in a form. Pure. */

/**
 * Yuan as typed, in fen; undefined where it is no amount. No floats: `262.58 万` is not guessed at.
 * @returns a whole number of fen
 */
export function fenOf(typed: string): number | undefined {
  const text = typed.normalize('NFKC').replace(/[\s,¥元]/g, '');
  const match = /^(\d{1,10})(?:\.(\d{1,2}))?$/.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
}

/** A whole number as typed; undefined where it is none. */
export function wholeOf(typed: string): number | undefined {
  const text = typed.normalize('NFKC').replace(/[\s,人]/g, '');
  return /^\d{1,7}$/.test(text) ? Number(text) : undefined;
}
