import { describe, expect, it } from 'vitest';
import { pageOf, turned, turnOfKey, turnOfSwipe } from '../../../../web/briefing/turning.ts';

describe('pages turn', () => {
  it.each([
    ['ArrowRight', 0, 1],
    ['PageDown', 3, 4],
    [' ', 8, 8],
    ['ArrowLeft', 0, 0],
    ['PageUp', 4, 3],
    ['Home', 5, 0],
    ['End', 2, 8],
  ])('%s on page %s of nine', (key, from, to) => {
    expect(turned(from, turnOfKey(key)!, 9)).toBe(to);
  });

  it('by a finger that goes across, not by one that scrolls or taps', () => {
    expect(turnOfSwipe(-120, 20)).toBe('next');
    expect(turnOfSwipe(120, -20)).toBe('back');
    expect(turnOfSwipe(-60, 80)).toBeUndefined();
    expect(turnOfSwipe(-10, 0)).toBeUndefined();
    expect(turnOfKey('x')).toBeUndefined();
  });

  it('to the page that a URL names, within those there are', () => {
    expect(['1', '3', '9', '0', '-1', '99', 'x', undefined, ['2']].map((text) => pageOf(text, 5))).toEqual([
      0, 2, 4, 0, 0, 4, 0, 0, 0,
    ]);
    expect(pageOf('3', 0)).toBe(0);
  });
});
