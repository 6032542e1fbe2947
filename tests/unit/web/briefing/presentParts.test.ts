import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIVE_ID_PATTERN, liveId, liveOf } from '../../../../contract/liveBriefing.ts';
import { untilNext } from '../../../../web/briefing/untilNext.ts';
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

describe('a briefing of now', () => {
  it('is named by what it is of, and nothing else is', () => {
    for (const one of [
      { scope: '330110', window: 'week', deck: 'weekly' },
      { scope: '330110010', window: '24h', deck: 'own-330110-0f3a5c7e9b1d' },
    ] as const) {
      expect(liveOf(liveId(one))).toEqual(one);
      expect(liveId(one)).toMatch(new RegExp(LIVE_ID_PATTERN));
    }
    for (const id of [
      '330110-0f3a5c7e9b1d2f4a6c',
      'live-330110-2d-weekly',
      'live-33-week-weekly',
      'live-330110-week-',
      '',
    ])
      expect(liveOf(id), id).toBe(undefined);
  });
  it('is read together with others soon after the next stretch of the clock begins', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (now) => {
        const at = now + untilNext(now);
        expect(Math.floor(at / 10_000)).toBe(Math.floor(now / 10_000) + 1);
        expect(at % 10_000).toBeLessThan(300);
      }),
    );
    expect(untilNext(undefined)).toBe(10_000);
  });
});

describe('a link', () => {
  it('leads to the page, and carries nothing of this screen', () => {
    expect(shareLinks('330110-x', 3, { page: '1', theme: 'night', present: 'on' }, 'https://w.example.cn')).toEqual({
      page: 'https://w.example.cn/briefing/330110-x?page=3',
      follow: 'https://w.example.cn/briefing/330110-x?follow=on',
    });
    expect(
      shareLinks(undefined, 2, { scope: '330110', window: 'week', deck: 'weekly', lang: 'en' }, 'http://w'),
    ).toEqual({
      page: 'http://w/briefing/live?scope=330110&window=week&deck=weekly&page=2',
      follow: 'http://w/briefing/live?scope=330110&window=week&deck=weekly&follow=on',
    });
  });
});
