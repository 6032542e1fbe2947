import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockText } from '../../../../web/briefing/present/clockText.ts';
import { shareLinks } from '../../../../web/briefing/present/shareLinks.ts';
import { pageAt } from '../../../../web/briefing/present/turningPages.ts';

it.each([
  [undefined, '--:--'],
  [0, '00:00'],
  [59_999, '00:59'],
  [725_000, '12:05'],
  [3_725_000, '1:02:05'],
])('a time of %s ms is told as %s', (ms, text) => {
  expect(clockText(ms)).toBe(text);
});

describe('a display', () => {
  it('turns one page after the other by the clock, each as long as the others', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: 5, max: 3_600 }),
        fc.integer({ min: 1, max: 9 }),
        (now, seconds, pages) => {
          const page = pageAt(now, seconds, pages);
          expect(page).toBeGreaterThanOrEqual(0);
          expect(page).toBeLessThan(pages);
          expect(pageAt(now + seconds * 1_000, seconds, pages)).toBe((page + 1) % pages);
        },
      ),
    );
    expect([pageAt(undefined, 20, 3), pageAt(1e12, 20, 0)]).toEqual([0, 0]);
  });
});

describe('a link', () => {
  it('leads to the page, and carries nothing of this screen', () => {
    expect(shareLinks('330110-x', 3, { page: '1', theme: 'night', present: 'on' }, 'https://w.example.cn')).toEqual({
      page: 'https://w.example.cn/briefing/330110-x?page=3',
      follow: 'https://w.example.cn/briefing/330110-x?follow=on',
    });
    expect(
      shareLinks(undefined, 2, { scope: '330110', window: 'week', deck: 'weekly', lang: 'en' }, 'http://w').page,
    ).toBe('http://w/briefing/live?scope=330110&window=week&deck=weekly&page=2');
  });
});
