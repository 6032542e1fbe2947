import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../../common/regionTime.ts';
import { termWords } from '../../../../web/shell/termWords.ts';

const DUE = Date.parse('2026-11-18T15:30:00+08:00');
const SECOND = 1_000;

describe('what is said of a term', () => {
  it('stays the same until the next minute begins, and is never told in seconds', () => {
    const at = (ms: number) => termWords(DUE, DUE + ms, 'zh-CN');
    expect(at(-3 * HOUR_MS - 20 * MINUTE_MS)).toEqual({ late: false, time: '3 小时 20 分' });
    expect(at(-2 * MINUTE_MS)).toEqual({ late: false, time: '2 分' });
    expect(at(-2 * MINUTE_MS + 59 * SECOND)).toEqual({ late: false, time: '2 分' });
    expect(at(0)).toEqual({ late: false, time: '不足 1 分' });
    expect(at(20 * SECOND)).toEqual({ late: true, time: '不足 1 分' });
    expect(at(59 * SECOND)).toEqual({ late: true, time: '不足 1 分' });
    expect(at(61 * SECOND)).toEqual({ late: true, time: '1 分' });
    expect(termWords(DUE, DUE + 30 * HOUR_MS, 'en')).toEqual({ late: true, time: '1 d 6 h' });
  });

  it('counts a term that ends within a minute from the minute that has begun', () => {
    const due = DUE + 40 * SECOND;
    expect(termWords(due, DUE + 10 * SECOND, 'en')).toEqual({ late: false, time: 'under 1 min' });
    expect(termWords(due, DUE + 50 * SECOND, 'en')).toEqual({ late: true, time: 'under 1 min' });
    expect(termWords(due, DUE + 70 * SECOND, 'en')).toEqual({ late: true, time: 'under 1 min' });
    expect(termWords(due, DUE + 130 * SECOND, 'en')).toEqual({ late: true, time: '1 min' });
  });
});
