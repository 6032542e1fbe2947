import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertBrief } from '../../../../../contract/frame.ts';
import { parseRfc3339, toRfc3339 } from '../../../../../common/regionTime.ts';
import {
  AlarmQueue,
  CARD_MS,
  cardMs,
  LIST_ROWS,
  NEWS_MS,
  pageAt,
  PAGE_MS,
  pagesOf,
} from '../../../../../web/shell/alarm/alarmQueue.ts';
import { fixtureBrief, fixturePack } from '../../../../support/webFixtures.ts';

const NOW = Date.UTC(2026, 10, 21, 10);
const pack = fixturePack();
const at = (brief: AlertBrief) => parseRfc3339(brief.raisedAt)!;
const red = (i: number, change: Partial<AlertBrief> = {}): AlertBrief => ({
  ...fixtureBrief(i, pack, NOW),
  tier: 'red',
  alertId: `A${i}`,
  raisedAt: toRfc3339(NOW),
  workers: 10,
  amountFen: 100,
  ...change,
});

describe('the alarm queue', () => {
  it('shows one card at a time, ten seconds each', () => {
    const queue = new AlarmQueue();
    expect(queue.push([red(1)], NOW, at)).toBe(1);
    expect(queue.advance(NOW)).toMatchObject({ kind: 'single', brief: { alertId: 'A1' } });
    expect(queue.push([red(2)], NOW, at)).toBe(1);
    expect(queue.advance(NOW + CARD_MS - 1)).toBeUndefined();
    expect(queue.advance(NOW + CARD_MS)).toMatchObject({ brief: { alertId: 'A2' } });
    expect(queue.advance(NOW + 2 * CARD_MS)).toBeUndefined();
    expect(queue.current).toBeUndefined();
  });

  it('takes the same id of two districts for two alerts', () => {
    const queue = new AlarmQueue();
    expect(queue.push([red(1, { region: '330102' }), red(1, { region: '330110' })], NOW, at)).toBe(2);
    expect(queue.push([red(1, { region: '330110' })], NOW, at)).toBe(0);
    expect(queue.advance(NOW)).toMatchObject({
      kind: 'summary',
      briefs: [{ region: '330102' }, { region: '330110' }],
    });
  });

  it('lists all that came together by name: two, nine or a hundred', () => {
    for (const many of [2, 3, 9, 100]) {
      const queue = new AlarmQueue();
      queue.push([red(0)], NOW, at);
      expect(queue.advance(NOW)?.kind).toBe('single');
      const together = Array.from({ length: many }, (_, i) => red(i + 1));
      for (const brief of together) queue.push([brief], NOW, at);
      const card = queue.advance(NOW + CARD_MS)!;
      expect(card).toMatchObject({ kind: 'summary', count: many, workers: 10 * many, amountFen: 100 * many });
      expect(card.kind === 'summary' && card.briefs.map(({ alertId }) => alertId)).toEqual(
        together.map(({ alertId }) => alertId),
      );
      expect(queue.size).toBe(0);
    }
  });

  it('shows every page of a long list before it goes, and ten seconds at least', () => {
    const queue = new AlarmQueue();
    queue.push(
      Array.from({ length: LIST_ROWS * 2 + 1 }, (_, i) => red(i)),
      NOW,
      at,
    );
    const card = queue.advance(NOW)!;
    expect(pagesOf(card)).toBe(3);
    expect([0, PAGE_MS - 1, PAGE_MS, 2 * PAGE_MS, 9 * PAGE_MS].map((ms) => pageAt(card, NOW + ms))).toEqual([
      0, 0, 1, 2, 2,
    ]);
    expect(cardMs(card)).toBeGreaterThanOrEqual(3 * PAGE_MS);
    expect(queue.advance(NOW + cardMs(card) - 1)).toBeUndefined();
    expect(queue.current).toBe(card);
    expect(queue.advance(NOW + cardMs(card))).toBeUndefined();
    expect(queue.current).toBeUndefined();
    expect(cardMs({ kind: 'single', brief: red(1), since: NOW })).toBe(CARD_MS);
  });

  it('rings only for red, for news, and once', () => {
    const queue = new AlarmQueue();
    expect(queue.push([red(1, { tier: 'orange' })], NOW, at)).toBe(0);
    expect(queue.push([red(2, { raisedAt: toRfc3339(NOW - NEWS_MS) })], NOW, at)).toBe(0);
    expect(queue.push([red(3)], NOW, at)).toBe(1);
    expect(queue.push([red(3)], NOW, at)).toBe(0);
  });

  it('puts forward what somebody asked for, and puts it away by hand', () => {
    const queue = new AlarmQueue();
    queue.push([red(1)], NOW, at);
    queue.show(red(9, { tier: 'yellow' }), NOW);
    expect(queue.current).toMatchObject({ brief: { alertId: 'A9' } });
    queue.dismiss();
    expect(queue.advance(NOW + 1)).toMatchObject({ brief: { alertId: 'A1' } });
  });

  it('loses no alert and no worker, however they come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 30, size: 'max' }), (bursts) => {
        const queue = new AlarmQueue();
        let id = 0,
          shown = 0,
          workers = 0,
          time = NOW;
        const take = () => {
          const card = queue.advance(time);
          if (!card) return false;
          shown += card.kind === 'single' ? 1 : card.count;
          workers += card.kind === 'single' ? card.brief.workers : card.workers;
          return true;
        };
        for (const burst of bursts) {
          queue.push(
            Array.from({ length: burst }, () => red(id++)),
            NOW,
            at,
          );
          time += 10 * CARD_MS;
          take();
        }
        do time += 10 * CARD_MS;
        while (take());
        expect([shown, workers]).toEqual([id, id * 10]);
      }),
    );
  });
});
