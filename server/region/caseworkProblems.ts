import { OUTCOMES } from '../../contract/codes.ts';
import { normalName } from '../../common/identity.ts';
import { parseTerm, type Term } from '../../common/terms/term.ts';
import type { RegionPack } from '../../contract/region.ts';

/** What is wrong with the units, dispatch rules, outcomes, terms and ladder of a pack, as sentences that name the field. */
export function caseworkProblems(pack: RegionPack): string[] {
  return [
    ...unitProblems(pack),
    ...dispatchProblems(pack),
    ...outcomeProblems(pack),
    ...termProblems(pack),
    ...ladderProblems(pack),
  ];
}

function unitProblems({ units = [], towns }: RegionPack): string[] {
  const problems: string[] = [];
  const known = new Set(towns.map(({ code }) => code));
  /** An event names a unit by its code or its name, whatever their width and white space: neither may mean two. */
  const meant = new Map<string, { index: number; field: string; text: string }>();
  for (const [index, unit] of units.entries()) {
    for (const [field, text] of [
      ['code', unit.code],
      ['name', unit.name['zh-CN']],
    ] as const) {
      const before = meant.get(normalName(text));
      if (!before) meant.set(normalName(text), { index, field, text });
      else if (before.index !== index)
        problems.push(
          before.text === text && before.field === field
            ? `units[${index}].${field} ${text} is there twice: units[${before.index}] has it, too`
            : `units[${index}].${field} ${JSON.stringify(text)} and units[${before.index}].${before.field} ${JSON.stringify(before.text)} are one to events, which know neither width nor white space`,
        );
    }
    const at = `units[${index}]`;
    for (const town of unit.towns ?? [])
      if (!known.has(town)) problems.push(`${at}.towns: ${town} is no town of the pack`);
  }
  return problems;
}

function dispatchProblems({ tiers, towns, units, dispatch }: RegionPack): string[] {
  if (!dispatch) return [];
  if (!units) return ['dispatch is there, but no units'];
  const problems: string[] = [];
  for (const { tier } of tiers) {
    const rule = dispatch[tier];
    if (!rule) {
      problems.push(`dispatch.${tier} is missing`);
      continue;
    }
    const there = units.filter(({ platform, kind }) => platform === rule.platform && kind === rule.unit);
    const reaches = (town: string) => there.some((unit) => !unit.towns || unit.towns.includes(town));
    const without = towns.find(({ code }) => !reaches(code));
    if (without)
      problems.push(
        `dispatch.${tier}: there is no unit of the kind ${rule.unit} on the platform ${rule.platform} for ${without.code} ${without.name['zh-CN']}`,
      );
  }
  for (const tier of Object.keys(dispatch))
    if (!tiers.some((one) => one.tier === tier)) problems.push(`dispatch.${tier}: the pack has no such tier`);
  return problems;
}

function outcomeProblems({ outcomes = [] }: RegionPack): string[] {
  const problems: string[] = [];
  const known = new Set<string>(OUTCOMES);
  for (const [index, { code }] of outcomes.entries()) {
    if (known.has(code)) problems.push(`outcomes[${index}].code ${code} is there already`);
    known.add(code);
  }
  return problems;
}

function termProblems({ tiers, terms }: RegionPack): string[] {
  if (!terms) return [];
  const problems: string[] = [];
  for (const { tier } of tiers) if (!terms[tier]) problems.push(`terms.${tier} is missing`);
  for (const [tier, stages] of Object.entries(terms)) {
    if (!tiers.some((one) => one.tier === tier)) problems.push(`terms.${tier}: the pack has no such tier`);
    for (const [stage, text] of Object.entries(stages)) {
      const parsed = parseTerm(text);
      if (!parsed.ok) problems.push(`terms.${tier}.${stage}: ${parsed.problem}`);
    }
  }
  return problems;
}

function ladderProblems({ ladder, terms }: RegionPack): string[] {
  if (!ladder) return [];
  const problems: string[] = terms ? [] : ['ladder is there, but no terms'];
  const names = new Set<string>();
  let last: { at?: number; after?: Term } = {};
  for (const [index, { rung, at, after, does, level }] of ladder.entries()) {
    const here = `ladder[${index}]`;
    if (names.has(rung)) problems.push(`${here}.rung ${rung} is there twice`);
    names.add(rung);
    if ((does === 'draft') !== (level !== undefined)) problems.push(`${here}: a draft, and nothing else, has a level`);
    if ((at === undefined) === (after === undefined)) {
      problems.push(`${here} must have either at or after`);
      continue;
    }
    if (at !== undefined) {
      if (last.after) problems.push(`${here}.at comes after one that is after the end of the term`);
      else if (last.at !== undefined && at <= last.at) problems.push(`${here}.at ${at} is not later than ${last.at}`);
      last = { at };
      continue;
    }
    const parsed = parseTerm(after!);
    if (!parsed.ok) {
      problems.push(`${here}.after: ${parsed.problem}`);
      continue;
    }
    // Of different units it depends on the day which is later.
    if (last.after?.unit === parsed.term.unit && parsed.term.count <= last.after.count)
      problems.push(`${here}.after ${after} is not later than ${last.after.count}${last.after.unit}`);
    last = { after: parsed.term };
  }
  return problems;
}
