import Fastify, { type FastifyError } from 'fastify';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Value } from 'typebox/value';
import { CHANNELS, INDUSTRIES, STAGES, TIERS, WINDOWS } from '../../../contract/codes.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import {
  ALERT_MEASURES,
  AlertDetailSchema,
  AlertListSchema,
  EnterpriseAnswerSchema,
  type AlertDetail,
  type AlertList,
  type EnterpriseAnswer,
  type Neighbours,
} from '../../../contract/rest.ts';
import { foldAlert, foldRulesOf } from '../../../server/alerts/fold.ts';
import { toRow, type AlertRow } from '../../../server/alerts/row.ts';
import type { StoredEvent } from '../../../server/alerts/state.ts';
import { AlertTable } from '../../../server/lists/alertTable.ts';
import { windowRanges } from '../../../server/aggregations/windows.ts';
import { OPEN_ACCESS } from '../../../server/access/accessControl.ts';
import { guardRoutes } from '../../../server/platform/http/guard.ts';
import { alertsExportRoutes } from '../../../server/views/export/alertsExportRoutes.ts';
import { seriesRoute } from '../../../server/views/series/seriesRoute.ts';
import { alertRoutes } from '../../../server/views/alerts/alertRoutes.ts';
import { enterpriseRoutes } from '../../../server/views/enterprises/enterpriseRoutes.ts';
import { HttpProblem } from '../../../server/platform/http/problem.ts';
import type { AlertReadParts } from '../../../server/views/regionTables.ts';
import { createRegions, type Region, type RegionView } from '../../../server/region/region.ts';
import { alertEvents } from '../alerts/arbitraries.ts';
import { oracleEvents } from '../alerts/foldOracle.ts';
import { keyOf, PACK } from '../lists/support.ts';

const NOW = Date.UTC(2026, 10, 21, 10, 24, 7);
const table = new AlertTable(PACK);
const documents = new Map<string, StoredEvent[]>();
const rows: AlertRow[] = [];

// Only what these reads ask of a region.
const region: Region = {
  code: PACK.code,
  pack: PACK,
  rules: () => foldRulesOf(PACK, []),
  view: () => ({ pack: PACK, lists: table, table, holders: () => [PACK.code] }) as unknown as RegionView,
  onRaised: () => () => {},
  events: (id) => Promise.resolve(documents.get(id)?.slice()),
};
const parts: AlertReadParts = {
  regions: createRegions([region]),
  defaultRegion: PACK.code,
  now: () => NOW,
};

const app = Fastify({
  ajv: { customOptions: { coerceTypes: 'array', removeAdditional: false, strict: false } },
  routerOptions: { maxParamLength: 600 },
});
guardRoutes(app, OPEN_ACCESS);
app.setSerializerCompiler(() => (data) => JSON.stringify(data));
app.setErrorHandler((error: FastifyError | HttpProblem, _request, reply) => {
  if (error instanceof HttpProblem)
    return reply.code(error.status).send({ parameter: error.parameter, detail: error.detail });
  const first = error.validation?.[0];
  const params = (first?.params ?? {}) as { additionalProperty?: string };
  return reply.code(error.statusCode ?? 500).send({
    parameter: first?.instancePath.slice(1).split('/')[0] || params.additionalProperty,
    detail: error.message,
  });
});

async function get<T>(url: string): Promise<T> {
  const answer = await app.inject(url);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<T>();
}
const list = (query: Record<string, string | string[] | undefined>) => {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) for (const one of [value ?? []].flat()) search.append(key, one);
  return get<AlertList>(`/api/v1/alerts?${search}`);
};

const described: { url: string; response: Record<string, { examples?: unknown[] }> }[] = [];
app.addHook('onRoute', ({ url, schema, method }) => {
  if (method === 'GET')
    described.push({ url, response: (schema as { response: Record<string, { examples?: unknown[] }> }).response });
});

beforeAll(async () => {
  await app.register(alertRoutes(parts));
  await app.register(alertsExportRoutes(parts));
  await app.register(
    seriesRoute({
      situationOf: () => {
        throw new Error('not asked');
      },
      defaultScope: PACK.code,
      now: parts.now,
    }),
  );
  await app.register(enterpriseRoutes(parts));
  // Times of the generator lie up to half a year around NOW; those to come are left out, as the intake would.
  const histories = fc.sample(alertEvents, { numRuns: 150, seed: 7 });
  histories.forEach((events, i) => {
    const id = `YH-2026-${String(i).padStart(5, '0')}`;
    const past = events.map((event) => ({ ...event, time: event.time - 200 * 86_400_000 }));
    documents.set(id, past);
    const state = foldAlert(id, past.slice(), foldRulesOf(PACK, []));
    if (!state) return;
    rows.push(toRow(state));
    table.upsert(toRow(state));
  });
  expect(rows.length).toBeGreaterThan(40);
});
afterAll(() => app.close());

describe('the list of alerts', () => {
  it('counts what a plain count counts, by every dimension and measure, in every window', async () => {
    const among = async (query: Record<string, string>, test: (row: AlertRow) => boolean) => {
      const answer = await list({ ...query, limit: '200' });
      expect(Value.Check(AlertListSchema, answer)).toBe(true);
      expect(answer.items.map((item) => item.alertId).sort()).toEqual(
        rows
          .filter(test)
          .map((row) => row.alertId)
          .sort(),
      );
      expect(answer.total).toBe(answer.items.length);
    };
    for (const tier of TIERS) await among({ tier }, (row) => row.tier === tier);
    for (const stage of STAGES) await among({ stage }, (row) => row.stage === stage);
    for (const industry of INDUSTRIES) await among({ industry }, (row) => row.industry === industry);
    for (const channel of CHANNELS) await among({ channel }, (row) => row.channel === channel);
    for (const town of PACK.towns)
      await among({ scope: town.code, open: 'true' }, (row) => row.town === town.code && row.stage !== 'closed');
    for (const window of WINDOWS) {
      const { main } = windowRanges(window, NOW);
      const within = (at: number | undefined) => at !== undefined && at >= main.lo && at < main.hi;
      const happened: Record<(typeof ALERT_MEASURES)[number], (row: AlertRow) => boolean> = {
        raised: (row) => within(row.raisedAt),
        effective: (row) => row.verdict === 'effective' && within(row.verdictAt),
        falseAlarm: (row) => row.verdict === 'false-alarm' && within(row.verdictAt),
        audited: (row) => row.verdict !== undefined && within(row.verdictAt),
        closed: (row) => row.stage === 'closed' && within(row.closedAt),
        recovered: (row) => (row.recoveries ?? []).some(([at]) => within(at)),
      };
      for (const measure of ALERT_MEASURES) await among({ window, measure }, happened[measure]);
      const paid = await list({ window, measure: 'recovered', limit: '1' });
      expect(paid.enterprises).toBe(new Set(rows.filter(happened.recovered).map(keyOf)).size);
    }
  });

  it('takes several values, spans with any offset, and pages', async () => {
    const span = { from: '2026-01-01T00:00:00Z', to: toRfc3339(NOW) };
    const all = await list({ tier: ['red', 'orange'], ...span, sort: 'amount', limit: '200' });
    const expected = rows.filter(
      (row) => row.tier !== 'yellow' && row.raisedAt >= Date.UTC(2026, 0, 1) && row.raisedAt < NOW,
    );
    expect(all.total).toBe(expected.length);
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const page: AlertList = await list({ tier: ['orange', 'red'], ...span, sort: 'amount', limit: '7', cursor });
      paged.push(...page.items.map((item) => item.alertId));
      cursor = page.cursor;
    } while (cursor);
    expect(paged).toEqual(all.items.map((item) => item.alertId));
  });

  const bad: [query: string, status: number, parameter: string][] = [
    ['scope=330111', 404, 'scope'],
    ['scope=330110999', 404, 'scope'],
    ['scope=x', 400, 'scope'],
    ['tier=purple', 400, 'tier'],
    ['stage=red', 400, 'stage'],
    ['industry=Z', 400, 'industry'],
    ['channel=', 400, 'channel'],
    ['verdict=returned', 400, 'verdict'],
    [`q=${'x'.repeat(201)}`, 400, 'q'],
    ['from=yesterday', 400, 'from'],
    ['from=2026-02-30T00:00:00Z', 400, 'from'],
    ['from=2026-02-03T00:00:00Z&to=2026-02-02T00:00:00Z', 400, 'to'],
    ['window=2d', 400, 'window'],
    ['window=30d&from=2026-02-03T00:00:00Z', 400, 'window'],
    ['measure=workers', 400, 'measure'],
    ['overdue=perhaps', 400, 'overdue'],
    ['h3=8830e1c9', 400, 'h3'],
    ['h3=8730e1c9fffffff', 400, 'h3'],
    ['sort=name', 400, 'sort'],
    ['cursor=abc', 400, 'cursor'],
    ['skip=-1', 400, 'skip'],
    ['skip=ten', 400, 'skip'],
    [`q=${'很'.repeat(1_000_000)}`, 400, 'q'],
    ['limit=0', 400, 'limit'],
    ['limit=201', 400, 'limit'],
    ['limit=ten', 400, 'limit'],
    ['colour=red', 400, 'colour'],
    ['limit=1&limit=2', 400, 'limit'],
  ];
  // A title is read by people: not a million characters of it.
  const short = (text: string) => (text.length > 60 ? `${text.slice(0, 40)}… (${text.length} characters)` : text);
  it.each(bad.map(([query, ...rest]) => [short(query), query, ...rest] as const))(
    'refuses %s',
    async (_title, query, status, parameter) => {
      const answer = await app.inject(`/api/v1/alerts?${query}`);
      expect(answer.statusCode).toBe(status);
      expect(answer.json<{ parameter: string }>().parameter).toBe(parameter);
    },
  );
});

describe('an alert', () => {
  it('is what its events add up to', async () => {
    for (const row of rows) {
      const detail = await get<AlertDetail>(`/api/v1/alerts/${row.alertId}`);
      expect(Value.Check(AlertDetailSchema, detail)).toBe(true);
      const [item] = (await list({ q: row.alertId })).items;
      expect(detail).toMatchObject({ ...item });
      expect(detail.events.map((event) => event.time)).toEqual(detail.events.map((event) => event.time).sort());
      expect(detail.events.length).toBe(documents.get(row.alertId)!.length);
      expect(detail.recoveries.reduce((sum, { amountFen }) => sum + amountFen, 0)).toBe(row.recoveredFen);
      // By the pack's terms one runs in every open stage.
      const running = row.stage !== 'closed';
      expect(detail.remainingMs).toBe(running ? row.dueAt - NOW : undefined);
    }
  });

  it('is not there while it is pending, or unknown', async () => {
    const pending = [...documents].find(([id]) => !table.get(id))![0];
    for (const id of [pending, 'nothing', encodeURIComponent('无')]) {
      const answer = await app.inject(`/api/v1/alerts/${id}`);
      expect(answer.statusCode).toBe(404);
      expect(answer.json<{ parameter: string }>().parameter).toBe('id');
    }
  });

  it('has its neighbours, nearest first, and not itself', async () => {
    const centre = rows.find((row) => row.location)!;
    const { items } = await get<Neighbours>(`/api/v1/alerts/${centre.alertId}/neighbours?limit=200`);
    const same = rows.filter(
      (row) =>
        row !== centre && row.location?.lng === centre.location!.lng && row.location.lat === centre.location!.lat,
    );
    expect(
      items
        .filter(({ metres }) => metres === 0)
        .map(({ alertId }) => alertId)
        .sort(),
    ).toEqual(same.map(({ alertId }) => alertId).sort());
    expect(items.every(({ metres }, i) => metres <= 1000 && metres >= (items[i - 1]?.metres ?? 0))).toBe(true);
  });
});

describe('the documentation', () => {
  it('has an answer for every read, and for what goes wrong, which is one by its own schema', () => {
    expect(described.map(({ url }) => url).sort()).toEqual([
      '/api/v1/alert-counts',
      '/api/v1/alerts',
      '/api/v1/alerts.csv',
      '/api/v1/alerts.xlsx',
      '/api/v1/alerts/:id',
      '/api/v1/alerts/:id/neighbours',
      '/api/v1/enterprises/:uscc',
      '/api/v1/series',
    ]);
    for (const { url, response } of described) {
      for (const [status, schema] of Object.entries(response)) {
        if (/csv|xlsx/.test(url) && status === '200') continue;
        expect(schema.examples, `${url} ${status}`).toHaveLength(1);
        expect([...Value.Errors(schema as never, schema.examples![0])], `${url} ${status}`).toEqual([]);
      }
    }
  });
});

describe('rows by name, as a file', () => {
  const lines = async (url: string) =>
    (await app.inject(url)).body
      .trim()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',')[0]);
  it('are those on the screen, in their order, as far as they are of the scope', async () => {
    const [a, b, c] = [rows[3]!, rows[1]!, rows[7]!];
    expect(await lines(`/api/v1/alerts.csv?id=${a.alertId}&id=${b.alertId}&id=none&id=${c.alertId}`)).toEqual(
      [a, b, c].map(({ alertId }) => alertId),
    );
    const own = [a, b, c].filter(({ town }) => town === b.town);
    expect(await lines(`/api/v1/alerts.csv?scope=${b.town}&id=${a.alertId}&id=${b.alertId}&id=${c.alertId}`)).toEqual(
      own.map(({ alertId }) => alertId),
    );
  });
  it('take no filters besides', async () => {
    const answer = await app.inject(`/api/v1/alerts.csv?id=${rows[0]!.alertId}&tier=red`);
    expect([answer.statusCode, answer.json<{ parameter: string }>().parameter]).toEqual([400, 'tier']);
  });
});

describe('an enterprise', () => {
  it('is found by uscc and by name, with the sums of its alerts and its time line', async () => {
    for (const enterprise of [{ name: '某甲有限公司' }, { name: '某乙有限公司', uscc: '91330110MA0000001X' }]) {
      const mine = rows.filter((row) => row.enterprise.name === enterprise.name);
      for (const key of [enterprise.name, enterprise.uscc ?? enterprise.name]) {
        const answer = await get<EnterpriseAnswer>(`/api/v1/enterprises/${encodeURIComponent(key)}`);
        expect(Value.Check(EnterpriseAnswerSchema, answer)).toBe(true);
        expect(answer).toMatchObject(enterprise);
        expect(answer.totals.raised).toBe(mine.length);
        expect(answer.alerts.length).toBe(mine.length);
        expect((await list({ uscc: key, limit: '1' })).total).toBe(mine.length);
        expect(answer.timeline.map(({ at }) => at)).toEqual(answer.timeline.map(({ at }) => at).sort());
        // Every event that has an effect, but those raised again.
        expect(answer.timeline.length).toBe(
          mine.reduce((n, row) => {
            const events = oracleEvents(documents.get(row.alertId)!);
            return n + events.length - events.filter(({ type }) => type === 'wage.alert.raised').length + 1;
          }, 0),
        );
        const happened = mine.flatMap(({ alertId }) => oracleEvents(documents.get(alertId)!).map(({ type }) => type));
        expect(new Set(answer.timeline.map(({ type }) => type))).toEqual(new Set(happened));
      }
    }
  });

  it('that no alert is of is not there', async () => {
    const answer = await app.inject(`/api/v1/enterprises/${'x'.repeat(500)}`);
    expect(answer.statusCode).toBe(404);
    expect(answer.json<{ parameter: string }>().parameter).toBe('uscc');
  });
});

describe('an alert with very many events', () => {
  it('is told in pages when it has very many events, each event on one of them, also when others come in between', async () => {
    const id = 'YH-2026-LONG';
    const at = NOW - 10 * 86_400_000;
    const first = rows
      .map(({ alertId }) => documents.get(alertId)!)
      .flat()
      .find(({ type }) => type === 'wage.alert.raised')!;
    const change = (n: number, time: number): StoredEvent =>
      n % 2
        ? { type: 'wage.wages.recovered', time, source: 's', id: `${n}`, data: { amountFen: 1, workers: 1 } }
        : { type: 'wage.alert.amended', time, source: 's', id: `${n}`, data: { workers: n } };
    const events = [
      { ...first, id: 'first', time: at },
      // Many at one moment: a cursor must tell them apart.
      ...Array.from({ length: 900 }, (_, n) => change(n, at + Math.floor(n / 100) * 1000)),
    ];
    documents.set(id, events);
    table.upsert(toRow(foldAlert(id, events.slice(), foldRulesOf(PACK, []))!));
    const ids: string[] = [];
    let page = await get<AlertDetail>(`/api/v1/alerts/${id}`);
    expect(page).toMatchObject({ eventsBefore: 701, recoveriesBefore: 250, recoveredFen: 450 });
    expect(page.recoveries).toHaveLength(200);
    for (let more = true; more;) {
      expect(Value.Check(AlertDetailSchema, page)).toBe(true);
      ids.unshift(...page.events.map((event) => event.id));
      more = page.cursor !== undefined;
      expect(page.eventsBefore !== undefined).toBe(more);
      // What comes late lies before or after what has been read, and moves nothing.
      documents.get(id)!.push(change(10_000 + ids.length, at + 500), change(20_000 + ids.length, NOW - 1));
      if (more) page = await get<AlertDetail>(`/api/v1/alerts/${id}?limit=150&cursor=${page.cursor}`);
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((one) => Number(one) < 10_000 || one === 'first')).toHaveLength(901);
    const wrong = await app.inject(`/api/v1/alerts/${id}?cursor=${at}.AAAAAAAAAAAAAAAA`);
    expect([wrong.statusCode, wrong.json<{ parameter: string }>().parameter]).toEqual([400, 'cursor']);
  });
});

describe('an alert to which a platform sends what is not its own', () => {
  it('says so of each such event, and the portrait does not tell it', async () => {
    const id = 'YH-2026-VOID';
    const first = [...documents.values()].flat().find(({ type }) => type === 'wage.alert.raised')!;
    const at = NOW - 86_400_000;
    const mark = { source: 's', by: { platform: 'other' as const } };
    const events: StoredEvent[] = [
      { ...first, id: 'raised', time: at },
      // Before the alert is dispatched to it, then while it is, then after it has gone to another.
      { ...mark, type: 'wage.alert.accepted', time: at + 1, id: 'early', data: { unit: 'u' } },
      {
        type: 'wage.alert.dispatched',
        time: at + 2,
        source: 's',
        id: 'to-other',
        data: { platform: 'other', unit: 'u' },
      },
      { ...mark, type: 'wage.alert.accepted', time: at + 3, id: 'own', data: { unit: 'u' } },
      {
        type: 'wage.alert.dispatched',
        time: at + 4,
        source: 's',
        id: 'away',
        data: { platform: 'tri-colour', unit: 'u' },
      },
      { ...mark, type: 'wage.wages.recovered', time: at + 5, id: 'late', data: { amountFen: 100, workers: 1 } },
    ];
    documents.set(id, [...events].reverse());
    const row = toRow(foldAlert(id, events.slice(), foldRulesOf(PACK, []))!);
    table.upsert(row);
    const detail = await get<AlertDetail>(`/api/v1/alerts/${id}`);
    expect(Value.Check(AlertDetailSchema, detail)).toBe(true);
    expect(detail.events.map((event) => [event.id, event.effect])).toEqual([
      ['raised', undefined],
      ['early', false],
      ['to-other', undefined],
      ['own', undefined],
      ['away', undefined],
      ['late', false],
    ]);
    expect(detail.events.find((event) => event.effect === false && event.dueAt !== undefined)).toBeUndefined();
    const page = await get<AlertDetail>(`/api/v1/alerts/${id}?limit=1`);
    expect(page.events).toMatchObject([{ id: 'late', effect: false }]);
    const portrait = await get<EnterpriseAnswer>(
      `/api/v1/enterprises/${encodeURIComponent(row.enterprise.uscc ?? row.enterprise.name)}`,
    );
    expect(portrait.timeline.filter(({ alertId }) => alertId === id).map(({ type }) => type)).toEqual([
      'wage.alert.raised',
      'wage.alert.dispatched',
      'wage.alert.accepted',
      'wage.alert.dispatched',
    ]);
  });
});
