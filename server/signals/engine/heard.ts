import type { SubjectKey } from '../../../common/subjectKey.ts';
import { compareRank } from '../assess/observation.ts';
import type { KeptObservation, ObservedMore } from './subject.ts';

/** What the newest observation says that says it (signals §4). Pure. */
export function heard<T>(
  observations: readonly KeptObservation[],
  read: (more: ObservedMore) => T | undefined,
): T | undefined {
  let newest: KeptObservation | undefined;
  let said: T | undefined;
  for (const one of observations) {
    const found = one.more && read(one.more);
    if (found === undefined || (newest && compareRank(one, newest) < 0)) continue;
    newest = one;
    said = found;
  }
  return said;
}

/** What an employer or project that is in no register is called by those who observed it. Pure. */
export function heardName(key: SubjectKey, observations: readonly KeptObservation[]): string | undefined {
  return key.startsWith('P:')
    ? heard(observations, ({ projectName }) => projectName)
    : heard(observations, ({ name }) => name);
}
