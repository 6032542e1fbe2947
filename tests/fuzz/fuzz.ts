import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { WINDOWS } from '../../contract/codes.ts';
import type { Frame } from '../../contract/frame.ts';
import type { RegionPack } from '../../contract/region.ts';
import type { Footprint, ProbedServer } from '../support/probe.ts';
import { get, until } from '../support/server.ts';
import { bodyArbitrary, tryBody } from './bodies.ts';
import { hangUp } from './http.ts';
import { Ledger } from './ledger.ts';
import { documentedRoutes, queryArbitrary, rawArbitrary, tryQuery, tryRaw } from './queries.ts';
import { judgeOf } from './rules.ts';
import { messageArbitrary, openMessenger, packetArbitrary, tryPackets } from './sockets.ts';

/** What a run has found; no `faults` is a pass. */
export interface FuzzReport {
  seed: number;
  /** How many cases of each kind were tried. */
  tried: Record<string, number>;
  /** Bodies left out because two readings of them were right. */
  skipped: number;
  accepted: number;
  distinct: number;
  faults: string[];
  /** After a tenth of the cases, and at the end. */
  before: Footprint;
  after: Footprint;
}

/** Shares of the cases. */
const SHARES = { bodies: 0.64, queries: 0.16, raw: 0.05, messages: 0.12, packets: 0.03 } as const;
/** Requests wait for the disk, not for the processor: so many of a kind go on at the same time. */
const LANES = 12;
/** Caches and tables fill up with the first cases. */
const WARM_SHARE = 0.2;
/** What an accepted event may leave in memory: its alert, names and buckets are meant to stay. */
const KEPT_PER_EVENT = 400;
/** Redis, and those of our own connections that are kept. */
const SOCKETS_LEFT = 4;
const GIVEN_UP_MS = 60_000;
const SLACK = 16 * 1024 * 1024;

/**
 * Sends `runs` generated cases to a fresh server and compares every answer with what an independent reading of the
 * contract says; in the end, all figures with an independent count of what was accepted. Each lane shrinks what fails.
 */
export async function fuzz(
  server: ProbedServer,
  pack: RegionPack,
  runs: number,
  seed: number,
  say: (line: string) => void = () => undefined,
): Promise<FuzzReport> {
  const { url } = server;
  const ledger = new Ledger(pack);
  const judge = judgeOf({
    region: pack.code,
    towns: new Set(pack.towns.map(({ code }) => code)),
    tiers: new Set(pack.tiers.map(({ tier }) => tier)),
  });
  const now = Date.now();
  const routes = await documentedRoutes(url);
  const messenger = await openMessenger(url, pack);
  const tried: Record<string, number> = {};
  const faults: string[] = [];
  let skipped = 0;

  async function lane<T>(
    name: keyof typeof SHARES,
    share: number,
    laneSeed: number,
    cases: fc.Arbitrary<T>,
    attempt: (one: T) => Promise<string | undefined>,
  ): Promise<void> {
    const numRuns = Math.ceil(runs * SHARES[name] * share);
    const details = await fc.check(
      fc.asyncProperty(cases, async (one) => {
        const fault = await attempt(one);
        if (fault !== undefined) throw new Error(fault);
      }),
      { numRuns, seed: laneSeed, interruptAfterTimeLimit: 3_600_000 },
    );
    tried[name] = (tried[name] ?? 0) + details.numRuns;
    if (details.failed)
      faults.push(
        `${name}: ${(details.errorInstance as Error | null)?.message ?? 'failed'}\n  with ${fc.stringify(details.counterexample?.[0]).slice(0, 1500)}`,
      );
  }
  const bodies = async (one: Parameters<typeof tryBody>[1]) => {
    const result = await tryBody(url, one, judge, ledger);
    if (result !== 'skipped') return result;
    skipped++;
    return undefined;
  };
  async function part(share: number, partSeed: number): Promise<Footprint> {
    await Promise.all([
      ...Array.from({ length: LANES }, (_, i) =>
        lane('bodies', share / LANES, partSeed + 10 + i, bodyArbitrary(pack, now, `${partSeed}${i}-`), bodies),
      ),
      ...Array.from({ length: LANES }, (_, i) =>
        lane('queries', share / LANES, partSeed + 50 + i, queryArbitrary(routes.reads, now), (one) =>
          tryQuery(url, one),
        ),
      ),
      lane('raw', share, partSeed + 3, rawArbitrary(routes.paths), (one) => tryRaw(url, one)),
      lane('messages', share, partSeed + 4, messageArbitrary(pack), (one) => messenger.try(one)),
      lane('packets', share, partSeed + 5, packetArbitrary, (one) => tryPackets(url, one)),
    ]);
    await counted();
    hangUp();
    return server.footprint();
  }
  const counted = () =>
    until(
      'everything accepted is counted',
      async () => {
        const text = await (await fetch(`${url}/metrics`)).text();
        const value = (name: string) =>
          Number(new RegExp(`^wagewatch_events_${name}_total (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
        return value('counted') >= value('accepted') && /^wagewatch_lag_seconds\S* 0$/m.test(text);
      },
      60_000,
    );

  const before = await part(WARM_SHARE, seed);
  say(`a fifth: heap ${mib(before.heap)}, ${JSON.stringify(tried)}`);
  const acceptedBefore = ledger.distinct;
  let after = faults.length ? before : await part(1 - WARM_SHARE, seed + 1_000);
  messenger.close();

  for (const scope of [pack.code, pack.towns[0]!.code]) {
    for (const window of WINDOWS) {
      const wrong = ledger.faults(await get<Frame>(url, `/api/v1/snapshot?scope=${scope}&window=${window}`));
      if (wrong.length) faults.push(`${scope} ${window}: ${wrong.slice(0, 5).join('; ')}`);
    }
  }
  const allowed = SLACK + (ledger.distinct - acceptedBefore) * KEPT_PER_EVENT;
  if (after.heap + after.external > before.heap + before.external + allowed)
    faults.push(`leak: ${mib(before.heap + before.external)} grew to ${mib(after.heap + after.external)}`);
  // Connections that a client dropped half-way are given up after a time limit.
  await until(
    'no socket is open',
    async () => {
      await sleep(1_000);
      after = await server.footprint();
      return (after.resources.TCPSocketWrap ?? 0) <= SOCKETS_LEFT;
    },
    GIVEN_UP_MS,
  ).catch(() => faults.push(`leak: ${after.resources.TCPSocketWrap} sockets are open`));
  if (/request failed|Unhandled|at .*\.js:\d+/.test(server.output()))
    faults.push(`the server complained: ${server.output().slice(0, 1500)}`);
  if (server.child.exitCode !== null || server.child.signalCode !== null) faults.push('the server has ended');
  return { seed, tried, skipped, accepted: ledger.accepted, distinct: ledger.distinct, faults, before, after };
}

export const mib = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
