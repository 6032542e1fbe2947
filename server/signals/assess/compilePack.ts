import { CHANNELS, TIERS, type Channel, type Tier } from '../../../contract/codes.ts';
import {
  PLAIN_VARIABLES,
  QUIET_DAYS,
  type PackFault,
  type PackIndicator,
  type RulePack,
} from '../../../contract/rulePack.ts';
import { thousandths } from '../../../common/decimal.ts';
import type { CompiledIndicator, CompiledPack, PackContext } from './compiledPack.ts';
import { compileCondition } from './conditions.ts';
import { packFaults } from './packFaults.ts';

export type Compiled = { ok: true; pack: CompiledPack } | { ok: false; faults: PackFault[] };

/**
 * Checks a rule pack (signals §2) and compiles it, once. Pure. The tests in the pack are not run
 * (server/signals/packs/packTests.ts).
 * @param json as parsed from JSON, from anywhere
 */
export function compilePack(json: unknown, context: PackContext = {}): Compiled {
  const faults = packFaults(json, context);
  return faults.length ? { ok: false, faults } : { ok: true, pack: compile(json as RulePack, context) };
}

/** @param source has no faults */
function compile(source: RulePack, { indicators: known }: PackContext): CompiledPack {
  const slotOf = new Map<string, number>();
  const slot = (variable: string) => {
    slotOf.set(variable, slotOf.size);
    return slotOf.size - 1;
  };
  const slots = Object.fromEntries(PLAIN_VARIABLES.map((name) => [name, slot(name)])) as CompiledPack['slots'];
  const channels = CHANNELS.filter((code) => Object.hasOwn(source.channels, code)).map((code) => ({
    code,
    cap: thousandths(source.channels[code]!.cap),
    slot: slot(`channel:${code}`),
  }));
  const channelAt = new Map<Channel, number>(channels.map(({ code }, i) => [code, i]));
  // Codes that no stored version knows yet come after those that one does.
  let next = known?.size ?? 0;
  const indicators = Object.entries(source.indicators).map(([code, indicator]) =>
    compileIndicator(code, indicator, {
      number: known?.get(code)?.number ?? next++,
      channel: channelAt.get(indicator.channel)!,
      slot: slot(`indicator:${code}`),
    }),
  );
  const byNumber: (CompiledIndicator | undefined)[] = [];
  for (const indicator of indicators) byNumber[indicator.number] = indicator;
  return {
    source,
    region: source.region,
    version: source.version,
    indicators,
    byNumber: Array.from(byNumber),
    channels,
    rules: source.tiers.map(({ id, tier, when }) => ({
      id,
      tier,
      matches: compileCondition(when, (variable) => slotOf.get(variable)!),
    })),
    watch: thousandths(source.watch),
    quietDays: source.quietDays ?? QUIET_DAYS,
    variables: slotOf.size,
    slots,
  };
}

function compileIndicator(
  code: string,
  { kind, measure, validDays, windowDays, points, owed, months }: PackIndicator,
  placed: Pick<CompiledIndicator, 'number' | 'channel' | 'slot'>,
): CompiledIndicator {
  return {
    code,
    ...placed,
    kind,
    measure,
    days: (kind === 'state' ? validDays : windowDays)!,
    thresholds: points.map(([threshold]) => thousandths(threshold)),
    points: points.map(([, given]) => thousandths(given)),
    owed: owed === true,
    months: months === true,
  };
}

/** How grave a tier is: 0 is the gravest. */
export const gravity = (tier: Tier): number => TIERS.indexOf(tier);
