/** The links that are handed on. Pure. */

/** What the address of a briefing of now must carry, for others to see the same. */
const OF_NOW = ['scope', 'window', 'deck'] as const;

/**
 * The address of the page that is on show, and that of following the presenter. Nothing of this screen's own settings is in them.
 * @param page from 1
 */
export function shareLinks(
  id: string | undefined,
  page: number,
  query: Readonly<Record<string, unknown>>,
  origin: string,
): { page: string; follow: string } {
  if (id !== undefined)
    return { page: `${origin}/briefing/${id}?page=${page}`, follow: `${origin}/briefing/${id}?follow=on` };
  const search = new URLSearchParams();
  for (const key of OF_NOW) {
    const value = query[key];
    if (typeof value === 'string' && value !== '') search.set(key, value);
  }
  const link = (key: string, value: string) =>
    `${origin}/briefing/live?${new URLSearchParams([...search, [key, value]]).toString()}`;
  return { page: link('page', String(page)), follow: link('follow', 'on') };
}
