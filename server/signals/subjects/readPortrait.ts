import { normalName } from '../../../common/identity.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import type { CompiledPack } from '../assess/compiledPack.ts';
import type { EngineStore } from '../engine/engineStore.ts';
import { SCORE_DAYS } from '../engine/finding.ts';
import type { Words } from '../engine/words.ts';
import { pastScores } from './pastScores.ts';
import { dayNow, portraitOf, type Portrait } from './portrait.ts';

/**
 * The portrait of a subject as it is stored. A name that one employer alone has is that employer.
 * @param now epoch ms
 * @returns undefined when there is no such subject
 */
export async function readPortrait(
  { store, words, pack, codes }: { store: EngineStore; words: Words; pack: CompiledPack | undefined; codes: string[] },
  key: SubjectKey,
  now: number,
): Promise<Portrait | undefined> {
  const [standing, [asked]] = await Promise.all([store.standing(), store.read([key], words)]);
  const own = asked?.owner === undefined ? asked : (await store.read([asked.owner], words))[0];
  if (!own) return undefined;
  const name = own.key.startsWith('U:') && own.registration ? normalName(own.registration.name) : '';
  const [named] = name === '' ? [] : await store.read([`N:${name}`], words);
  const joined = named?.owner === own.key ? named : undefined;
  const day = dayNow(standing, now);
  const allSettledAt = standing.settledAt;
  const portrait = portraitOf(own, joined, pack, {
    day,
    allSettledAt,
    codeOf: (indicator) => codes[indicator] ?? `#${indicator}`,
  });
  if (!pack) return portrait;
  return {
    ...portrait,
    recompute() {
      const observations = [...own.observations, ...(joined?.observations ?? [])];
      const { alerts } = portrait;
      return pastScores(observations, { alerts, allSettledAt }, pack, { day, days: SCORE_DAYS });
    },
  };
}
