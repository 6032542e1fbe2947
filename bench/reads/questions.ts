import type { AlertBrief } from '../../contract/frame.ts';
import type { RegionPack } from '../../contract/region.ts';
import { DAY_MS, toRfc3339 } from '../../common/regionTime.ts';

/** A question as both are asked it; `$n` in SQL. Of several forms in SQL the one that turns out faster counts. */
export interface Question {
  path: string;
  sql: { rows: Sql; total?: Sql }[];
}
export interface Sql {
  text: string;
  values: unknown[];
}
export interface Kind {
  name: string;
  /** Aim of issue 4 for the 99th percentile, ms. */
  aim?: number;
  ask: (random: () => number) => Question;
}

type Filter = Record<string, string | string[]>;
const DIMENSIONS = ['tier', 'stage', 'industry', 'channel', 'verdict'];
const SORTS: Record<string, string> = {
  raised: 'raised_at',
  due: 'due_at',
  amount: 'amount_fen',
  workers: 'workers',
  changed: 'changed_at',
};
const RUNNING = "stage IN ('raised', 'dispatched', 'accepted')";
const ROWS = 50;

/** Conditions of a filter in SQL; `values` grows. */
function where(filter: Filter, region: string, now: number, values: unknown[]): string[] {
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions: string[] = [];
  for (const [key, value] of Object.entries(filter)) {
    if (DIMENSIONS.includes(key))
      conditions.push(Array.isArray(value) ? `a.${key} = ANY(${bind(value)})` : `a.${key} = ${bind(value)}`);
    else if (key === 'scope') {
      if (value !== region) conditions.push(`a.town = ${bind(value)}`);
    } else if (key === 'open') conditions.push("a.stage <> 'closed'");
    else if (key === 'overdue') conditions.push(`a.${RUNNING} AND a.due_at < ${bind(new Date(now))}`);
    else if (key === 'from') conditions.push(`a.raised_at >= ${bind(new Date(value as string))}`);
    else if (key === 'to') conditions.push(`a.raised_at < ${bind(new Date(value as string))}`);
  }
  return conditions;
}

const list = (conditions: readonly string[]) => (conditions.length ? `WHERE ${conditions.join(' AND ')}` : '');
function pageSql(conditions: readonly string[], values: unknown[], sort: string, extra = ''): Sql {
  const descending = sort.startsWith('-') ? 'DESC' : 'ASC';
  const column = SORTS[sort.replace('-', '')]!;
  return {
    text: `SELECT a.*, e.uscc, e.name enterprise, p.code, p.name project FROM (SELECT a.* FROM alerts a ${list(conditions)} ORDER BY a.${column} ${descending}, a.alert_id ${descending} LIMIT ${ROWS} ${extra}) a JOIN enterprises e ON e.id = a.enterprise_id LEFT JOIN projects p ON p.id = a.project_id ORDER BY a.${column} ${descending}, a.alert_id ${descending}`,
    values,
  };
}
const totalSql = (conditions: readonly string[], values: unknown[]): Sql => ({
  text: `SELECT count(*) n FROM alerts a ${list(conditions)}`,
  values,
});

function search(filter: Filter, more: Record<string, string> = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries({ ...filter, ...more }))
    for (const one of [value].flat()) params.append(key, one);
  return `/api/v1/alerts?${params}`;
}

export interface Known {
  pack: RegionPack;
  now: number;
  ids: readonly string[];
  uuids: readonly string[];
  usccs: readonly string[];
  /** Reads a list, for pages in the middle of it. */
  read: (path: string) => Promise<{ total: number; items: AlertBrief[]; cursor?: string }>;
}

/** All kinds of questions. Pages in the middle need their cursors first, which is why this takes its time. */
export async function kindsOf({ pack, now, ids, uuids, usccs, read }: Known): Promise<Kind[]> {
  const region = pack.code;
  const pick = <T>(random: () => number, of: readonly T[]) => of[Math.floor(random() * of.length)]!;
  const towns = pack.towns.map(({ code }) => code);
  const tiers = pack.tiers.map(({ tier }) => tier);
  const asked = (filter: Filter, sort: string): Question => {
    const values: unknown[] = [];
    const conditions = where(filter, region, now, values);
    return {
      path: search(filter, { sort }),
      sql: [{ rows: pageSql(conditions, values, sort), total: totalSql(conditions, values) }],
    };
  };
  const span = (random: () => number): Filter => {
    const to = now - Math.floor(random() * 700) * DAY_MS;
    return { from: toRfc3339(to - 30 * DAY_MS), to: toRfc3339(to) };
  };
  const FILTERS: [string, string, (random: () => number) => Filter][] = [
    ['newest of the region', '-raised', () => ({})],
    ['open, one town, one tier', '-raised', (r) => ({ scope: pick(r, towns), tier: pick(r, tiers), open: 'true' })],
    [
      'one industry, two sources, by amount',
      '-amount',
      (r) => ({
        industry: pick(r, ['E', 'C', 'H', 'F']),
        channel: [
          pick(r, ['water', 'petition', 'electricity']),
          pick(r, ['construction', 'wage-account', 'litigation']),
        ],
      }),
    ],
    ['raised in 30 days, by people', '-workers', span],
    [
      'overdue, the most pressing first',
      'due',
      (r) => ({ overdue: 'true', scope: r() < 0.5 ? region : pick(r, towns) }),
    ],
    [
      'two tiers, three sources, true, by last change',
      '-changed',
      (r) => ({
        tier: tiers.slice(0, 2),
        channel: ['water', 'petition', pick(r, ['hotline', 'tax', 'grid'])],
        verdict: 'effective',
      }),
    ],
  ];
  const kinds: Kind[] = FILTERS.map(([name, sort, filter]) => ({
    name,
    aim: 5,
    ask: (random) => asked(filter(random), sort),
  }));

  const deep: Question[] = [];
  const jumps: Question[] = [];
  for (let i = 0; i < 60; i++) {
    const random = seeded(i + 1000);
    const [, , make] = FILTERS[i % 4]!;
    const sort = pick(random, ['-raised', 'raised', '-amount', 'due', '-workers', '-changed']);
    const filter = make(random);
    const { total } = await read(search(filter, { sort, limit: '1' }));
    if (total < 1000) continue;
    const skip = Math.floor(random() * (total - 200));
    const before = await read(search(filter, { sort, skip: String(skip), limit: '1' }));
    const last = before.items[0]!;
    const values: unknown[] = [];
    const conditions = where(filter, region, now, values);
    const value = (
      {
        raised: last.raisedAt,
        due: last.dueAt,
        amount: last.amountFen,
        workers: last.workers,
        changed: last.changedAt,
      } as Record<string, unknown>
    )[sort.replace('-', '')];
    const keyset = `(a.${SORTS[sort.replace('-', '')]!}, a.alert_id) ${sort.startsWith('-') ? '<' : '>'} ($${values.length + 1}, $${values.length + 2})`;
    deep.push({
      path: search(filter, { sort, cursor: before.cursor! }),
      sql: [
        {
          rows: pageSql([...conditions, keyset], [...values, value, last.alertId], sort),
          total: totalSql(conditions, values),
        },
      ],
    });
    jumps.push({
      path: search(filter, { sort, skip: String(skip) }),
      sql: [{ rows: pageSql(conditions, values, sort, `OFFSET ${skip}`), total: totalSql(conditions, values) }],
    });
  }
  kinds.push({ name: 'pages from the middle, by cursor', aim: 5, ask: (random) => pick(random, deep) });
  kinds.push({ name: 'far jumps (skip; OFFSET)', aim: 5, ask: (random) => pick(random, jumps) });

  const found = (text: string, inIds: boolean): Question => {
    const like = `%${text.toLowerCase().replace(/[\\%_]/g, (c) => `\\${c}`)}%`;
    const one = ['a.search LIKE $1'];
    const byName = [
      `(a.enterprise_id IN (SELECT id FROM enterprises WHERE name ILIKE $1) OR a.project_id IN (SELECT id FROM projects WHERE name ILIKE $1)${inIds ? ' OR a.alert_id ILIKE $1' : ''})`,
    ];
    return {
      path: search({ q: text }),
      sql: [one, byName].map((conditions) => ({
        rows: pageSql(conditions, [like], '-raised'),
        total: totalSql(conditions, [like]),
      })),
    };
  };
  const CHINESE = ['建筑', '宏盛', '良渚', '餐饮', '鼎力', '劳务', '有限', '天诚', '市政', '径山'];
  kinds.push(
    { name: 'q: two Chinese characters', aim: 20, ask: (r) => found(pick(r, CHINESE), false) },
    {
      name: 'q: four Chinese characters',
      aim: 20,
      ask: (r) => found(pick(r, ['宏盛建筑', '天诚餐饮', '安置房1', '鼎力劳务', '产业园3']), false),
    },
    { name: 'q: Latin', aim: 20, ask: (r) => found(pick(r, ['acme', 'Sun', 'delta', 'Lotus', 'ex']), true) },
    {
      name: 'q: part of a numbered id',
      aim: 20,
      ask: (r) => {
        const id = pick(r, ids);
        const from = Math.floor(r() * 5);
        return found(id.slice(-7 - (r() < 0.3 ? 3 : 0)).slice(from, from + 3 + Math.floor(r() * 4)), true);
      },
    },
    {
      name: 'q: part of a UUID',
      aim: 20,
      ask: (r) => {
        const from = Math.floor(r() * 28);
        return found(pick(r, uuids).slice(from, from + 2 + Math.floor(r() * 7)), true);
      },
    },
    { name: 'q: a whole id', aim: 20, ask: (r) => found(pick(r, r() < 0.5 ? ids : uuids), true) },
  );

  const rows = (path: string, text: string, ...values: unknown[]): Question => ({
    path,
    sql: [{ rows: { text, values } }],
  });
  kinds.push(
    {
      name: 'one alert with all its events',
      aim: 5,
      ask: (r) => {
        const id = pick(r, r() < 0.5 ? ids : uuids);
        return rows(
          `/api/v1/alerts/${id}`,
          `SELECT a.*, e.uscc, e.name, (SELECT json_agg(v ORDER BY v.at) FROM events v WHERE v.alert_id = a.alert_id) events FROM alerts a JOIN enterprises e ON e.id = a.enterprise_id WHERE a.alert_id = $1`,
          id,
        );
      },
    },
    {
      name: 'its neighbours within 1 km',
      ask: (r) => {
        const id = pick(r, ids);
        return rows(
          `/api/v1/alerts/${id}/neighbours`,
          `SELECT b.*, e.name FROM alerts a JOIN LATERAL (SELECT b.*, sqrt(power((b.place[0] - a.place[0]) * 96100, 2) + power((b.place[1] - a.place[1]) * 111200, 2)) metres FROM alerts b WHERE b.place <@ box(point(a.place[0] - 0.0105, a.place[1] - 0.0091), point(a.place[0] + 0.0105, a.place[1] + 0.0091)) AND b.alert_id <> a.alert_id ORDER BY metres LIMIT 50) b ON metres <= 1000 JOIN enterprises e ON e.id = b.enterprise_id WHERE a.alert_id = $1`,
          id,
        );
      },
    },
    {
      name: 'an enterprise (in SQL without its standing)',
      ask: (r) => {
        const uscc = pick(r, usccs);
        return rows(
          `/api/v1/enterprises/${encodeURIComponent(uscc)}`,
          `WITH mine AS MATERIALIZED (SELECT a.* FROM alerts a WHERE a.enterprise_id = (SELECT id FROM enterprises WHERE uscc = $1)) SELECT (SELECT json_build_object('raised', count(*), 'workers', sum(workers), 'amount', sum(amount_fen), 'recovered', sum(recovered_fen), 'open', count(*) FILTER (WHERE stage <> 'closed')) FROM mine) totals, (SELECT json_object_agg(channel, n) FROM (SELECT channel, count(*) n FROM mine GROUP BY 1) c) channels, (SELECT json_agg(m) FROM (SELECT * FROM mine ORDER BY raised_at DESC LIMIT 200) m) alerts, (SELECT json_agg(v ORDER BY v.at) FROM mine m JOIN events v USING (alert_id)) timeline`,
          uscc,
        );
      },
    },
    {
      name: 'series: raised by tier and day, 30 days',
      ask: (r) => {
        const { from, to } = span(r) as { from: string; to: string };
        return rows(
          `/api/v1/series?${new URLSearchParams({ measure: 'raised', split: 'tier', step: 'day', from, to })}`,
          `SELECT date_trunc('day', raised_at) step, tier, count(*) FROM alerts WHERE raised_at >= date_trunc('day', $1::timestamptz) AND raised_at < $2 GROUP BY 1, 2`,
          new Date(from),
          new Date(to),
        );
      },
    },
    {
      name: 'series: amount by town and month, a year',
      ask: (r) => {
        const to = now - Math.floor(r() * 300) * DAY_MS;
        const from = to - 365 * DAY_MS;
        return rows(
          `/api/v1/series?${new URLSearchParams({ measure: 'amountFen', split: 'town', step: 'month', from: toRfc3339(from), to: toRfc3339(to) })}`,
          `SELECT date_trunc('month', raised_at) step, town, sum(amount_fen) FROM alerts WHERE raised_at >= date_trunc('day', $1::timestamptz) AND raised_at < $2 GROUP BY 1, 2`,
          new Date(from),
          new Date(to),
        );
      },
    },
  );
  return kinds;
}

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
