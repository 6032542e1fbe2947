import type { Accounts } from '../../../contract/briefingChanges.ts';
import type { Channel } from '../../../contract/codes.ts';
import { regionOfCode } from '../../../common/divisions.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { Subjects } from './subjects.ts';

const CHANNEL: Channel = 'wage-account';
/** More sites than any region has. */
const EVERY_SITE = 1_000_000;

/**
 * Sites and wage accounts of a region or a town, as far as sources tell: which banks speak, and of which sites they say that something
 * is wrong. Which account a site has is not kept, so nothing is said of sites without one.
 * @returns undefined while nothing is in force by which it could be told, and for a city or province
 */
export async function accountsOf(
  of: (region: string) => Subjects | undefined,
  scope: string,
  towns: readonly string[],
): Promise<Accounts | undefined> {
  const subjects = of(regionOfCode(scope));
  const pack = await subjects?.pack();
  const monitor = subjects?.monitor();
  if (!subjects || !pack || !monitor) return undefined;
  const town = scope.length === 9 ? scope : undefined;
  const inScope = town === undefined ? towns : [town];
  const sitesByTown: Record<string, number> = {};
  for (const code of inScope) {
    const sites = subjects.townMonitor(code)?.projects ?? 0;
    if (sites > 0) sitesByTown[code] = sites;
  }
  const found =
    subjects.page({ kind: 'project', channel: CHANNEL, town, sort: 'score', limit: EVERY_SITE })?.items ?? [];
  const flagged = found.filter(({ active }) => active);
  const byTown: Record<string, number> = {};
  const byIndicator = new Map<string, number>();
  for (const site of flagged) {
    if (site.town !== undefined) byTown[site.town] = (byTown[site.town] ?? 0) + 1;
    for (const [code] of site.indicators) byIndicator.set(code, (byIndicator.get(code) ?? 0) + 1);
  }
  const indicators = [...byIndicator].flatMap(([code, sites]) => {
    const known = pack.source.indicators[code];
    return known?.channel === CHANNEL ? [{ code, ...(known.name ? { name: known.name } : {}), sites }] : [];
  });
  const banks = subjects
    .sources()
    .filter(({ channel }) => channel === CHANNEL)
    .map(({ source, state, lastAt }) => ({ source, state, lastAt: toRfc3339(lastAt) }));
  return {
    sites: town === undefined ? monitor.projects : (sitesByTown[town] ?? 0),
    sitesByTown,
    banks: banks.sort((a, b) => (a.source < b.source ? -1 : 1)),
    flagged: { sites: flagged.length, workers: flagged.reduce((all, { workers }) => all + workers, 0), byTown },
    indicators: indicators.sort((a, b) => b.sites - a.sites || (a.code < b.code ? -1 : 1)),
  };
}

/** Nothing has changed, but the clock tells which banks are late: reckoned again after so long, ms. */
const SAME_MS = 60_000;
/** Something has changed: what was reckoned so lately still does, ms. In a large region something changes all the time. */
const CHANGED_MS = 15_000;

export type AccountsOf = (scope: string, towns: readonly string[], fresh: boolean) => Promise<Accounts | undefined>;

/**
 * The same, kept: a page that asks every ten seconds, on twenty screens, does not have all subjects looked at each time.
 * With `fresh` it is reckoned now.
 * @param stampOf differs after each change of what is watched in a region
 * @param now monotonic ms
 */
export function keptAccounts(
  reckon: (scope: string, towns: readonly string[]) => Promise<Accounts | undefined>,
  stampOf: (scope: string) => string,
  now: () => number = () => performance.now(),
): AccountsOf {
  const kept = new Map<string, { at: number; stamp: string; told: Promise<Accounts | undefined> }>();
  return (scope, towns, fresh) => {
    for (const [key, { at }] of kept) if (now() - at >= SAME_MS) kept.delete(key);
    const stamp = stampOf(scope);
    const known = kept.get(scope);
    if (known && !fresh && (known.stamp === stamp || now() - known.at < CHANGED_MS)) return known.told;
    const mine = { at: now(), stamp, told: reckon(scope, towns) };
    kept.set(scope, mine);
    // One that failed, or while nothing is known, is reckoned by the next who asks.
    const forget = () => {
      if (kept.get(scope) === mine) kept.delete(scope);
    };
    mine.told.then((told) => {
      if (told === undefined) forget();
    }, forget);
    return mine.told;
  };
}
