import type { Platform, Verdict } from '../../contract/codes.ts';
import type { AlertRow, FeedRow } from '../alerts/row.ts';
import type { Increments } from './increments.ts';

/**
 * One entry of the change feed: the alerts that changed, as they stand now, and what that adds to the cube.
 * Rows travel as arrays, because their field names would be more than half of the feed.
 */
export interface Change {
  rows: FeedRow[];
  increments: Increments;
}

/**
 * 2: employers by their normal keys, no heat for positions outside the region. 3: platform and unit of the last dispatch.
 * 4: a term that does not run is NO_TERM.
 */
const VERSION = 4;

export class ChangeVersionError extends Error {
  override name = 'ChangeVersionError';
}

export function encodeChange(change: Change): string {
  return JSON.stringify([
    VERSION,
    change.rows.map(packRow),
    change.increments.cells,
    change.increments.heat,
    change.increments.paid,
  ]);
}

/** @throws ChangeVersionError for a payload of another version, SyntaxError for none */
export function decodeChange(payload: string): Change {
  const [version, rows, cells, heat, paid] = JSON.parse(payload) as [
    number,
    PackedRow[],
    Increments['cells'],
    Increments['heat'],
    Increments['paid'],
  ];
  if (version !== VERSION)
    throw new ChangeVersionError(`change feed of version ${version}: this program reads version ${VERSION}`);
  return { rows: rows.map(unpackRow), increments: { cells, heat, paid } };
}

type PackedRow = [
  alertId: string,
  tier: AlertRow['tier'],
  town: string,
  industry: AlertRow['industry'],
  channel: AlertRow['channel'],
  stage: AlertRow['stage'],
  name: string,
  uscc: string | 0,
  project: [id: string, name: string] | 0,
  workers: number,
  amountFen: number,
  raisedAt: number,
  dueAt: number,
  verdict: Verdict | 0,
  recoveredFen: number,
  location: [lng: number, lat: number] | 0,
  changedAt: number,
  platform: Platform | 0,
  unit: string | 0,
  rest: Partial<FeedRow> | 0,
];

/** Fields that few alerts have travel by name in `rest`. */
function packRow(row: FeedRow): PackedRow {
  const { enterprise, project, location } = row;
  return [
    row.alertId,
    row.tier,
    row.town,
    row.industry,
    row.channel,
    row.stage,
    enterprise.name,
    enterprise.uscc ?? 0,
    project ? [project.id, project.name] : 0,
    row.workers,
    row.amountFen,
    row.raisedAt,
    row.dueAt,
    row.verdict ?? 0,
    row.recoveredFen,
    location ? [location.lng, location.lat] : 0,
    row.changedAt,
    row.platform ?? 0,
    row.unit ?? 0,
    restOf(row),
  ];
}

/** The fields that have a place of their own in a packed row; all others travel by name. */
const PLACED: ReadonlySet<string> = new Set<keyof FeedRow>([
  'alertId',
  'tier',
  'town',
  'industry',
  'channel',
  'stage',
  'enterprise',
  'project',
  'workers',
  'amountFen',
  'raisedAt',
  'dueAt',
  'verdict',
  'recoveredFen',
  'location',
  'changedAt',
  'platform',
  'unit',
]);

function restOf(row: FeedRow): Partial<FeedRow> | 0 {
  let rest: Record<string, unknown> | undefined;
  for (const name in row) if (!PLACED.has(name)) (rest ??= {})[name] = row[name as keyof FeedRow];
  return (rest as Partial<FeedRow> | undefined) ?? 0;
}

function unpackRow(packed: PackedRow): FeedRow {
  const [
    alertId,
    tier,
    town,
    industry,
    channel,
    stage,
    name,
    uscc,
    project,
    workers,
    amountFen,
    raisedAt,
    dueAt,
    verdict,
    recoveredFen,
    location,
    changedAt,
    platform,
    unit,
    rest,
  ] = packed;
  const row: FeedRow = {
    alertId,
    tier,
    town,
    industry,
    channel,
    stage,
    enterprise: uscc === 0 ? { name } : { uscc, name },
    workers,
    amountFen,
    raisedAt,
    dueAt,
    recoveredFen,
    changedAt,
  };
  if (project !== 0) row.project = { id: project[0], name: project[1] };
  if (verdict !== 0) row.verdict = verdict;
  if (location !== 0) row.location = { lng: location[0], lat: location[1] };
  if (platform !== 0) row.platform = platform;
  if (unit !== 0) row.unit = unit;
  return rest === 0 ? row : Object.assign(row, rest);
}
