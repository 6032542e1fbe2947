import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { cellToBoundary, latLngToCell } from 'h3-js';
import { NO_TERM } from '../../../common/termBounds.ts';
import { CHANNELS, INDUSTRIES, PLATFORMS, STAGES, TIERS } from '../../../contract/codes.ts';
import type { RegionPack } from '../../../contract/region.ts';
import { isOverdue, type AlertRow, type RecoveryTuple, type RegionRow } from '../../../server/alerts/row.ts';
import type { AlertQuery } from '../../../server/lists/query.ts';

const SHIPPED = JSON.parse(
  readFileSync(new URL('../../../assets/geo/330110/region.json', import.meta.url), 'utf8'),
) as RegionPack;
const UNITS = [
  { code: 'street', name: '某街道综合执法队', kind: 'town', platform: 'four-platforms' },
  { code: 'brigade', name: '某劳动保障监察大队', kind: 'brigade', platform: 'tri-colour' },
] as const;
export const PACK: RegionPack = {
  ...SHIPPED,
  units: UNITS.map(({ name, ...unit }) => ({ ...unit, name: { 'zh-CN': name, en: name } })),
};
/** What events write for a unit, and whom they mean. */
const MEANT: Record<string, string | undefined> = {
  某街道综合执法队: 'street',
  某劳动保障监察大队: 'brigade',
  brigade: 'brigade',
  ' ｂｒｉｇａｄｅ': 'brigade',
  某队: undefined,
};

export const T0 = Date.UTC(2026, 0, 1);
export const TOWNS = PACK.towns.slice(0, 3).map((town) => town.code);
const CENTRE = { lng: 119.98, lat: 30.27 };

const ENTERPRISES = [
  { name: '杭州建筑工程有限公司', uscc: '91330110MA1' },
  { name: '杭州建工集团', uscc: '９１330110ma1 ' },
  { name: 'Acme 餐饮管理 Co.' },
  { name: '良渚物流有限公司', uscc: '91330110MA2' },
  { name: 'ACME 餐饮管理 co.', uscc: '91330110MA3' },
  { name: '杭州建工集团', uscc: '91330110MA4' },
  { name: '余杭（良渚） 物业' },
  { name: '余杭(良渚)物业' },
];
const PROJECTS = [
  { id: 'P1', name: '未来科技城二期' },
  { id: 'P2', name: 'Canal Tower' },
  { id: 'P1', name: '未来科技城三期' },
];

const time = fc.integer({ min: 0, max: 40 }).map((n) => T0 + n * 3_600_000);
const alertId = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 60 }).map((n) => `YH-2026-${String(n).padStart(5, '0')}`) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 20 }).map((n) => `bs${n}`) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 20 }).map((n) => `330110${String(n * 7919).padStart(16, '0')}`) },
  { weight: 1, arbitrary: fc.constantFrom('预警-A', '', 'x\ud800y', 'ÄB-12', 'deadBEEF-000a', '007', '7') },
);
const location = fc.record({
  lng: fc.double({ min: CENTRE.lng - 0.02, max: CENTRE.lng + 0.02, noNaN: true }),
  lat: fc.double({ min: CENTRE.lat - 0.02, max: CENTRE.lat + 0.02, noNaN: true }),
});
const recovery = fc.tuple(
  time,
  fc.integer({ min: 0, max: 3 }).map((n) => n * 100),
  fc.integer({ min: 0, max: 3 }),
) as fc.Arbitrary<RecoveryTuple>;

/** A row as the table gives it back, of the region PACK. Few different values, so that ties and collisions are common. */
export const arbitraryRow: fc.Arbitrary<RegionRow> = fc
  .record({
    alertId,
    tier: fc.constantFrom(...TIERS),
    town: fc.constantFrom(...TOWNS),
    industry: fc.constantFrom(...INDUSTRIES.slice(0, 3)),
    channel: fc.constantFrom(...CHANNELS.slice(0, 3)),
    stage: fc.constantFrom(...STAGES),
    enterprise: fc.constantFrom(...ENTERPRISES),
    project: fc.option(fc.constantFrom(...PROJECTS), { nil: undefined }),
    workers: fc.integer({ min: 0, max: 4 }),
    amountFen: fc.integer({ min: 0, max: 5 }).map((n) => n * 1_000_000_007),
    raisedAt: time,
    dueAt: time,
    termless: fc.constantFrom(false, false, false, true),
    supervised: fc.constantFrom(false, false, true),
    letters: fc.array(time, { maxLength: 2 }),
    person: fc.constantFrom(undefined, 'p1', 'p2'),
    verdict: fc.option(fc.constantFrom('effective' as const, 'false-alarm' as const), { nil: undefined }),
    verdictAt: time,
    closedAt: time,
    recoveries: fc.oneof(
      { weight: 2, arbitrary: fc.constant<RecoveryTuple[]>([]) },
      { weight: 1, arbitrary: fc.array(recovery, { maxLength: 3 }) },
    ),
    location: fc.option(location, { nil: undefined }),
    outside: fc.nat(4),
    changedAt: time,
    platform: fc.option(fc.constantFrom(...PLATFORMS), { nil: undefined }),
    unit: fc.option(fc.constantFrom(...Object.keys(MEANT)), { nil: undefined }),
  })
  .map(
    ({
      platform,
      unit,
      person,
      supervised,
      letters,
      termless,
      project,
      verdict,
      verdictAt,
      closedAt,
      recoveries,
      location: at,
      outside,
      ...rest
    }) => {
      const row: RegionRow = {
        region: PACK.code,
        ...rest,
        recoveredFen: recoveries.reduce((sum, [, fen]) => sum + fen, 0),
      };
      if (project) row.project = project;
      if (platform) row.platform = platform;
      if (unit) row.unit = unit;
      if (verdict) Object.assign(row, { verdict, verdictAt });
      if (rest.stage === 'closed') row.closedAt = closedAt;
      if (rest.stage === 'closed' || termless) row.dueAt = NO_TERM;
      if (person) row.person = person;
      if (supervised && rest.stage !== 'closed') row.supervised = true;
      if (letters.length > 0) row.supervisions = letters.map((at) => at.toString(36)).join(' ');
      if (recoveries.length > 0) row.recoveries = recoveries;
      if (at) row.location = at;
      if (at && outside === 0) row.positionOutside = true;
      return row;
    },
  );

const some = <T>(values: readonly T[]) =>
  fc.option(fc.subarray([...values], { maxLength: Math.min(3, values.length) }), { nil: undefined, freq: 2 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 1 });

export const arbitraryFilter: fc.Arbitrary<AlertQuery> = fc
  .record({
    scope: fc.constantFrom(PACK.code, PACK.code, ...TOWNS),
    tier: some(TIERS),
    stage: some(STAGES),
    industry: some(INDUSTRIES.slice(0, 4)),
    channel: some(CHANNELS.slice(0, 4)),
    verdict: some(['effective', 'false-alarm'] as const),
    q: maybe(
      fc.constantFrom(
        '建',
        '建工',
        '有限公司',
        'acme',
        'ACME 餐',
        'ＡＣＭＥ　餐',
        '(良渚）物业',
        'tower',
        '三期',
        '26-000',
        '00',
        '1',
        'YH',
        'bs1',
        'Äb',
        'BEEF-',
        '110000',
        '91330110ma1',
        '９１330110ＭＡ3 ',
        '91330110MA',
        '\ud800',
        ' 良渚 ',
        '',
        'nothing',
      ),
    ),
    span: maybe(fc.tuple(time, time)),
    half: fc.constantFrom('both', 'from', 'to'),
    measure: maybe(
      fc.constantFrom(
        'raised' as const,
        'audited' as const,
        'effective' as const,
        'falseAlarm' as const,
        'closed' as const,
        'recovered' as const,
      ),
    ),
    overdue: maybe(fc.boolean()),
    dueToday: maybe(fc.boolean()),
    // Long after every term, too.
    dueBy: maybe(fc.oneof(time, fc.constantFrom(NO_TERM, NO_TERM + 1, NO_TERM * 2))),
    open: maybe(fc.boolean()),
    supervised: maybe(fc.boolean()),
    recovered: maybe(fc.boolean()),
    positionOutside: maybe(fc.boolean()),
    h3: maybe(fc.constant(latLngToCell(CENTRE.lat, CENTRE.lng, 8))),
    uscc: maybe(
      fc.constantFrom(
        '91330110MA1',
        '91330110MA4',
        'Acme 餐饮管理 Co.',
        '杭州建工集团',
        '９１330110 ma1',
        '余杭 (良渚）物业',
        '没有',
      ),
    ),
    unit: maybe(fc.constantFrom('street', 'brigade', 'nobody')),
  })
  // All filters at once select nothing: leave most of them out, another few each time.
  .chain((all) => {
    const keys = Object.keys(all).filter((key) => key !== 'scope' && key !== 'half');
    return fc.subarray(keys, { maxLength: 3 }).map((kept) => {
      const { span, half, ...rest } = all;
      const query: Record<string, unknown> = { scope: all.scope };
      for (const key of kept) if (key in rest) query[key] = rest[key as keyof typeof rest];
      if (span && kept.includes('span')) {
        const [a, b] = span;
        if (half !== 'to') query.from = Math.min(a, b);
        if (half !== 'from') query.to = Math.max(a, b);
      }
      for (const key of Object.keys(query)) if (query[key] === undefined) delete query[key];
      return query as unknown as AlertQuery;
    });
  });

/** What the filters mean, in plain words. `enterpriseKeys`: see `naiveKey`. */
export function naiveMatch(rows: Iterable<AlertRow>, query: AlertQuery, now: number): AlertRow[] {
  const all = [...rows];
  const key = query.uscc === undefined ? undefined : naiveKey(all, query.uscc);
  const q = query.q?.trim().toLowerCase();
  const among = <T>(list: readonly T[] | undefined, value: T | undefined) =>
    !list?.length || (value !== undefined && list.includes(value));
  const { from = -Infinity, to = Infinity } = query;
  const within = (at: number | undefined) => at !== undefined && at >= from && at < to;
  return all.filter((row) => {
    if (query.scope !== PACK.code && query.scope !== row.town) return false;
    if (!among(query.tier, row.tier) || !among(query.stage, row.stage) || !among(query.industry, row.industry))
      return false;
    if (!among(query.channel, row.channel) || !among(query.verdict, row.verdict)) return false;
    if (
      q &&
      !row.alertId.toLowerCase().includes(q) &&
      plain(row.enterprise.uscc ?? '').toLowerCase() !== plain(q).toLowerCase() &&
      !(
        plain(q) !== '' &&
        [row.enterprise.name, row.project?.name ?? ''].some((text) => plain(text).toLowerCase().includes(plain(q)))
      )
    )
      return false;
    if (query.overdue !== undefined && isOverdue(row, now) !== query.overdue) return false;
    const today = new Date(now + 8 * 3_600_000).toISOString().slice(0, 10);
    const midnight = Date.parse(`${today}T24:00:00+08:00`);
    const ends = row.dueAt !== NO_TERM && row.dueAt >= now && row.dueAt <= midnight;
    if (query.dueToday !== undefined && ends !== query.dueToday) return false;
    const hasTerm = row.stage !== 'closed' && row.dueAt !== NO_TERM;
    if (query.dueBy !== undefined && !(hasTerm && row.dueAt < query.dueBy)) return false;
    if (query.supervised !== undefined && (row.supervised === true) !== query.supervised) return false;
    if (query.open !== undefined && (row.stage !== 'closed') !== query.open) return false;
    const recovered = (row.recoveries?.length ?? 0) > 0;
    if (query.recovered !== undefined && recovered !== query.recovered) return false;
    if (query.positionOutside !== undefined && (row.positionOutside === true) !== query.positionOutside) return false;
    if (query.h3 && row.positionOutside) return false;
    if (query.h3 && !(row.location && latLngToCell(row.location.lat, row.location.lng, 8) === query.h3)) return false;
    if (query.uscc !== undefined && (key === undefined || keyOf(row) !== key)) return false;
    if (query.unit !== undefined && (row.unit === undefined || MEANT[row.unit] !== query.unit)) return false;
    switch (query.measure ?? 'raised') {
      case 'raised':
        return within(row.raisedAt);
      case 'effective':
        return row.verdict === 'effective' && within(row.verdictAt);
      case 'audited':
        return row.verdict !== undefined && within(row.verdictAt);
      case 'falseAlarm':
        return row.verdict === 'false-alarm' && within(row.verdictAt);
      case 'closed':
        return row.stage === 'closed' && within(row.closedAt);
      case 'recovered':
        return recovered && row.recoveries!.some(([at]) => within(at));
    }
  });
}

/** Narrow, without white space. */
function plain(text: string): string {
  return [...text.normalize('NFKC')].filter((one) => one.trim() !== '').join('');
}

export function keyOf({ enterprise: { uscc, name } }: AlertRow): string {
  return plain(uscc ?? '').toUpperCase() || plain(name);
}

/** The key a uscc or name stands for; by name, one with most alerts (which of several is left open: undefined then). */
export function naiveKey(rows: readonly AlertRow[], usccOrName: string): string | undefined {
  for (const key of [plain(usccOrName).toUpperCase(), plain(usccOrName)])
    if (rows.some((row) => keyOf(row) === key)) return key;
  const counts = new Map<string, number>();
  for (const row of rows) {
    if (rows.some((other) => plain(other.enterprise.name) === plain(usccOrName) && keyOf(other) === keyOf(row))) {
      counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
    }
  }
  const most = Math.max(...counts.values());
  return [...counts]
    .filter(([, count]) => count === most)
    .map(([key]) => key)
    .sort()[0];
}

export function sortValue(row: AlertRow, sort: NonNullable<AlertQuery['sort']>): number {
  switch (sort.replace('-', '')) {
    case 'raised':
      return row.raisedAt;
    case 'due':
      return row.dueAt;
    case 'amount':
      return row.amountFen;
    case 'workers':
      return row.workers;
    default:
      return row.changedAt;
  }
}

export function boundaryPoint(cell: string, corner: number, inward: number): { lng: number; lat: number } {
  const outline = cellToBoundary(cell) as [number, number][];
  const [lat, lng] = outline[corner % outline.length]!;
  const [lat2, lng2] = outline[(corner + 1) % outline.length]!;
  return { lng: (lng + lng2) / 2 + inward, lat: (lat + lat2) / 2 + inward };
}
