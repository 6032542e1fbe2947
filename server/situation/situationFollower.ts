import type { RegionRow } from '../alerts/row.ts';
import { Follower } from '../streams/feed/follower.ts';
import type { StreamReader } from '../streams/streamReader.ts';
import { situationSource, type LoadParts } from './loadSituation.ts';
import type { Situation } from './situation.ts';

/** Keeps the situation of a region in memory; news are the alerts newly raised. */
export type SituationFollower = Follower<Situation, RegionRow>;

/** @param parts `openReader` opens a reader of the region's change feed on a connection of its own */
export function createSituationFollower(parts: LoadParts & { openReader: () => StreamReader }): SituationFollower {
  const { pack, openReader, now, log } = parts;
  return new Follower({ region: pack.code, what: 'alerts', source: situationSource(parts), openReader, now, log });
}
