import type { WageEvent } from '../../contract/events.ts';
import type { AlertBrief } from '../../contract/frame.ts';
import type { RulePack } from '../../contract/rulePack.ts';
import { normalName, usccCheck } from '../../common/identity.ts';
import { toRfc3339 } from '../../common/regionTime.ts';
import type { SubjectKey } from '../../common/subjectKey.ts';
import type { RedisClient } from '../../server/platform/redis/connect.ts';
import { createRuleStore } from '../../server/signals/packs/ruleStore.ts';
import { get } from './server.ts';
import { randomOf } from './workload.ts';

/** Rules, employers and observations for tests with real processes. All names are fictitious. */

export const REGION = '330110';
const HOUR = 3_600_000;
const text = { 'zh-CN': '近 {days} 天 {count} 起', en: '{count} in {days} days' };
const rule = (id: string, tier: 'red' | 'orange' | 'yellow', score: number) =>
  ({ id, tier, name: { 'zh-CN': `某规则${id}`, en: id }, when: ['score', '>=', score] }) as const;

/** Facts that only add up: the more there are, the graver. */
export function rulesOf(version: string, [red, orange, yellow]: [number, number, number] = [60, 30, 15]): RulePack {
  return {
    region: REGION,
    version,
    name: { 'zh-CN': '某区规则', en: 'some rules' },
    watch: 15,
    channels: { petition: { cap: 100, everyDays: 7 }, hotline: { cap: 100 } },
    indicators: {
      'petition.received': {
        channel: 'petition',
        kind: 'event',
        measure: 'count',
        unit: 'case',
        windowDays: 60,
        owed: true,
        points: [
          [1, 5],
          [2, 15],
          [4, 30],
        ],
        text,
      },
      'hotline.call': {
        channel: 'hotline',
        kind: 'event',
        measure: 'count',
        unit: 'call',
        windowDays: 60,
        points: [
          [2, 10],
          [4, 30],
        ],
        text,
      },
    },
    tiers: [rule('R1', 'red', red), rule('O1', 'orange', orange), rule('Y1', 'yellow', yellow)],
  };
}

/** The same, and one clue that somebody reports is enough for an alert. */
export function clueRules(version: string): RulePack {
  const rules = rulesOf(version);
  rules.channels.grid = { cap: 100 };
  rules.indicators['grid.report'] = {
    ...rules.indicators['petition.received']!,
    channel: 'grid',
    unit: 'report',
    points: [[1, 20]],
  };
  return rules;
}

/** Adds a version and puts it in force. */
export async function inForce(redis: RedisClient, pack: RulePack, settle = false): Promise<void> {
  const rules = createRuleStore(redis, REGION);
  const change = { by: 'test', at: toRfc3339(Date.now()) };
  await rules.add(pack, change);
  const entry = await rules.activate(await rules.log(), { version: pack.version, ...change, settle }, Date.now());
  if (entry === undefined) throw new Error(`version ${pack.version} was not activated`);
}

export const usccOf = (n: number): string => {
  const first = `91330110${String(n).padStart(9, '0')}`;
  return first + usccCheck(first);
};

export function registration(n: number, name: string, more: object = {}): WageEvent<'wage.subject.registered'> {
  return {
    specversion: '1.0',
    id: `r${n}`,
    source: 'urn:test:register',
    type: 'wage.subject.registered',
    time: toRfc3339(Date.now() - 1_000 * HOUR),
    data: {
      region: REGION,
      kind: 'enterprise',
      enterprise: { uscc: usccOf(n), name },
      town: '330110001',
      industry: 'C',
      status: 'active',
      ...more,
    },
  };
}

let observations = 0;
export function observation(
  indicator: string,
  enterprise: { uscc?: string; name?: string },
  more: object = {},
  time = Date.now() - HOUR,
  id = `o${++observations}`,
): WageEvent<'wage.signal.observed'> {
  return {
    specversion: '1.0',
    id,
    source: `urn:test:${indicator.split('.')[0]!}`,
    type: 'wage.signal.observed',
    time: toRfc3339(time),
    data: { region: REGION, indicator, enterprise, ...more },
  };
}

export type SignalEvent = WageEvent<'wage.subject.registered'> | WageEvent<'wage.signal.observed'>;

export interface SignalWorkload {
  /** As they arrive: out of order, some of them twice. */
  arriving: SignalEvent[];
  /** Tier of each employer when all is in, by its key; of those that have one. */
  tiers: Map<SubjectKey, string>;
  observations: number;
}

/**
 * Registrations and observations of employers, which some observations name by name only. What they come to is added up while
 * they are written, so it owes nothing to the program.
 */
export function signalWorkload({
  first = 0,
  employers,
  observations: wanted,
  seed,
}: {
  /** Number of the first employer: workloads with other employers may share a server. */
  first?: number;
  employers: number;
  observations: number;
  seed: number;
}): SignalWorkload {
  const random = randomOf(seed);
  const events: SignalEvent[] = [];
  const counts = Array.from({ length: employers }, () => ({ 'petition.received': 0, 'hotline.call': 0 }));
  for (let n = 0; n < employers; n++) events.push(registration(first + n, `某${first + n}厂 有限公司`));
  for (let i = 0; i < wanted; i++) {
    const n = Math.floor(random() * employers);
    // Few have much.
    const indicator = n % 7 === 0 && random() < 0.5 ? 'petition.received' : 'hotline.call';
    if (indicator === 'hotline.call' && n % 3 !== 0 && counts[n]!['hotline.call'] > 0) continue;
    counts[n]![indicator]++;
    const enterprise = random() < 0.3 ? { name: `某${first + n}厂有限公司` } : { uscc: usccOf(first + n) };
    events.push(
      observation(
        indicator,
        enterprise,
        { workers: 1 + (i % 20) },
        Date.now() - HOUR * (1 + (i % 200)),
        `${seed}-${i}`,
      ),
    );
  }
  const observed = events.length - employers;
  const arriving = events.concat(events.filter(() => random() < 0.15));
  for (let i = arriving.length - 1; i > 0; i--) {
    const j = Math.max(0, i - Math.floor(random() * arriving.length * 0.3));
    [arriving[i], arriving[j]] = [arriving[j]!, arriving[i]!];
  }
  const tiers = new Map<SubjectKey, string>();
  counts.forEach((count, n) => {
    const petitions = count['petition.received'];
    const calls = count['hotline.call'];
    const score =
      (petitions >= 4 ? 30 : petitions >= 2 ? 15 : petitions >= 1 ? 5 : 0) + (calls >= 4 ? 30 : calls >= 2 ? 10 : 0);
    const tier = score >= 60 ? 'red' : score >= 30 ? 'orange' : score >= 15 ? 'yellow' : undefined;
    if (tier) tiers.set(`U:${usccOf(first + n)}`, tier);
  });
  return { arriving, tiers, observations: observed };
}

/** All alerts of the region. */
export async function allAlerts(url: string): Promise<AlertBrief[]> {
  const items: AlertBrief[] = [];
  for (let cursor = ''; ;) {
    const page = await get<{ items: AlertBrief[]; cursor?: string }>(
      url,
      `/api/v1/alerts?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    items.push(...page.items);
    if (page.cursor === undefined) return items;
    cursor = page.cursor;
  }
}

/** Tiers of alerts by the employer's key; fails when one has two. */
export function tiersOf(alerts: readonly AlertBrief[]): Map<string, string> {
  const tiers = new Map<string, string>();
  for (const { enterprise, tier, alertId } of alerts) {
    const key = enterprise.uscc === undefined ? `N:${normalName(enterprise.name)}` : `U:${enterprise.uscc}`;
    if (tiers.has(key)) throw new Error(`${key} has a second alert, ${alertId}`);
    tiers.set(key, tier);
  }
  return tiers;
}
