import { expect, it } from 'vitest';
import { withRest } from '../../../../web/briefing/rest.ts';

it('what is shown and the rest are all there is, in so many lines at most, and the rest is never one alone', () => {
  for (let n = 0; n <= 20; n++)
    for (let most = 1; most <= 10; most++) {
      const all = Array.from({ length: n }, (_, i) => i);
      const { shown, rest } = withRest(all, most);
      expect([...shown, ...rest]).toEqual(all);
      expect(shown.length + (rest.length > 0 ? 1 : 0)).toBeLessThanOrEqual(most);
      expect(rest.length).not.toBe(1);
      if (n <= most) expect(rest).toEqual([]);
    }
});
