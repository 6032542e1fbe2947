import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PackFault, RulePack } from '../../../contract/rulePack.ts';
import { isUpper } from '../../../common/divisions.ts';
import type { RegionPack } from '../../../contract/region.ts';
import { SettingError } from '../../platform/settings.ts';
import { checkPack } from './checkPack.ts';
import type { KnownIndicators } from './ruleStore.ts';

/** So many faults of a file are told. */
const MOST_TOLD = 10;

/**
 * The rule pack that is shipped for a region, if one is; with all its tests run.
 * @param folder of the shipped packs (`assets/rules`)
 * @throws SettingError naming each fault: a program with rules that fail their own tests does not start
 */
export function shippedPack(folder: string, region: RegionPack, indicators: KnownIndicators): RulePack | undefined {
  const file = join(folder, `${region.code}.json`);
  if (isUpper(region) || !existsSync(file)) return undefined;
  const json = parse(readFileSync(file, 'utf8'));
  const checked = json.ok ? checkPack(json.value, region, indicators) : { ok: false as const, faults: [json.fault] };
  if (checked.ok) return checked.pack.source;
  throw new SettingError(checked.faults.slice(0, MOST_TOLD).map(({ path, problem }) => `${file} ${path} ${problem}`));
}

function parse(text: string): { ok: true; value: unknown } | { ok: false; fault: PackFault } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, fault: { path: '', problem: `is no JSON: ${(error as Error).message}` } };
  }
}
