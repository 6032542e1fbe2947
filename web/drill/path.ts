import type { AlertRef } from '../../contract/frame.ts';
import { readFilter, type DrillFilter } from './query.ts';

/**
 * Where one is in the layer, and the URL of each place. Pure. The `region` of an alert is named where it is another than that
 * of the wall: on a city's, ids are those of its districts.
 */

export type Place =
  | { level: 'list' }
  | { level: 'alert'; id: string; region?: string | undefined }
  | { level: 'enterprise'; key: string };

/** The place of an alert. */
export const alertPlace = ({ region, alertId }: AlertRef): Place => ({ level: 'alert', id: alertId, region });

const part = encodeURIComponent;

/** Path of a place over the screen at `base`; the query says the list it was reached from. */
export function pathOf(place: Place, base = '/wall'): string {
  switch (place.level) {
    case 'list':
      return `${base}/alerts`;
    case 'alert':
      return `${base}/alerts/${place.region === undefined ? '' : `${place.region}/`}${part(place.id)}`;
    case 'enterprise':
      return `${base}/enterprises/${part(place.key)}`;
  }
}

/** What a step of the path on top stands for. */
export type CrumbKind =
  | 'scope'
  | 'town'
  | 'figure'
  | 'tier'
  | 'stage'
  | 'industry'
  | 'channel'
  | 'verdict'
  | 'h3'
  | 'uscc'
  | 'q'
  | 'alert'
  | 'enterprise';
export interface Crumb {
  kind: CrumbKind;
  /** Codes of the dimension, the figure, the text searched for, or the id. */
  codes: readonly string[];
  /** The list that a press on the step leads to; none for the place itself. `town`: whether the town stays chosen. */
  leads?: { filter: DrillFilter; town: boolean };
}

const NARROWING = ['tier', 'stage', 'industry', 'channel', 'verdict'] as const;

/**
 * The path on top: 全区 › 良渚街道 › 在办预警 › 红色 › 某建筑公司. Each step leads to the list as it was with the steps
 * before it; the last is where one is.
 * @param town code of the town in scope, if it is one
 */
export function crumbsOf(filter: DrillFilter, town: string | undefined, place: Place): Crumb[] {
  const sort = filter.sort;
  let so: DrillFilter = { ...readFilter({ of: filter.figure }), sort };
  const crumbs: Crumb[] = [{ kind: 'scope', codes: [], leads: { filter: so, town: false } }];
  if (town) crumbs.push({ kind: 'town', codes: [town], leads: { filter: so, town: true } });
  crumbs.push({ kind: 'figure', codes: [filter.figure], leads: { filter: so, town: true } });
  for (const kind of NARROWING) {
    const codes = filter[kind];
    if (codes.length === 0) continue;
    so = { ...so, [kind]: codes };
    crumbs.push({ kind, codes, leads: { filter: so, town: true } });
  }
  for (const kind of ['h3', 'uscc', 'q'] as const) {
    if (!filter[kind]) continue;
    so = { ...so, [kind]: filter[kind] };
    crumbs.push({ kind, codes: [filter[kind]], leads: { filter: so, town: true } });
  }
  if (place.level === 'alert') crumbs.push({ kind: 'alert', codes: [place.id] });
  if (place.level === 'enterprise') crumbs.push({ kind: 'enterprise', codes: [place.key] });
  if (place.level === 'list') {
    const last = crumbs.at(-1)!;
    crumbs[crumbs.length - 1] = { kind: last.kind, codes: last.codes };
  }
  return crumbs;
}
