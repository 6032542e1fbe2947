import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  age,
  count,
  date,
  dateWithWeekday,
  decimal,
  duration,
  join,
  money,
  moneyFigure,
  dayTime,
  monthDayTime,
  percent,
  shortCount,
  term,
  time,
  wait,
  yearMonth,
} from '../../../../web/i18n/format.ts';

const NOW = Date.UTC(2026, 10, 21, 10, 24, 7);

describe('money', () => {
  it.each([
    [0, '0 元', '¥0'],
    [99, '0.99 元', '¥0.99'],
    [850_000, '8,500 元', '¥8,500'],
    [999_999, '9,999.99 元', '¥9,999.99'],
    [1_000_000, '1.00 万元', '¥10.0 K'],
    [216_530_000, '216.53 万元', '¥2.17 M'],
    [99_999_999_99, '1.00 亿元', '¥100.00 M'],
    [123_456_789_00, '1.23 亿元', '¥123.46 M'],
    [-216_530_000, '-216.53 万元', '¥-2.17 M'],
  ])('%d fen', (fen, zh, en) => {
    expect(money(fen, 'zh-CN')).toBe(zh);
    expect(money(fen, 'en')).toBe(en);
  });

  it('is never off by more than half of the last digit shown, at any size', () => {
    const size: Record<string, number> = { 元: 100, 万元: 1e6, 亿元: 1e10, '': 100, K: 1e5, M: 1e8, B: 1e11 };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9e15 }), fc.constantFrom('zh-CN' as const, 'en' as const), (fen, lang) => {
        const figure = moneyFigure(fen, lang);
        const digits = figure.value.split('.')[1]?.length ?? 0;
        const shown = Number(figure.value.replaceAll(',', '')) * size[figure.unit]!;
        expect(Math.abs(shown - fen)).toBeLessThanOrEqual(
          (size[figure.unit]! / 10 ** digits) * 0.5 + fen * 1e-15 + 1e-6,
        );
        if (lang === 'zh-CN' && figure.unit === '万元')
          expect(Number(figure.value.replaceAll(',', ''))).toBeLessThan(10_000);
      }),
    );
  });
});

describe('counts and rates', () => {
  it('separates thousands', () => {
    expect([count(0), count(999), count(3446), count(-1_234_567)]).toEqual(['0', '999', '3,446', '-1,234,567']);
    expect(decimal(-0.001, 2)).toBe('0.00');
  });
  it('shortens only what is long', () => {
    expect([shortCount(34_460, 'zh-CN'), shortCount(344_600, 'zh-CN'), shortCount(344_600_000, 'zh-CN')]).toEqual([
      '34,460',
      '34.5 万',
      '3.45 亿',
    ]);
    expect([shortCount(344_600, 'en'), shortCount(999_960, 'en')]).toEqual(['344.6 K', '1.00 M']);
  });
  it('shows the published success rate', () => {
    expect(percent(2741 / (2741 + 640))).toBe('81.07%');
    expect(percent(undefined)).toBe('—');
    expect(percent(1, 0)).toBe('100%');
  });
});

describe('time', () => {
  it('is in the region, whatever the machine says', () => {
    expect(dateWithWeekday(NOW, 'zh-CN')).toBe('2026-11-21 周六');
    expect(dateWithWeekday(NOW, 'en')).toBe('Sat 21 Nov 2026');
    expect(time(NOW)).toBe('18:24:07');
    expect(date(Date.UTC(2026, 11, 31, 16), 'zh-CN')).toBe('2027-01-01');
    expect(monthDayTime(NOW, 'en')).toBe('21 Nov 18:24');
    // With its year where that is another one: also one of those before terms were bounded.
    expect(dayTime(NOW - 3_600_000, NOW, 'zh-CN')).toBe('11-21 17:24');
    for (const [at, zh, en] of [
      ['2027-01-01T00:00:00+08:00', '2027-01-01', '1 Jan 2027'],
      ['2025-12-31T23:59:59+08:00', '2025-12-31', '31 Dec 2025'],
      ['2100-12-31T23:59:59+08:00', '2100-12-31', '31 Dec 2100'],
      ['9999-12-31T23:59:59Z', '10000-01-01', '1 Jan 10000'],
    ] as const) {
      expect(dayTime(Date.parse(at), NOW, 'zh-CN')).toBe(zh);
      expect(dayTime(Date.parse(at), NOW, 'en')).toBe(en);
    }
    expect(yearMonth(NOW, 'zh-CN')).toBe('2026-11');
  });
  it.each([
    [-3000, '刚刚', 'just now'],
    [4999, '刚刚', 'just now'],
    [12_400, '12 秒前', '12 s ago'],
    [3 * 60_000 + 59_000, '3 分钟前', '3 min ago'],
    [5 * 3_600_000, '5 小时前', '5 h ago'],
    [49 * 3_600_000, '2 天前', '2 d ago'],
    [61 * 86_400_000, '2026-09-21', '21 Sep 2026'],
  ])('age of %d ms', (ms, zh, en) => {
    expect(age(NOW - ms, NOW, 'zh-CN')).toBe(zh);
    expect(age(NOW - ms, NOW, 'en')).toBe(en);
  });
  it('gives lengths in two units', () => {
    expect(duration(27 * 3_600_000, 'zh-CN')).toBe('1 天 3 小时');
    expect(duration(45 * 60_000, 'en')).toBe('45 min');
    expect(duration(-90 * 60_000, 'zh-CN')).toBe('1 小时 30 分钟');
    expect(duration(24 * 3_600_000, 'en')).toBe('1 d');
    expect(duration(1_073 * 24 * 3_600_000, 'zh-CN')).toBe('1,073 天');
  });
  it('gives terms in minutes at least, and how long something waits in one unit', () => {
    const lengths = [20_000, 42 * 60_000, 200 * 60_000, 30 * 3_600_000, -30 * 3_600_000, 48 * 3_600_000];
    expect(lengths.map((ms) => term(ms, 'zh-CN'))).toEqual([
      '不足 1 分',
      '42 分',
      '3 小时 20 分',
      '1 天 6 小时',
      '1 天 6 小时',
      '2 天',
    ]);
    expect(lengths.map((ms) => term(ms, 'en'))).toEqual([
      'under 1 min',
      '42 min',
      '3 h 20 min',
      '1 d 6 h',
      '1 d 6 h',
      '2 d',
    ]);
    expect(lengths.map((ms) => wait(ms, 'zh-CN'))).toEqual([
      '不足 1 分',
      '42 分',
      '3 小时',
      '1 天',
      '不足 1 分',
      '2 天',
    ]);
  });
  it('joins figures', () => {
    expect(join({ prefix: '¥', value: '1', unit: '' })).toBe('¥1');
    expect(join({ prefix: '', value: '51.3', unit: '万元' })).toBe('51.3 万元');
    expect(join({ prefix: '', value: '81.07', unit: '%' })).toBe('81.07%');
  });
});
