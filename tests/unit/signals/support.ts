import type { PackIndicator, RulePack } from '../../../contract/rulePack.ts';
import { startOfDay, parseDay, HOUR_MS } from '../../../common/regionTime.ts';
import { assess, type Assessment } from '../../../server/signals/assess/assess.ts';
import type { CompiledPack } from '../../../server/signals/assess/compiledPack.ts';
import { compilePack } from '../../../server/signals/assess/compilePack.ts';
import { NO_UNTIL, type Observation } from '../../../server/signals/assess/observation.ts';

/** Small packs and observations for tests of the rules. */

export const DAY = parseDay('2026-12-01')!;

const name = { 'zh-CN': '某规则', en: 'some rule' };
export const STATE: PackIndicator = {
  channel: 'water',
  kind: 'state',
  measure: 'value',
  unit: 'day',
  validDays: 45,
  points: [
    [15, 5],
    [30, 15],
    [60, 30],
  ],
  text: { 'zh-CN': '逾期 {value} 天', en: '{value} days overdue' },
};
export const EVENT: PackIndicator = {
  channel: 'petition',
  kind: 'event',
  measure: 'count',
  unit: 'case',
  windowDays: 60,
  owed: true,
  points: [
    [1, 15],
    [2, 30],
    [5, 50],
  ],
  text: { 'zh-CN': '近 {days} 天 {count} 起', en: '{count} in {days} days' },
};

export function packOf(parts: Partial<RulePack> = {}): RulePack {
  return {
    region: '330110',
    version: 'test.1',
    name,
    watch: 20,
    channels: { water: { cap: 30 }, petition: { cap: 50, everyDays: 7 } },
    indicators: { 'water.overdue': STATE, 'petition.received': EVENT },
    tiers: [{ id: 'R1', tier: 'red', name, when: ['score', '>=', 60] }],
    ...parts,
  };
}

export function compiled(parts: Partial<RulePack> = {}): CompiledPack {
  const result = compilePack(packOf(parts));
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.pack;
}

let ids = 0;
/** An observation at noon, `age` days before `DAY`. */
export function seen(pack: CompiledPack, code: string, age: number, more: Partial<Observation> = {}): Observation {
  return {
    indicator: pack.indicators.find((one) => one.code === code)!.number,
    ref: '',
    time: startOfDay(DAY - age) + 12 * HOUR_MS,
    source: 'urn:test:a',
    id: `o${ids++}`,
    value: 1000,
    amountFen: 0,
    workers: 0,
    until: NO_UNTIL,
    ...more,
  };
}

export function assessed(
  pack: CompiledPack,
  observations: Observation[],
  { headcount, settledAt = -Infinity, day = DAY }: { headcount?: number; settledAt?: number; day?: number } = {},
): Assessment {
  return assess(observations, headcount === undefined ? undefined : { headcount }, settledAt, pack, day);
}
