import type { SubjectKey } from '../../common/subjectKey.ts';
import type { RegionPack } from '../../contract/region.ts';
import type { NameIndex } from '../../server/signals/assess/names.ts';
import type { EngineStore } from '../../server/signals/engine/engineStore.ts';
import type { Subject } from '../../server/signals/engine/subject.ts';
import { bookSource } from '../../server/signals/subjects/loadBook.ts';
import { differences } from './differences.ts';

/**
 * Counts what is watched in a region and each of its towns from the subjects themselves (signals §5), and compares it with what
 * a serving process would show.
 * @param names whose names registered employers have: who answers as somebody else is not counted besides
 */
export async function verifyWatched(
  store: EngineStore,
  { towns }: RegionPack,
  subjects: ReadonlyMap<SubjectKey, Subject>,
  names: NameIndex,
): Promise<string[]> {
  const { situation: book } = await bookSource(store).load('documents');
  const { observed } = await store.standing();
  const found: string[] = [];
  let shown = 0;
  const scopes = [undefined, ...towns.map(({ code }) => code)];
  const counts = new Map(scopes.map((scope) => [scope, { enterprises: 0, projects: 0, watch: 0, unplaced: 0 }]));
  for (const { key, registration, observations, found: finding } of subjects.values()) {
    if (names.subjectOf(key) !== key || (!registration && !observations.length)) continue;
    shown++;
    for (const scope of registration ? [undefined, registration.town] : [undefined]) {
      const count = counts.get(scope);
      if (!count) continue;
      if (registration?.active) count[key.startsWith('P:') ? 'projects' : 'enterprises']++;
      if (finding?.watch) count.watch++;
      if (finding?.unplaced) count.unplaced++;
    }
  }
  for (const [scope, count] of counts)
    found.push(...differences(count, book.watchedIn(scope), `what is watched in ${scope ?? 'the region'}`));
  if (book.size !== shown) found.push(`there are ${shown} subjects to show, and the list has ${book.size}`);
  if (book.meters.observed !== observed)
    found.push(`${observed} observations were taken in, and screens are told ${book.meters.observed}`);
  return found;
}
