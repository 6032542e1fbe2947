/**
 * Texts as the bytes of their UTF-8, one character a byte (0 … 255). A long text that is put together from many pieces is then made of
 * narrow strings, also where people and firms have Chinese names, and is written to the wire as it stands (`latin1`). Needs Node (`Buffer`).
 */
export function utf8(text: string): string {
  return Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString('latin1');
}

/** The JSON of a text, as `utf8` has it. Most need no escapes, and looking is quicker than `JSON.stringify`. */
export function quotedUtf8(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 32 || code === 34 || code === 92 || code > 126) return utf8(JSON.stringify(text));
  }
  return `"${text}"`;
}
