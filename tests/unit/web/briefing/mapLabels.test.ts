import fc from 'fast-check';
import { expect, it } from 'vitest';
import { placeLabels, placeMost, type Wanted } from '../../../../web/briefing/mapLabels.ts';

const SIZE = { width: 800, height: 440 };
const HEIGHT = 26;
const square = (x: number, y: number, half: number) => [
  [
    { x: x - half, y: y - half },
    { x: x + half, y: y - half },
    { x: x + half, y: y + half },
    { x: x - half, y: y + half },
  ],
];
const town = (code: string, x: number, y: number, width = 100, half = 20): Wanted => ({
  code,
  at: { x, y },
  width,
  rings: square(x, y, half),
});

it('a label lies on its town where that has room', () => {
  expect(placeLabels([town('a', 200, 200)], SIZE, HEIGHT)).toEqual([{ code: 'a', x: 200, y: 200 }]);
});

it('of small towns side by side each has its label, and a line leads to what lies beside', () => {
  const towns = Array.from({ length: 6 }, (_, i) => town(`t${i}`, 300 + 30 * i, 200, 100, 14));
  const labels = placeLabels(towns, SIZE, HEIGHT);
  expect(labels).toHaveLength(6);
  const led = labels.filter(({ from }) => from);
  expect(led.length).toBeGreaterThan(0);
  for (const { code, from, to, x, y } of led) {
    expect(from).toEqual(towns.find((one) => one.code === code)!.at);
    // It ends at the label.
    expect([Math.abs(to!.x - x) <= 52, Math.abs(to!.y - y) <= HEIGHT / 2]).toEqual([true, true]);
  }
});

it('of arrangements that have all labels the one is taken in which they lie next to their towns, and no line crosses another', () => {
  const towns = Array.from({ length: 8 }, (_, i) => town(`t${i}`, 300 + 22 * i, 200 + 10 * (i % 3), 100, 12));
  const far = (labels: ReturnType<typeof placeMost>) =>
    labels.reduce((sum, { code, x, y }) => {
      const { at } = towns.find((one) => one.code === code)!;
      return sum + Math.hypot(x - at.x, y - at.y);
    }, 0);
  const labels = placeMost(towns, SIZE, HEIGHT);
  expect(labels.map(({ code }) => code)).toEqual(towns.map(({ code }) => code));
  const once = placeLabels(towns, SIZE, HEIGHT);
  if (once.length === towns.length) expect(far(labels)).toBeLessThanOrEqual(far(once));
  const lines = labels.flatMap(({ from, to }) => (from && to ? [{ from, to }] : []));
  const side = (line: (typeof lines)[number], { x, y }: { x: number; y: number }) =>
    Math.sign((line.to.x - line.from.x) * (y - line.from.y) - (line.to.y - line.from.y) * (x - line.from.x));
  for (const [i, a] of lines.entries())
    for (const b of lines.slice(i + 1))
      expect(side(a, b.from) !== side(a, b.to) && side(b, a.from) !== side(b, a.to)).toBe(false);
});

it('labels never lie on one another, and none leaves the picture', () => {
  const towns = fc.array(
    fc.record({
      x: fc.integer({ min: 0, max: SIZE.width }),
      y: fc.integer({ min: 0, max: SIZE.height }),
      width: fc.integer({ min: 20, max: 160 }),
      half: fc.integer({ min: 2, max: 80 }),
    }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(towns, (all) => {
      const wanted = all.map(({ x, y, width, half }, i) => town(`t${i}`, x, y, width, half));
      const labels = placeLabels(wanted, SIZE, HEIGHT);
      const half = (code: string) => wanted.find((one) => one.code === code)!.width / 2;
      for (const [i, a] of labels.entries()) {
        expect(a.x - half(a.code)).toBeGreaterThanOrEqual(0);
        expect(a.x + half(a.code)).toBeLessThanOrEqual(SIZE.width);
        expect(a.y - HEIGHT / 2).toBeGreaterThanOrEqual(0);
        expect(a.y + HEIGHT / 2).toBeLessThanOrEqual(SIZE.height);
        for (const b of labels.slice(i + 1))
          expect(
            Math.abs(a.y - b.y) >= HEIGHT || Math.abs(a.x - b.x) >= half(a.code) + half(b.code),
            `${a.code} ${b.code}`,
          ).toBe(true);
      }
    }),
  );
});
