import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverOf, coverUntil, inCoarser, momentsOf, sizeOf, type Cover } from '../../../server/aggregations/cover.ts';
import { floorTo } from '../../../common/regionTime.ts';
import { GRAIN_MS, GRAINS, startOfNumber, type Grain } from '../../../server/aggregations/grains.ts';

/** Spans as `[start, end)` in ms, ascending, joined where one goes on as the other ends. */
function spansOf(cover: Cover): [number, number][] {
  const spans = cover
    .flatMap((runs, i) =>
      runs.map(({ first, end }): [number, number] => [
        startOfNumber(GRAINS[i]!, first),
        startOfNumber(GRAINS[i]!, end),
      ]),
    )
    .sort(([a], [b]) => a - b);
  const joined: [number, number][] = [];
  for (const [start, end] of spans) {
    const last = joined.at(-1);
    expect(last === undefined || last[1] <= start, 'no moment twice').toBe(true);
    if (last && last[1] === start) last[1] = end;
    else joined.push([start, end]);
  }
  return joined;
}

/** Runs of minutes, hours and days that have no moment in common. */
const coverArb = fc
  .array(fc.tuple(fc.nat(2), fc.nat(200), fc.nat(90), fc.boolean()), { minLength: 1, maxLength: 6 })
  .map((pieces): Cover => {
    const cover = GRAINS.map(() => [] as { first: number; end: number }[]);
    let minute = 20_000 * 1440;
    for (const [grain, gap, length, aligned] of pieces) {
      const size = GRAIN_MS[GRAINS[grain]!] / GRAIN_MS.minute;
      const first = Math.ceil((minute + (aligned ? 0 : gap)) / size);
      const end = first + length * (grain === 0 ? 9 : 1);
      if (first < end) cover[grain]!.push({ first, end });
      minute = end * size;
    }
    return cover;
  });

describe('a cover in coarser buckets', () => {
  it('has the same moments, each once, and no whole hour or day in pieces', () => {
    fc.assert(
      fc.property(coverArb, fc.constantFrom(...GRAINS), (cover, coarsest: Grain) => {
        const coarser = inCoarser(cover, coarsest);
        expect(spansOf(coarser)).toStrictEqual(spansOf(cover));
        const most = GRAINS.indexOf(coarsest);
        coarser.forEach((runs, i) => {
          if (i > most) expect(runs).toStrictEqual(cover[i]);
          if (i >= most) return;
          const ratio = GRAIN_MS[GRAINS[i + 1]!] / GRAIN_MS[GRAINS[i]!];
          for (const { first, end } of runs)
            expect(Math.floor(end / ratio)).toBeLessThanOrEqual(Math.ceil(first / ratio));
        });
      }),
      { numRuns: 300 },
    );
  });

  it('reads a month of hours as days, but for the hours at its ends', () => {
    const hours: Cover = [[], [{ first: 24 * 100 + 9, end: 24 * 130 + 9 }], []];
    expect(inCoarser(hours, 'day').map(sizeOf)).toStrictEqual([0, 15 + 9, 29]);
    expect(inCoarser(hours, 'hour')).toStrictEqual(hours);
  });
});

describe('the moments of a cover', () => {
  it('are those of its buckets, and none where it has none', () => {
    const end = 20_000 * 1440 * 60_000;
    fc.assert(
      fc.property(
        fc.constantFrom(...GRAINS),
        fc.nat(5_000),
        fc.nat(12_000),
        fc.nat(3_000),
        fc.nat(4_000),
        (grain, before, back, minutes, hours) => {
          const at = end - before * 60_000;
          const size = GRAIN_MS[grain];
          const lo = floorTo(at - back * 60_000, size);
          const keptFrom = (of: Grain) =>
            of === 'day' ? -Infinity : at - (of === 'minute' ? minutes : minutes + 2_880 + hours) * 60_000;
          const parts = coverUntil(grain, lo, at, { keptFrom });
          const { lo: from, hi: to } = momentsOf(parts);
          expect(from < to ? [[from, to]] : []).toStrictEqual(spansOf(coverOf(parts)));
        },
      ),
      { numRuns: 500 },
    );
  });
});
