import { createRulesBook } from '../../server/region/rulesBook.ts';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WindowName } from '../../contract/codes.ts';
import type { Frame } from '../../contract/frame.ts';
import type { StoredEvent } from '../../server/alerts/state.ts';
import { createRedis } from '../../server/platform/redis/connect.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { checkpointParts } from '../../server/situation/checkpointParts.ts';
import { createSituationFollower, type SituationFollower } from '../../server/situation/situationFollower.ts';
import { createCountingWorker } from '../../server/streams/counting/countingWorker.ts';
import { feedKeys } from '../../server/streams/feed/keys.ts';
import { streamKeys } from '../../server/streams/keys.ts';
import { openRegionStreams } from '../../server/streams/regionStreams.ts';
import { createStreamReader } from '../../server/streams/streamReader.ts';
import { loadRegionPacks } from '../../server/region/packs.ts';
import { Checkpointer } from '../../server/streams/feed/checkpointer.ts';
import { encodeChunk } from '../../server/streams/intake/chunk.ts';
import { SILENT } from '../../server/streams/telemetry.ts';
import { freePort } from '../../testing/freePort.ts';
import { listeningLog } from '../support/listeningLog.ts';
import { startRaw, type RawRedis } from '../../testing/rawRedis.ts';
import { until } from '../support/until.ts';

const NO_CALENDARS: readonly never[] = [];
const rules = createRulesBook(() => NO_CALENDARS);

/** The machine's clock is set, ahead or back, while the program runs: the figures are those of the right time again. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const { log, lines } = listeningLog();
const YUHANG = loadRegionPacks({
  assetsDir: join(PROJECT_ROOT, 'assets/geo'),
  dataDir: tmpdir(),
  codes: ['330110'],
}).get('330110')!;
const keys = { ...streamKeys('330110'), ...feedKeys('330110') };
let redis: RawRedis;
let port: number;
let skew = 0;
const now = () => Date.now() + skew;

const endpoint = () => ({ kind: 'single', host: '127.0.0.1', port, db: 0 }) as const;
function connect(role: 'commands' | 'blocking') {
  return createRedis(endpoint(), { role, log });
}

beforeAll(async () => {
  port = await freePort();
  redis = await startRaw({ port });
});
afterAll(() => redis.stop());

describe('a clock that is set', () => {
  it('ahead by hours and back again leaves the figures of before', async () => {
    const commands = connect('commands');
    const streams = openRegionStreams(commands, '330110');
    let token: string | undefined;
    const worker = createCountingWorker({
      redis: commands,
      endpoint: endpoint(),
      region: '330110',
      rules: () => rules(YUHANG),
      leaseMs: 2_000,
      log,
      onLease: (now) => {
        token = now;
      },
    });
    const newFollower = () =>
      createSituationFollower({
        streams,
        openReader: () => createStreamReader(connect('blocking'), [keys.changes]),
        pack: YUHANG,
        rules,
        now,
        log,
      });
    const follower = newFollower();
    const checkpointer = new Checkpointer({
      store: streams.checkpoint,
      follower,
      partsOf: checkpointParts,
      token: () => token,
      log,
      telemetry: SILENT,
    });

    const events = Array.from({ length: 300 }, (_, i): { alertId: string; event: StoredEvent } => ({
      alertId: `C${i}`,
      event: {
        type: 'wage.alert.raised',
        time: now() - Math.floor((i * 50 * HOUR) / 300) - MINUTE,
        source: 's',
        id: String(i),
        data: {
          town: '330110010',
          tier: 'red',
          industry: 'E',
          channel: 'water',
          enterprise: { name: `第${i}公司` },
          workers: i,
          amountFen: i * 100,
        },
      },
    }));
    await streams.events.accept(encodeChunk(events), events.length);
    worker.start();
    await follower.start();
    await until(() => follower.situation.table.size === 300);
    await checkpointer.write();

    const at = now();
    const shown = (of: SituationFollower) =>
      (['1h', '24h', 'today', '7d', 'all'] as WindowName[]).map((window): Frame =>
        of.situation.frame('330110', window, at, 0),
      );
    const past = (of: SituationFollower) => of.situation.pastFrame('330110', '1h', at - 48 * HOUR, 0);
    const before = [...shown(follower), past(follower)];
    expect(before[0]!.totals.raised).toBeGreaterThan(0);
    expect(before[0]!.totals.overdue).toBeLessThan(300);

    // Thirty days ahead: terms run out, and all minutes are past their keeping, here and in the checkpoint.
    skew = 30 * 24 * HOUR;
    follower.situation.advance(now());
    await checkpointer.write();
    expect(follower.situation.frame('330110', 'all', now(), 0).totals.overdue).toBe(300);
    expect(follower.situation.cube.count('minute', { lo: -Infinity, hi: Infinity })).toBe(0);

    const wrong = follower.situation;
    skew = 0;
    await until(() => follower.situation !== wrong);
    expect([...shown(follower), past(follower)]).toEqual(before);
    expect(lines).toContain('follower: all is read anew');

    // And what a process that starts now reads is right, too.
    await until(() => token !== undefined);
    await checkpointer.write();
    const second = newFollower();
    await second.start();
    expect([...shown(second), past(second)]).toEqual(before);

    // Counting goes on.
    const more = events.slice(0, 10).map(({ event }, i) => ({ alertId: `D${i}`, event: { ...event, id: `d${i}` } }));
    await streams.events.accept(encodeChunk(more), more.length);
    await until(() => follower.situation.table.size === 310 && second.situation.table.size === 310);
    expect(follower.situation.frame('330110', 'all', at, 0).totals.raised).toBe(310);
    await Promise.all([follower.stop(), second.stop(), worker.stop()]);
    commands.disconnect();
  });

  it('lets one process at a time compute everything from the documents', async () => {
    const commands = connect('commands');
    const streams = openRegionStreams(commands, '330110');
    await commands.unlink(keys.checkpoint, keys.buckets, keys.table);
    await commands.xtrim(keys.changes, 'MAXLEN', 0);
    // Entries of the feed that nobody can reach: whoever starts has to compute.
    const followers = Array.from({ length: 4 }, () =>
      createSituationFollower({
        streams,
        openReader: () => createStreamReader(connect('blocking'), [keys.changes]),
        pack: YUHANG,
        rules,
        now,
        log,
      }),
    );
    await commands.hset(keys.table, '0', 'damaged');
    await Promise.all(followers.map((follower) => follower.start()));
    const raised = followers.map((follower) => follower.situation.frame('330110', 'all', now(), 0).totals.raised);
    expect(raised).toEqual([310, 310, 310, 310]);
    await Promise.all(followers.map((follower) => follower.stop()));
    commands.disconnect();
  });
});
