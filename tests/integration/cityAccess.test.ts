import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccessToken } from '../../contract/access.ts';
import { contains, isUpper, regionOfCode } from '../../common/divisions.ts';
import type { Frame } from '../../contract/frame.ts';
import type { AlertDetail, AlertList } from '../../contract/rest.ts';
import type { WatchAck } from '../../contract/protocol.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { loadRegionPacks } from '../../server/region/packs.ts';
import { raised } from '../support/events.ts';
import { entry } from '../support/letIn.ts';
import { mintToken } from '../../server/access/secret.ts';
import { askPatiently } from '../support/patient.ts';
import { BATCH, startServer, until, type RunningServer } from '../support/server.ts';

/**
 * A city over its thirteen districts (issue 5, point 1): whoever is of one district or town gets nothing of another, whoever
 * is of the city all, by REST and by socket. Each alert has a name of its own, looked for in every byte of every answer.
 */

const CITY = '330100';
const [TOWN, TOWN_BESIDE, TOWN_ELSEWHERE] = ['330110010', '330110001', '330182100'];
const [DISTRICT, OTHER] = ['330110', '330182'];
const TOWNS = [TOWN, TOWN_BESIDE, TOWN_ELSEWHERE, '330102001'];
const SCOPES = [CITY, DISTRICT, OTHER, '330102', ...TOWNS];

const GRANTS = {
  cityDisplay: { role: 'display', scope: CITY },
  cityOfficer: { role: 'officer', scope: CITY },
  cityLeader: { role: 'leader', scope: CITY },
  display: { role: 'display', scope: DISTRICT },
  officer: { role: 'officer', scope: DISTRICT },
  leader: { role: 'leader', scope: DISTRICT },
  townDisplay: { role: 'display', scope: TOWN },
  townOfficer: { role: 'officer', scope: TOWN },
  otherLeader: { role: 'leader', scope: OTHER },
  admin: { role: 'admin', scope: DISTRICT },
} as const satisfies Record<string, Partial<AccessToken>>;
type Asker = keyof typeof GRANTS;
const ASKERS = Object.keys(GRANTS) as Asker[];
const tokens = Object.fromEntries(ASKERS.map((name) => [name, mintToken()])) as Record<Asker, string>;
const covers = (asker: Asker, division: string) => asker === 'admin' || contains(GRANTS[asker].scope, division);
const masked = (asker: Asker) => GRANTS[asker].role === 'display';

/** Ids and names of the alerts, by town: what tells in any answer that something of that town is in it. */
const idOf = (town: string, n = 1) => `ALERT-${town}-${n}`;
const nameOf = (town: string) => `第${town}号建筑有限公司`;
/** The same id in two districts: an id is one district's own. */
const SHARED = 'SHARED-1';
function alertsOf(town: string, n: number, more: string[] = []): object[] {
  return [idOf(town, n), ...more].map((alertId) => {
    const { data, ...envelope } = raised(Date.now() - 1_000, {
      alertId,
      town,
      tier: 'orange',
      enterprise: { name: nameOf(town), uscc: `U${town}` },
      location: { lng: 120.04, lat: 30.37 },
    });
    return { ...envelope, id: `${town}-${alertId}`, data: { ...data, region: regionOfCode(town) } };
  });
}
/** The towns of which something is in a text that the asker may not see. */
const foreign = (asker: Asker, text: string) =>
  TOWNS.filter(
    (town) =>
      !covers(asker, town) &&
      (text.includes(`ALERT-${town}`) || text.includes(nameOf(town)) || text.includes(`U${town}`)),
  );

const dir = mkdtempSync(join(tmpdir(), 'city-access-'));
let server: RunningServer;
const sockets: Socket[] = [];
const ask = (asker: Asker, path: string) =>
  askPatiently(`${server.url}${path}`, { headers: { authorization: `Bearer ${tokens[asker]}` } });
const send = (events: object[]) =>
  fetch(`${server.url}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens.admin}`, 'content-type': BATCH },
    body: JSON.stringify(events),
  });

beforeAll(async () => {
  const file = join(dir, 'access.json');
  writeFileSync(file, JSON.stringify({ tokens: ASKERS.map((name) => entry(name, tokens[name], GRANTS[name])) }));
  server = await startServer({ REGION: CITY, ACCESS_FILE: file });
  const events = TOWNS.flatMap((town) => alertsOf(town, 1, [TOWN, TOWN_ELSEWHERE].includes(town) ? [SHARED] : []));
  expect(await (await send(events)).json()).toMatchObject({ accepted: events.length });
  await until(
    'all are counted',
    async () =>
      ((await (await ask('admin', `/api/v1/snapshot?scope=${CITY}`)).json()) as Frame).totals.raised === events.length,
  );
}, 90_000);
afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await server.stop();
  rmSync(dir, { recursive: true });
});

describe('a city over its districts', () => {
  it('is over all thirteen of them', () => {
    const packs = loadRegionPacks({ assetsDir: join(PROJECT_ROOT, 'assets/geo'), dataDir: dir, codes: [CITY] }).list();
    expect(packs.filter((pack) => !isUpper(pack))).toHaveLength(13);
  });

  it('answers each role with its own scope, and nothing of another', async () => {
    const wrong: string[] = [];
    for (const asker of ASKERS) {
      const check = async (path: string, expected: 'in' | 403 | 404) => {
        const answer = await ask(asker, path);
        const text = await answer.text();
        if (expected === 'in' ? answer.status !== 200 : answer.status !== expected)
          wrong.push(`${path} by ${asker}: ${answer.status}, not ${expected}: ${text.slice(0, 200)}`);
        // What was asked for is said again in a refusal; that is no news to whoever asked.
        const asked = /ALERT-\d+-\d+|U\d{9}/.exec(path)?.[0];
        const said = answer.status === 200 || asked === undefined ? text : text.replaceAll(asked, '');
        wrong.push(...foreign(asker, said).map((town) => `${path} by ${asker}: something of ${town}`));
        return text;
      };
      for (const scope of SCOPES) {
        const may = covers(asker, scope);
        const lists = may ? 'in' : 403;
        await check(`/api/v1/snapshot?scope=${scope}&window=24h`, lists);
        await check(
          `/api/v1/snapshot?scope=${scope}&window=24h&at=${encodeURIComponent(new Date().toISOString())}`,
          lists,
        );
        await check(`/api/v1/series?measure=raised&split=town&scope=${scope}`, lists);
        const listed = await check(`/api/v1/alerts?scope=${scope}`, lists);
        if (may)
          for (const town of TOWNS.filter((one) => contains(scope, one)))
            if (!listed.includes(idOf(town))) wrong.push(`${asker} misses ${town} in ${scope}`);
        await check(`/api/v1/alerts.csv?scope=${scope}`, may && !masked(asker) ? 'in' : 403);
        if (scope.length === 6)
          await check(`/api/v1/regions/${scope}`, may || regionOfCode(GRANTS[asker].scope) === scope ? 'in' : 403);
      }
      for (const town of TOWNS) {
        const there = covers(asker, town) ? 'in' : 404;
        // In its district, in the city, and in what is theirs without being asked for; an admin's is what is shown first.
        for (const scope of [`?scope=${regionOfCode(town)}`, `?scope=${CITY}`, '']) {
          await check(`/api/v1/alerts/${idOf(town)}${scope}`, there);
          await check(`/api/v1/alerts/${idOf(town)}/neighbours${scope}`, masked(asker) ? 403 : there);
        }
        await check(
          `/api/v1/enterprises/U${town}?scope=${regionOfCode(town)}`,
          masked(asker) || !covers(asker, regionOfCode(town)) ? 403 : 'in',
        );
      }
      // An id that two districts use: who may see one of them gets that one, and is not told of the other.
      const status = (await ask(asker, `/api/v1/alerts/${SHARED}?scope=${CITY}`)).status;
      if (status !== (covers(asker, CITY) ? 409 : 200)) wrong.push(`the shared id by ${asker}: ${status}`);
      const { items } = (await (await ask(asker, '/api/v1/regions')).json()) as { items: { code: string }[] };
      const count = covers(asker, CITY) ? 14 : 1;
      if (items.length !== count) wrong.push(`${asker} is told of ${items.length} regions, not of ${count}`);
      const own = ((await (await ask(asker, '/api/v1/snapshot')).json()) as Frame).scope;
      if (own !== (asker === 'admin' ? CITY : GRANTS[asker].scope)) wrong.push(`${asker} is shown ${own} by itself`);
    }
    expect(wrong).toEqual([]);
  });

  it('keeps apart two alerts of one id: in frames, lists, files and the details of each', async () => {
    const path = (rest: string) => `/api/v1/${rest}${rest.includes('?') ? '&' : '?'}scope=${CITY}`;
    const json = async <T>(rest: string, asker: Asker = 'cityOfficer') =>
      (await (await ask(asker, path(rest))).json()) as T;
    const both = [DISTRICT, OTHER].map((region) => `${region}/${SHARED}`);
    const shared = (frame: Frame) => Object.keys(frame.latest).filter((key) => key.endsWith(SHARED));
    const moment = encodeURIComponent(new Date().toISOString());
    for (const asker of ['cityOfficer', 'cityDisplay'] as const) {
      expect(shared(await json<Frame>('snapshot?window=24h', asker)).sort(), asker).toEqual(both);
      expect(shared(await json<Frame>(`snapshot?window=24h&at=${moment}`, asker)).sort(), asker).toEqual(both);
    }
    const { items } = await json<AlertList>(`alerts?q=${SHARED}`);
    expect(items.map(({ region, town }) => [region, regionOfCode(town)]).sort()).toEqual(
      [DISTRICT, OTHER].map((region) => [region, region]),
    );
    for (const { region, town } of items) {
      const detail = (await (
        await ask('cityOfficer', `/api/v1/alerts/${SHARED}?scope=${region}`)
      ).json()) as AlertDetail;
      expect([detail.region, detail.town]).toEqual([region, town]);
      const file = await (
        await ask('cityOfficer', path(`alerts.csv?id=${encodeURIComponent(`${region}/${SHARED}`)}`))
      ).text();
      expect(file.trim().split('\r\n')).toHaveLength(2);
      expect(file).toContain(nameOf(town));
    }
    expect((await ask('cityOfficer', path(`alerts.csv?id=${SHARED}`))).status).toBe(409);
    const alone = await ask('cityOfficer', path(`alerts.csv?id=${idOf(TOWN)}`));
    expect(await alone.text()).toContain(nameOf(TOWN));
  });

  it('lets each role watch its own scope, and sends it nothing of another', async () => {
    const wrong: string[] = [];
    const heard = new Map<Asker, string>();
    for (const asker of ASKERS) {
      const socket = io(`${server.url}/wall`, {
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
        auth: { token: tokens[asker] },
      });
      sockets.push(socket);
      heard.set(asker, '');
      socket.onAny((name, message) => {
        heard.set(asker, `${heard.get(asker)!}${JSON.stringify([name, message])}`);
      });
      await new Promise<void>((resolve, reject) => {
        socket.on('connect', resolve);
        socket.on('connect_error', reject);
      });
      const watch = async (scope: string) => {
        const ack = (await socket.emitWithAck('watch', { scope, window: '24h' })) as WatchAck;
        const told = 'problem' in ack ? ack.problem.code : ack.frame.scope;
        if (told !== (covers(asker, scope) ? scope : 'not-allowed')) wrong.push(`${asker} watches ${scope}: ${told}`);
        wrong.push(...foreign(asker, JSON.stringify(ack)).map((town) => `${asker} in the frame of ${scope}: ${town}`));
      };
      for (const scope of SCOPES) await watch(scope);
      // What is refused takes nothing away: from here on they hear of all that is theirs.
      const own = asker === 'admin' ? CITY : GRANTS[asker].scope;
      await watch(own);
      for (const scope of SCOPES) if (!covers(asker, scope)) await watch(scope);
    }
    // The second id of each is used in both districts of the city: the alarm must tell them apart.
    await send(TOWNS.flatMap((town) => alertsOf(town, 2, [TOWN, TOWN_ELSEWHERE].includes(town) ? ['SHARED-2'] : [])));
    const hears = (asker: Asker, town: string) => heard.get(asker)!.includes(idOf(town, 2));
    await until('each has heard of its own', () =>
      ASKERS.every(
        (asker) =>
          TOWNS.filter((town) => covers(asker, town)).every((town) => hears(asker, town)) &&
          heard.get(asker)!.includes('"alert"') &&
          heard.get(asker)!.includes('"patch"'),
      ),
    );
    for (const asker of ['cityOfficer', 'cityDisplay'] as const)
      for (const region of [DISTRICT, OTHER])
        if (!heard.get(asker)!.includes(`{"region":"${region}","alertId":"SHARED-2"`))
          wrong.push(`${asker} is not told that ${region} has an alert SHARED-2`);
    for (const asker of ASKERS)
      wrong.push(...foreign(asker, heard.get(asker)!).map((town) => `${asker} hears of ${town}`));
    expect(wrong).toEqual([]);
  });
});
