import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BRIEFING_PAGES } from '../../../../contract/briefingLimits.ts';
import type { DeckPage } from '../../../../contract/briefings.ts';
import { draftsOf, gonePages, pagesOf } from '../../../../web/briefing/decks/pageDrafts.ts';
import { pageFault } from '../../../../server/briefing/decks.ts';

const someDeck = fc
  .shuffledSubarray([...BRIEFING_PAGES, 'weather', 'traffic'], { minLength: 1 })
  .chain((names) =>
    fc.tuple(...names.map((page) => fc.record({ page: fc.constant(page), on: fc.boolean() }))),
  ) as fc.Arbitrary<DeckPage[]>;

it('edited and kept, a deck has all pages that there are: its own in their order, then the others, off', () => {
  fc.assert(
    fc.property(someDeck, (deck) => {
      const kept = pagesOf(draftsOf(deck));
      const known = deck.filter(({ page }) => BRIEFING_PAGES.some((one) => one === page));
      expect(kept.slice(0, known.length)).toEqual(known);
      expect(kept.map(({ page }) => page).sort()).toEqual([...BRIEFING_PAGES].sort());
      expect(kept.slice(known.length).some(({ on }) => on)).toBe(false);
      // What the server would say against it is at most that nothing is on.
      expect(pageFault(kept)?.path).toBe(kept.some(({ on }) => on) ? undefined : '/pages');
      expect(gonePages(kept)).toEqual([]);
      expect(gonePages(deck)).toEqual(
        deck.filter(({ page, on }) => on && ['weather', 'traffic'].includes(page)).map(({ page }) => page),
      );
    }),
  );
});

it('has no texts of blanks, and none around them', () => {
  const [draft] = draftsOf([{ page: 'map', on: true, heading: 'x' }]);
  expect(pagesOf([{ ...draft!, heading: '  先看 ', remark: '  ' }])).toEqual([
    { page: 'map', on: true, heading: '先看' },
  ]);
});
