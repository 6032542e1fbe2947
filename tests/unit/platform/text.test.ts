import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textOf } from '../../../server/platform/text.ts';

/** Long enough for the quick way. */
const LONG = 600;

describe('the text of bytes', () => {
  it('is what V8 reads, for texts of every kind', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        const bytes = Buffer.from(text);
        const long = Buffer.concat(Array.from({ length: Math.ceil(LONG / (bytes.length || 1)) }, () => bytes));
        for (const one of [bytes, long]) expect(textOf(one)).toBe(one.toString('utf8'));
      }),
    );
  });

  it('is what V8 reads, for bytes that are no UTF-8', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: LONG, maxLength: LONG + 50 }), (given) => {
        const bytes = Buffer.from(given);
        expect(textOf(bytes)).toBe(bytes.toString('utf8'));
      }),
    );
  });

  it('keeps a byte order mark, and characters beyond the first plane', () => {
    const text = `\uFEFF${'某😀'.repeat(LONG)}`;
    expect(textOf(Buffer.from(text))).toBe(text);
  });
});
