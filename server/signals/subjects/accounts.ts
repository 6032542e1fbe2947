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
