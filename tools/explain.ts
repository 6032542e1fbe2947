import { toRfc3339 } from '../common/regionTime.ts';
import { hasUsccForm, subjectKey, type SubjectKey } from '../common/subjectKey.ts';
import { conditionText } from '../common/ruleSentences.ts';
import { compilePack } from '../server/signals/assess/compilePack.ts';
import type { CompiledPack } from '../server/signals/assess/compiledPack.ts';
import { createEngineStore } from '../server/signals/engine/engineStore.ts';
import { createRuleStore } from '../server/signals/packs/ruleStore.ts';
import type { Portrait, ShownObservation } from '../server/signals/subjects/portrait.ts';
import { readPortrait } from '../server/signals/subjects/readPortrait.ts';
import type { OpenedRegion } from './openRegion.ts';

/** `npm run rules -- explain SUBJECT`: why a subject is assessed as it is. */

/** A key, a credit code, or a name. */
export function keyOf(subject: string): SubjectKey {
  if (/^[PUN]:./.test(subject)) return subject as SubjectKey;
  return subjectKey({ enterprise: hasUsccForm(subject) ? { uscc: subject } : { name: subject } }) ?? `N:${subject}`;
}

/** @returns undefined when there is no such subject */
export async function explain({ redis, pack: region }: OpenedRegion, subject: string): Promise<string | undefined> {
  const store = createEngineStore(redis, region.code);
  const rules = createRuleStore(redis, region.code);
  const [standing, words, indicators] = await Promise.all([store.standing(), store.words(), rules.indicators()]);
  const source = standing.version === '' ? undefined : await rules.pack(standing.version);
  const compiled = source && compilePack(source, { region: region.code, indicators });
  const pack = compiled?.ok ? compiled.pack : undefined;
  const codes: string[] = [];
  for (const [code, { number }] of indicators) codes[number] = code;
  const portrait = await readPortrait({ store, words, pack, codes }, keyOf(subject), Date.now());
  return portrait && portraitText(portrait, pack);
}

function portraitText(portrait: Portrait, pack: CompiledPack | undefined): string {
  const { key, registration, assessment, counting, lapsed, alerts, settledAt } = portrait;
  const lines = [`${key}  ${registration?.name ?? 'not registered'}`];
  if (!pack || !assessment) lines.push('No version of the rules is in force.');
  else {
    const rule = pack.source.tiers.find(({ id }) => id === assessment.rule);
    lines.push(
      `On ${assessment.day}, by version ${assessment.version}: score ${assessment.score}${assessment.watch ? ', on the watch list' : ''}, ${rule ? `${rule.tier} by ${rule.id}: ${conditionText(rule.when, pack.source, 'zh-CN')}` : 'no tier'}`,
    );
    for (const [channel, points] of Object.entries(assessment.channelPoints)) lines.push(`  ${channel} ${points}`);
    for (const { code, measure, points, since, until } of assessment.indicators) {
      lines.push(`  ${code}: ${measure} gives ${points} points, since ${since}, until ${until}`);
      for (const one of counting.filter((other) => other.code === code)) lines.push(`    ${observationText(one)}`);
    }
  }
  if (settledAt !== undefined) lines.push(`Dealt with: all that happened until ${toRfc3339(settledAt)}`);
  if (lapsed.length) lines.push('Not counted:');
  for (const one of lapsed) lines.push(`  ${one.code} ${observationText(one)}: ${one.why!}`);
  if (alerts.length) lines.push('Alerts:');
  for (const { alertId, tier, stage, raisedAt, falseAt } of alerts)
    lines.push(
      `  ${alertId} ${tier} ${stage}, raised ${toRfc3339(raisedAt)}${falseAt === undefined ? '' : `, found false ${toRfc3339(falseAt)}`}`,
    );
  return lines.join('\n');
}

function observationText({ time, source, id, ref, value, workers, amountFen, text }: ShownObservation): string {
  const parts = [
    `${value}`,
    ref && `ref ${ref}`,
    workers && `${workers} workers`,
    amountFen && `${amountFen / 100} yuan`,
    text,
  ];
  return `${toRfc3339(time)} ${source} ${id} (${parts.filter(Boolean).join(', ')})`;
}
