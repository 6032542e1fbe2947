/** Letters written from right to left, and the characters that set the direction of what follows. */
const TURNS =
  /[\u0590-\u08FF\u200F\u202A-\u202E\u2066-\u2069\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

/**
 * A text from outside as it may stand beside others: one that is written from right to left, or that sets a direction,
 * is isolated as `<bdi>` would do it, so that it cannot turn round the words and figures around it. Works in texts
 * that are put together, in titles and on canvases, too. Texts without such letters come back as they are.
 */
export function isolate(text: string): string {
  if (!TURNS.test(text)) return text;
  // What ends an isolate inside the text would end ours.
  return `${FIRST_STRONG_ISOLATE}${text.replaceAll(POP_ISOLATE, '')}${POP_ISOLATE}`;
}

/** A name from outside as it may stand within a sentence that leaves the program: on one line, and isolated. */
export function inSentence(name: string): string {
  return isolate(name.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '));
}
