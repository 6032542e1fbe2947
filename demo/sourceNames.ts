import { Type, type Static } from 'typebox';
import { CHANNELS } from '../contract/codes.ts';
import { LocalNameSchema, type SourceNames } from '../contract/region.ts';
import { bankSource, demoSource } from './facts.ts';
import { readAsset } from './scenario.ts';
import { signalScenario } from './signalScenario.ts';

const ENDS = ['', 'register', 'four-platforms', ...CHANNELS, 'bank'] as const;
const NamesSchema = Type.Object(Object.fromEntries(ENDS.map((end) => [end, LocalNameSchema])));

let texts: Static<typeof NamesSchema> | undefined;

/**
 * What the sources of the demonstration are called, all plainly fictitious; `{n}` is the number of a bank.
 * @returns names by CloudEvents `source`
 * @throws Error naming the field at fault in assets/demo/sources.json
 */
export function demoSourceNames(region: string): SourceNames {
  const { bank, ...names } = (texts ??= readAsset('sources.json', NamesSchema));
  const base = demoSource(region);
  const of = Object.entries(names).map(([end, name]) => [end === '' ? base : `${base}:${end}`, name] as const);
  const banks = Array.from({ length: signalScenario().banks }, (_, i) => {
    const n = String(i + 1);
    const name = { 'zh-CN': bank!['zh-CN'].replace('{n}', n), en: bank!.en.replace('{n}', n) };
    return [`${base}:${bankSource(i + 1)}`, name] as const;
  });
  return Object.fromEntries([...of, ...banks]);
}
