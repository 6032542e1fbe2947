import { describe, expect, it } from 'vitest';
import { pageRem, presenterRem, shapeOf, stageIn } from '../../../../web/briefing/stage.ts';

describe('the size of letters', () => {
  it.each([
    [1920, 1080, 10],
    [3840, 2160, 20],
    [3840, 1080, 10],
    [1600, 1200, 9.62],
    [1180, 820, 6.83],
    [820, 1180, 6.83],
  ])('at %s × %s', (width, height, rem) => {
    expect(pageRem(width, height)).toBeCloseTo(rem, 2);
  });

  it('is the same on a tablet that is turned, and pages lie otherwise', () => {
    expect(shapeOf(1180, 820, 6.83)).toEqual({ upright: false, narrow: true, low: false });
    expect(shapeOf(820, 1180, 6.83)).toEqual({ upright: true, narrow: false, low: false });
    expect(shapeOf(1366, 768, pageRem(1366, 768))).toEqual({ upright: false, narrow: false, low: false });
    // Beside the time bar.
    expect(shapeOf(1920, 880, 10)).toEqual({ upright: false, narrow: false, low: true });
  });
});

describe('what was drawn on', () => {
  it.each([
    [1920, 1080],
    [1600, 1200],
    [820, 1180],
    [1920, 880],
  ])('lies whole, in its own shape, in the middle of %s × %s', (width, height) => {
    const rem = pageRem(width, Math.max(height, 1_000));
    const { left, top, scale } = stageIn(width, height, rem);
    const [wide, high] = [192 * rem * scale, 108 * rem * scale];
    expect(wide / high).toBeCloseTo(16 / 9);
    expect(Math.min(left, top)).toBeGreaterThan(-1e-6);
    expect([left * 2 + wide, top * 2 + high]).toEqual([expect.closeTo(width), expect.closeTo(height)]);
    expect(Math.min(left, top)).toBeLessThan(1e-6);
  });
});

describe("the presenter's view", () => {
  it.each([
    [390, 844, 10],
    [1366, 768, 10],
    [1400, 1050, 10],
    [1920, 1080, 12.8],
    [3840, 2160, 25.6],
    [3840, 1080, 12.86],
  ])(
    'at %i × %i has a rem of %d px: letters as large against a larger screen, never smaller than on a form',
    (width, height, rem) => {
      expect(presenterRem(width, height)).toBeCloseTo(rem, 2);
    },
  );
});
