import { expect, it } from 'vitest';
import type { BriefingContent } from '../../../../contract/briefings.ts';
import { dividedPages } from '../../../../web/briefing/dividedPages.ts';

const page = (name: string, on = true) => ({ page: name, on });
const names = (pages: readonly { page: string }[]) => pages.map((one) => one.page);
const content = (parts: Partial<BriefingContent>) => parts as BriefingContent;
const PAGES = ['cover', 'cases', 'accounts', 'changes', 'outlook'].map((name) => page(name));

it('pages with nothing to show are left out, and named', () => {
  const { shown, empty } = dividedPages([...PAGES, page('map', false), page('later')], content({}));
  expect(names(shown)).toEqual(['cover', 'cases', 'outlook']);
  expect(names(empty)).toEqual(['accounts', 'changes']);
});

it('of a moment of the past, cases and what becomes due are not known', () => {
  const { empty } = dividedPages(PAGES, content({ past: {}, last: {} } as object));
  expect(names(empty)).toEqual(['cases', 'accounts', 'outlook']);
});

it('before the situation is there nobody knows, and nothing but such pages is shown', () => {
  expect(dividedPages(PAGES, undefined)).toEqual({ shown: PAGES, empty: [] });
  expect(names(dividedPages([page('accounts')], content({})).shown)).toEqual(['accounts']);
});
