import type { SubjectKey } from '../../common/subjectKey.ts';
import type { RegionPack } from '../../contract/region.ts';
import { decodeDocument } from '../../server/alerts/document.ts';
import { foldRulesOf } from '../../server/alerts/fold.ts';
import { assess } from '../../server/signals/assess/assess.ts';
import { compilePack } from '../../server/signals/assess/compilePack.ts';
import { NameIndex } from '../../server/signals/assess/names.ts';
import { compareRank, retain, type Observation } from '../../server/signals/assess/observation.ts';
import { alertOfDocument, settledAt, type AlertMark } from '../../server/signals/engine/alertMarks.ts';
import { decide } from '../../server/signals/engine/decide.ts';
import { createEngineStore, nameOwner } from '../../server/signals/engine/engineStore.ts';
import { findingOf, sameResult } from '../../server/signals/engine/finding.ts';
import { placeOf } from '../../server/signals/engine/place.ts';
import type { Subject } from '../../server/signals/engine/subject.ts';
import { createRuleStore } from '../../server/signals/packs/ruleStore.ts';
import type { RedisClient } from '../../server/platform/redis/connect.ts';
import type { DocumentStore } from '../../server/streams/counting/documentStore.ts';
import { verifyWatched } from './verifyWatched.ts';

export interface SignalsVerdict {
  subjects: number;
  observations: number;
  assessed: number;
  /** Subjects that the engine had still to look at: after a midnight, or while a version came into force. */
  waiting: number;
  differences: string[];
}

const MOST_TOLD = 100;

/**
 * Recomputes what is kept of every subject from the observations as they came, its alerts from their documents, and its assessment
 * from both, and compares them with what the engine has stored; besides, what screens are told of all of them. Neither engine nor counting may run meanwhile.
 * @param documents of the region's alerts; compared when the engine has read them to the end of their feed
 */
export async function verifySignals(
  redis: RedisClient,
  region: RegionPack,
  documents: DocumentStore,
  alertsEnd: string,
): Promise<SignalsVerdict> {
  const store = createEngineStore(redis, region.code);
  const rules = createRuleStore(redis, region.code);
  const [standing, words, indicators] = await Promise.all([store.standing(), store.words(), rules.indicators()]);
  const verdict: SignalsVerdict = { subjects: 0, observations: 0, assessed: 0, waiting: 0, differences: [] };
  const note = (difference: string) => {
    if (verdict.differences.length < MOST_TOLD) verdict.differences.push(difference);
  };

  const subjects = new Map<SubjectKey, Subject>();
  const keys: SubjectKey[] = [];
  const names = new NameIndex();
  for await (const part of store.scan(words)) {
    for (const { subject } of part) {
      subjects.set(subject.key, subject);
      keys[subject.n] = subject.key;
      nameOwner(names, subject);
    }
  }
  verdict.subjects = subjects.size;

  const kinds = [...indicators.values()].map(({ number, kind }) => [number, kind] as const);
  const kindOf = new Map(kinds);
  const kept = new Map<SubjectKey, Observation[]>();
  for await (const part of store.observations(words)) {
    verdict.observations += part.length;
    for (const one of part) {
      const key = keys[one.subject];
      if (key === undefined) note(`an observation ${one.source} ${one.id} belongs to no subject`);
      else
        kept.set(
          key,
          retain([...(kept.get(key) ?? []), one], standing.day, (number) => kindOf.get(number)!),
        );
    }
  }
  for (const { key, observations } of subjects.values()) {
    const held = retain(observations, standing.day, (number) => kindOf.get(number)!);
    const difference = differenceOf(kept.get(key) ?? [], held);
    if (difference) note(`${key}: ${difference}`);
  }

  if (standing.whole && standing.alerts === alertsEnd) {
    const marks = await marksOf(documents, region);
    for (const { key, alerts } of subjects.values()) {
      const [stored, found] = [alerts, marks.get(key) ?? []].map((some) => textOf(some));
      if (stored !== found) note(`${key}: its alerts are ${found} by their documents, and ${stored} by the engine`);
    }
    for (const key of marks.keys()) if (!subjects.has(key)) note(`${key} has alerts, and is no subject`);
  }

  const source = standing.version === '' ? undefined : await rules.pack(standing.version);
  const compiled = source && compilePack(source, { region: region.code, indicators });
  for (const subject of subjects.values()) {
    const { key, registration, found, owner } = subject;
    const answers = names.subjectOf(key);
    if ((owner ?? key) !== answers) note(`${key} answers as ${owner ?? key}, and should answer as ${answers}`);
    if (answers !== key || !compiled?.ok) {
      if (found) note(`${key} has an assessment, and should have none`);
      continue;
    }
    if (subject.due <= standing.day || subject.n >= standing.sweep) {
      verdict.waiting++;
      continue;
    }
    const all = names.keysOf(key).flatMap((one) => subjects.get(one) ?? []);
    const observations = all.flatMap((one) => one.observations);
    const marks = all.flatMap((one) => one.alerts);
    const settled = Math.max(standing.settledAt, settledAt(marks));
    const { pack } = compiled;
    const assessment = assess(observations, registration, settled, pack, standing.day);
    const unplaced =
      decide(assessment, marks, pack.quietDays, standing.day).do === 'raise' &&
      !placeOf(key, registration, observations);
    const expected = findingOf(assessment, pack, found, unplaced, 0);
    verdict.assessed++;
    if (!found) note(`${key} has no assessment, and should have a score of ${expected.score}`);
    else if (!sameResult(found, expected))
      note(`${key} is assessed as ${JSON.stringify(found)}, and should be ${JSON.stringify(expected)}`);
  }
  for (const difference of await verifyWatched(store, region, subjects, names)) note(difference);
  return verdict;
}

function differenceOf(expected: readonly Observation[], held: readonly Observation[]): string | undefined {
  const texts = (some: readonly Observation[]) =>
    [...some]
      .sort(compareRank)
      .map(({ indicator, ref, time, source, id, value, amountFen, workers, until }) =>
        JSON.stringify([indicator, ref, time, source, id, value, amountFen, workers, until]),
      );
  const [a, b] = [texts(expected), texts(held)];
  const missing = a.find((one) => !b.includes(one));
  if (missing !== undefined) return `the observation ${missing} came in, and is not kept`;
  const added = b.find((one) => !a.includes(one));
  return added === undefined ? undefined : `the observation ${added} is kept, and never came in`;
}

async function marksOf(documents: DocumentStore, region: RegionPack): Promise<Map<SubjectKey, AlertMark[]>> {
  const rules = foldRulesOf(region, []);
  const marks = new Map<SubjectKey, AlertMark[]>();
  const seen = new Set<string>();
  for await (const part of documents.scan()) {
    for (const [alertId, document] of part) {
      const alert = seen.has(alertId) ? undefined : alertOfDocument(alertId, decodeDocument(document), rules);
      seen.add(alertId);
      if (alert) marks.set(alert.key, [...(marks.get(alert.key) ?? []), alert.mark]);
    }
  }
  return marks;
}

/** What decisions go by, but the gravest tier: the engine has seen it go by, documents may put it in another order. */
function textOf(marks: readonly AlertMark[]): string {
  return marks
    .map(({ alertId, tier, stage, raisedAt, closedAt, falseAt }) =>
      JSON.stringify([alertId, tier, stage, raisedAt, closedAt ?? 0, falseAt ?? 0]),
    )
    .sort()
    .join(' ');
}
