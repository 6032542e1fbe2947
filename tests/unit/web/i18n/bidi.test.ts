import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isolate } from '../../../../web/i18n/bidi.ts';
import { employerOf } from '../../../../web/shell/employer.ts';

describe('a text from outside', () => {
  it('stays as it is where it is written from left to right', () => {
    for (const text of ['某建筑公司', 'Ünïcödé Ltd. · 42', '工人阿依古丽', '', '𠮷野'])
      expect(isolate(text)).toBe(text);
  });

  it('is isolated where it could turn round what stands beside it', () => {
    for (const text of ['\u202Eمحمد', 'שלום', 'a\u200Fb', '\u2067x', '𞤀'])
      expect(isolate(text)).toBe(`\u2068${text}\u2069`);
    // The end of an isolate inside it does not end ours.
    expect(isolate('x\u2069\u202Ey')).toBe('\u2068x\u202Ey\u2069');
  });

  it('leaves as many isolates open as it found, whatever it is', () => {
    const odd = fc.string({
      unit: fc.constantFrom('a', '某', 'ש', '\u202A', '\u202E', '\u2066', '\u2067', '\u2069', '1'),
    });
    fc.assert(
      fc.property(odd, (text) => {
        const shown = isolate(text);
        // Every PDI after ours would be unmatched, so ours is the last, and the only one.
        if (shown !== text) expect([...shown].filter((one) => one === '\u2069')).toHaveLength(1);
        expect(shown.replace(/[\u2068\u2069]/g, '')).toBe(text.replace(/[\u2068\u2069]/g, ''));
      }),
    );
  });

  it('is isolated by itself in a line of two', () => {
    expect(employerOf({ enterprise: { name: 'שלום' }, project: { id: 'p', name: '某项目' } })).toBe(
      '\u2068שלום\u2069 · 某项目',
    );
  });
});
