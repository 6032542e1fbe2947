import type { Reason } from '../../../contract/events.ts';
import type { RulePack } from '../../../contract/rulePack.ts';
import type { AlertRule } from '../../../contract/signals.ts';
import type { AlertSignals, RuleInWords } from '../../../contract/subjects.ts';
import { CODE_NAMES, type NameLang } from '../../../common/codeNames.ts';
import { dayOf } from '../../../common/regionTime.ts';
import { ruleText } from '../../../common/ruleSentences.ts';
import { compareRank } from '../assess/observation.ts';
import type { ShownObservation } from './portrait.ts';
import { observationView } from './subjectView.ts';

/** What stands behind an alert: its rule in words, and the observations of each reason (signals §5). Pure. */

/** @param pack of the version that the rule is of; undefined where it is not known here */
export function ruleInWords(rule: AlertRule, pack: RulePack | undefined): RuleInWords {
  const found = pack?.tiers.find(({ id }) => id === rule.id);
  if (!pack || !found) return rule;
  const sentence = (lang: NameLang) =>
    ruleText(found, pack, lang, CODE_NAMES[lang].tiers[found.tier], (code) => channelName(code, lang));
  return {
    ...rule,
    tier: found.tier,
    name: found.name,
    sentence: { 'zh-CN': sentence('zh-CN'), en: sentence('en') },
    ...(found.basis === undefined ? {} : { basis: found.basis }),
  };
}

function channelName(code: string, lang: NameLang): string {
  const name = (CODE_NAMES[lang].channels as Record<string, string>)[code] ?? code;
  return lang === 'en' ? `points of ${name}` : `${name}得分`;
}

/**
 * The reasons of an alert with the observations that counted for each when it was raised, as far as they are kept.
 * @param raised when, epoch ms, and the pack of the version that raised it; undefined where no rule did
 * @param kept all that is kept of the subject
 */
export function reasonsOf(
  reasons: readonly Reason[],
  { raisedAt, pack }: { raisedAt: number; pack: RulePack | undefined },
  kept: readonly ShownObservation[],
): AlertSignals['reasons'] {
  return reasons.map(({ channel, text, weight }) => {
    const indicator = pack && indicatorOf(channel, text, pack);
    return {
      channel,
      text,
      ...(weight === undefined ? {} : { weight }),
      ...(indicator === undefined ? {} : { indicator }),
      observations: indicator === undefined ? [] : countedBy(kept, indicator, pack!, raisedAt).map(observationView),
    };
  });
}

/** Which indicator of a channel says such a text: the first whose own words it has, whatever its numbers. */
function indicatorOf(channel: string, text: string, { indicators }: RulePack): string | undefined {
  return Object.keys(indicators).find((code) => {
    const told = indicators[code]!;
    return told.channel === channel && wordsOf(told.text['zh-CN']).test(text);
  });
}

function wordsOf(template: string): RegExp {
  const words = template.split(/\{[^}]*\}/).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${words.join('[0-9.e+-]+')}$`, 'u');
}

/** Newest first. Of a state the newest of each ref by then, if it said that there was something. */
function countedBy(
  kept: readonly ShownObservation[],
  code: string,
  { indicators }: RulePack,
  raisedAt: number,
): ShownObservation[] {
  const { kind, validDays, windowDays } = indicators[code]!;
  const by = kept.filter((one) => one.code === code && one.time <= raisedAt).sort((a, b) => compareRank(b, a));
  const age = ({ time }: ShownObservation) => dayOf(raisedAt) - dayOf(time);
  if (kind === 'event') return by.filter((one) => age(one) < windowDays!);
  const refs = new Set<string>();
  const newest = by.filter(({ ref }) => !refs.has(ref) && refs.add(ref));
  return newest.filter((one) => age(one) <= validDays! && one.value > 0);
}
