import { CHANNELS } from '../contract/codes.ts';
import { HOUR_MS } from '../common/regionTime.ts';
import { lowerBound, PLAN, stageOf, type Fate, type HistoryPlan, type totalsAt } from './historyPlan.ts';
import type { Recovery } from './lifePlan.ts';
import { apportion, Random } from './random.ts';

/** How alerts of a history end: who is paid, and which were false. */

/** Industries of the enterprises that paid. */
const PAYING = 'ECHFL';

/** Who is paid, how much, and when: some in the last days, the rest over the years. Sums are exact. */
export function decideRecoveries(
  plan: HistoryPlan,
  fates: Map<number, Fate>,
  totals: ReturnType<typeof totalsAt>,
  decide: (n: number, recovery: Recovery, presence: number) => void,
): void {
  const { world, raisedAt, anchor } = plan;
  const { scenario, scale } = world;
  const random = new Random(world.seed, PLAN, 2);
  if (!totals.enterprisesPaid) return;
  const count = Math.max(totals.enterprisesPaid, Math.round(scenario.recovery.alerts * scale));

  const since = (hours: number) => lowerBound(raisedAt, anchor - hours * HOUR_MS);
  const audited = [...fates].filter(([, { stage }]) => stage === 'audited').map(([n]) => n);
  const justClosed = [...fates].filter(([, { stage }]) => stage === 'closed').map(([n]) => n);
  const closedIn = (from: number, to: number) =>
    Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i).filter((n) => !fates.has(n));
  const month = since(720);
  const pools = [audited, justClosed, closedIn(since(168), raisedAt.length), closedIn(month, since(168))];
  const wanted = [2, 1, 2, 2].map((k) => Math.min(Math.round(k * scale), Math.floor(count / 8)));
  const chosen = pools.flatMap((pool, i) => random.shuffle(pool).slice(0, wanted[i]));
  // The rest from the years before, one from each of equal parts of the list: so they follow its peaks.
  const rest = Math.min(count - chosen.length, month);
  for (let i = 0; i < rest; i++) {
    const from = Math.floor((i * month) / rest);
    const to = Math.floor(((i + 1) * month) / rest);
    chosen.push(random.int(from, to - 1));
  }

  const payers = random.shuffle(world.homes.filter((home) => PAYING.includes(world.presences[home]!.industry)).slice());
  const enterprises = payers.slice(0, totals.enterprisesPaid);
  if (enterprises.length < totals.enterprisesPaid) throw new Error('the scenario has fewer enterprises than have paid');
  if (chosen.length > totals.recoveredWorkers)
    throw new Error('the scenario has more payments than workers who were paid');
  const weights = chosen.map(() => Math.exp(0.6 * random.normal()));
  const workers = apportion(totals.recoveredWorkers - chosen.length, weights).map((share) => share + 1);
  const hundreds = apportion(
    totals.recoveredFen / 10_000,
    workers.map((people) => people * random.between(0.7, 1.4)),
  );
  random.shuffle(chosen);
  chosen.forEach((n, i) => {
    decide(n, { workers: workers[i]!, amountFen: hundreds[i]! * 10_000 }, enterprises[i % enterprises.length]!);
  });
}

/** Exactly so many false alarms among the audited: rather where the scenario expects them. */
export function decideVerdicts(
  { world, raisedAt }: HistoryPlan,
  fates: Map<number, Fate>,
  recoveries: Map<number, Recovery>,
  tiers: Uint8Array,
  channels: Uint8Array,
  verdicts: Uint8Array,
  falseAlarms: number,
): void {
  const { falseAlarm } = world.scenario;
  const random = new Random(world.seed, PLAN, 3);
  const audited = new Int32Array(raisedAt.length);
  const keys = new Float64Array(raisedAt.length);
  let count = 0;
  for (let n = 0; n < raisedAt.length; n++) {
    if (recoveries.has(n) || stageOf(fates.get(n)) === 'open') continue;
    const weight = falseAlarm.tiers[world.tiers[tiers[n]!]!.tier] * (falseAlarm.channels[CHANNELS[channels[n]!]!] ?? 1);
    // Sampling without replacement by weight: the smallest exponential waiting times (Efraimidis and Spirakis).
    audited[count] = n;
    keys[count++] = -Math.log(1 - random.next()) / weight;
  }
  if (count < falseAlarms) throw new Error('the scenario has more false alarms than audited alerts');
  const limit = keys.slice(0, count).sort()[falseAlarms] ?? Infinity;
  let left = falseAlarms;
  for (let i = 0; i < count; i++) {
    const isFalse = keys[i]! < limit;
    verdicts[audited[i]!] = isFalse ? 1 : 0;
    if (isFalse) left--;
  }
  // Keys equal to the limit.
  for (let i = 0; i < count && left > 0; i++) {
    if (keys[i] === limit) {
      verdicts[audited[i]!] = 1;
      left--;
    }
  }
}
