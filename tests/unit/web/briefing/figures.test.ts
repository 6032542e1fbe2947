import { describe, expect, it } from 'vitest';
import type { BriefingContent } from '../../../../contract/briefings.ts';
import type { Compared, Frame } from '../../../../contract/frame.ts';
import { situationFigures, sparkPath } from '../../../../web/briefing/figures.ts';
import { townsPicture } from '../../../../web/briefing/townsMap.ts';
import { World } from '../../aggregations/support/world.ts';
import { PACK } from '../../aggregations/support/pack.ts';
import { NOW } from '../../privacy/support/frames.ts';

function contentOf(change: (frame: Frame) => void, before?: number): BriefingContent {
  const frame = structuredClone(new World().frame(PACK.code, 'week', NOW));
  change(frame);
  return {
    at: frame.at,
    scope: PACK.code,
    window: 'week',
    frame,
    history: [],
    cases: [],
    outlook: [],
    totals: {},
    ...(before === undefined ? {} : { before: { at: frame.at, open: before, byTown: {} } }),
  };
}
const linesOf = (content: BriefingContent, key: string) =>
  situationFigures(content, '上周同期', 'zh-CN').find((one) => one.key === key)!.lines;
const compared = (values: Partial<Compared>): Compared => ({
  raised: 0,
  workers: 0,
  amountFen: 0,
  effective: 0,
  falseAlarm: 0,
  recoveredFen: 0,
  recoveredWorkers: 0,
  closed: 0,
  closeMs: 0,
  ...values,
});

describe('the five figures', () => {
  it.each<[now: number, before: number, key: string, values: Record<string, string>]>([
    [42, 40, 'alerts.moreShare', { n: '2', share: '5.0%' }],
    [38, 40, 'alerts.fewerShare', { n: '2', share: '5.0%' }],
    [5, 3, 'alerts.more', { n: '2' }],
    [40, 40, 'same', {}],
    [3, 0, 'noneBefore', {}],
    [0, 0, 'noneBoth', {}],
  ])('%s alerts after %s', (now, before, key, values) => {
    const [line] = linesOf(
      contentOf((frame) => {
        frame.totals.raised = now;
        frame.compare.previous = compared({ raised: before });
      }),
      'raised',
    );
    expect(line).toEqual({ key, values: { than: '上周同期', ...values } });
  });

  it('compare a rate only where enough were audited', () => {
    const rate = (audited: number) =>
      contentOf(({ totals, compare }) => {
        Object.assign(totals, { successRate: 0.811, effective: audited, falseAlarm: 0 });
        compare.previous = compared({ successRate: 0.787, effective: audited });
      });
    expect(linesOf(rate(20), 'successRate')[0]).toEqual({ key: 'points.up', values: { than: '上周同期', n: '2.4' } });
    expect(linesOf(rate(9), 'successRate')[0]!.key).toBe('small');
  });

  it('tell open alerts against the beginning, and days to close', () => {
    const content = contentOf(({ totals, compare }) => {
      Object.assign(totals, { open: 76, overdue: 5, dueToday: 7, avgCloseHours: 132 });
      compare.previous = compared({ avgCloseHours: 134.4 });
    }, 70);
    expect(linesOf(content, 'open')).toEqual([
      { key: 'openMore', values: { n: '6' } },
      { key: 'late', values: { late: '5', today: '7' } },
    ]);
    expect(linesOf(content, 'close')[0]).toEqual({ key: 'faster', values: { than: '上周同期', n: '0.1' } });
    const nothing = situationFigures(
      contentOf(() => undefined),
      '上周同期',
      'zh-CN',
    );
    expect(nothing.map(({ figure }) => figure.value)).toEqual(['0', '—', '0', '0', '—']);
  });
});

it('a line leaves out days without a value', () => {
  expect(sparkPath([0, undefined, 10], 100, 10)).toBe('M0.0 10.0L100.0 0.0');
  expect(sparkPath([undefined, 1], 100, 10)).toBe('');
});

it('labels of towns never lie on one another, and those with most alerts have theirs', () => {
  const shapes = Array.from({ length: 20 }, (_, i) => {
    const [x, y] = [(i % 5) * 0.0001, Math.floor(i / 5) * 0.00005];
    const ring = [
      [x, y],
      [x + 0.0001, y],
      [x + 0.0001, y + 0.00005],
      [x, y + 0.00005],
      [x, y],
    ] as [number, number][];
    return {
      code: `t${i}`,
      polygons: [[ring]],
      anchor: [x + 0.00005, y + 0.000025] as [number, number],
      bounds: [x, y, x + 0.0001, y + 0.00005] as [number, number, number, number],
      coordinates: [],
    };
  });
  const towns = shapes.map(({ code }, i) => ({ code, name: code, short: `某某镇${i}`, open: 20 - i, change: i - 3 }));
  const { areas, labels } = townsPicture(shapes, towns, { width: 500, height: 200 });
  expect(areas).toHaveLength(20);
  expect(labels[0]).toMatchObject({ code: 't0', open: 20, change: -3 });
  expect(labels.length).toBeLessThan(20);
  for (const [i, a] of labels.entries())
    for (const b of labels.slice(i + 1))
      expect(Math.abs(a.y - b.y) > 26 || Math.abs(a.x - b.x) > 66, `${a.code} ${b.code}`).toBe(true);
});
