import { alertKey } from '../../common/alertRef.ts';
import type { Accounts, SinceLast } from '../../contract/briefingChanges.ts';
import type { Briefing, BriefingAnswer, BriefingContent, Deck, DeckPage } from '../../contract/briefings.ts';
import { DISPLAY_PAGES } from '../../contract/presentLimits.ts';
import type { Mask } from '../privacy/mask.ts';

/**
 * What a display is shown of a briefing: the frame as on its wall, the gravest cases without names, and nothing that anybody has
 * written by hand. Each field is named here, so that nothing added to a briefing gets out by itself. Pure.
 */
export function maskedContent(content: BriefingContent, mask: Mask): BriefingContent {
  const { at, scope, window, frame, before, history, cases, outlook, totals, past, accounts, last } = content;
  // Single cases and single days are figures over few, and so is what two moments differ by, or what is found of sites.
  if (mask.least > 0)
    return {
      at,
      scope,
      window,
      frame: mask.frame(frame, 'masked'),
      history: [],
      cases: [],
      outlook: [],
      totals: {},
      ...(past ? { past } : {}),
    };
  // As the agenda of a wall names them: whose turn it is, too.
  const byKey = Object.fromEntries(cases.map((one) => [alertKey(one), one]));
  const { agenda = {} } = mask.frame({ ...frame, agenda: byKey }, 'masked');
  return {
    at,
    scope,
    window,
    frame: mask.frame(frame, 'masked'),
    ...(before ? { before } : {}),
    history,
    cases: cases.flatMap((one) => agenda[alertKey(one)] ?? []),
    outlook,
    totals,
    ...(past ? { past } : {}),
    ...(accounts ? { accounts: maskedAccounts(accounts) } : {}),
    ...(last ? { last: maskedLast(last) } : {}),
  };
}

/** How many banks report and how, without who they are; of sites figures alone, as they are. */
function maskedAccounts({ sites, sitesByTown, banks, flagged, indicators }: Accounts): Accounts {
  return {
    sites,
    sitesByTown,
    banks: banks.map(({ state, lastAt }) => ({ source: '', state, lastAt })),
    flagged: { sites: flagged.sites, workers: flagged.workers, byTown: flagged.byTown },
    indicators: indicators.map(({ code, name, sites: n }) => ({ code, ...(name ? { name } : {}), sites: n })),
  };
}

/** What has changed since the briefing before, without its title, which somebody wrote, and without which cases are new. */
function maskedLast({ at, changes, overdue, supervised }: SinceLast): SinceLast {
  return {
    id: '',
    title: '',
    at,
    changes,
    ...(overdue ? { overdue } : {}),
    ...(supervised ? { supervised } : {}),
  };
}

/** Pages of which nothing is left where small figures are withheld. */
const NEED_MORE: readonly string[] = ['cases', 'outlook', 'recovered', 'accounts', 'changes'];

/** The pages that a display turns, without headings and remarks: these are written by people, and may name somebody. */
export function maskedPages(pages: readonly DeckPage[], mask: Mask): DeckPage[] {
  const shown: readonly string[] = DISPLAY_PAGES;
  return pages
    .filter(({ page }) => shown.includes(page) && !(mask.least > 0 && NEED_MORE.includes(page)))
    .map(({ page, on }) => ({ page, on }));
}

/** @param own it is one that somebody keeps: what they call it is theirs */
export const maskedDeck = ({ deck, name, window, pages }: Deck, mask: Mask, own: boolean): Deck => ({
  deck,
  name: own ? { 'zh-CN': '', en: '' } : name,
  window,
  pages: maskedPages(pages, mask),
});

/** A kept briefing for a display: without its title, and without who has made it. */
export function maskedBriefing(briefing: Briefing, content: BriefingContent, mask: Mask): BriefingAnswer {
  const { id, scope, window, deck, at, digest, bytes, pages, compare } = briefing;
  return {
    id,
    scope,
    window,
    deck,
    title: '',
    at,
    madeBy: '',
    maker: '',
    digest,
    bytes,
    pages: maskedPages(pages, mask),
    ...(compare === undefined ? {} : { compare }),
    content: maskedContent(content, mask),
  };
}
