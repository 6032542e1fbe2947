import { normalName } from '../../../common/identity.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import { dayOf } from '../../../common/regionTime.ts';
import { assess } from '../assess/assess.ts';
import type { CompiledPack } from '../assess/compiledPack.ts';
import { settledAt } from './alertMarks.ts';
import { decide } from './decide.ts';
import type { EngineStore } from './engineStore.ts';
import { placeOf } from './place.ts';
import type { Subject } from './subject.ts';

/**
 * How many alerts a pack would raise now if it came into force: over all subjects as they are stored, beside the engine, in parts of
 * a few ms. Nothing is kept of it.
 * @param now epoch ms
 */
export async function wouldRaise(store: EngineStore, pack: CompiledPack, now: number): Promise<number> {
  const [standing, words] = await Promise.all([store.standing(), store.words()]);
  const day = Math.max(standing.day, dayOf(now));
  const raises = (subject: Subject, joined?: Subject): boolean => {
    const observations = [...subject.observations, ...(joined?.observations ?? [])];
    const marks = [...subject.alerts, ...(joined?.alerts ?? [])];
    const settled = Math.max(standing.settledAt, settledAt(marks));
    const assessment = assess(observations, subject.registration, settled, pack, day);
    return (
      decide(assessment, marks, pack.quietDays, day).do === 'raise' &&
      placeOf(subject.key, subject.registration, observations) !== undefined
    );
  };
  const raising = new Set<SubjectKey>();
  const joined = new Map<SubjectKey, Subject>();
  for await (const part of store.scan(words)) {
    for (const { subject } of part) {
      if (subject.owner !== undefined) joined.set(subject.owner, subject);
      else if (raises(subject)) raising.add(subject.key);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  // Whoever has a name's facts besides its own is looked at again with them.
  for (const [key, named] of joined) {
    const [owner] = await store.read([key], words);
    if (!owner?.registration || `N:${normalName(owner.registration.name)}` !== named.key) continue;
    if (raises(owner, named)) raising.add(key);
    else raising.delete(key);
  }
  return raising.size;
}
