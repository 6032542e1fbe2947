import type { Industry } from '../../../contract/codes.ts';
import type { Enterprise, Project } from '../../../contract/fields.ts';
import type { LngLat } from '../../../contract/frame.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import { compareRank } from '../assess/observation.ts';
import type { KeptObservation, Registration } from './subject.ts';

/** What an alert must say of whom it is about (signals §4). */
export interface Place {
  enterprise: Enterprise;
  project?: Project;
  town: string;
  industry: Industry;
  location?: LngLat;
}

/**
 * Whom and where: of the registration, else each of the newest observation that has it. Pure.
 * @returns undefined while there is no employer's name, no town or no industry: then nothing is raised
 */
export function placeOf(
  key: SubjectKey,
  registration: Registration | undefined,
  observations: readonly KeptObservation[],
): Place | undefined {
  const newestFirst = [...observations].sort((a, b) => compareRank(b, a));
  const observed = <T>(read: (one: KeptObservation) => T | undefined): T | undefined => {
    for (const one of newestFirst) {
      const found = read(one);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const enterprise = enterpriseOf(key, registration, observed);
  const town = registration?.town ?? observed(({ more }) => more?.town);
  const industry = registration?.industry ?? observed(({ more }) => more?.industry);
  if (!enterprise || town === undefined || industry === undefined) return undefined;
  const location = registration?.location ?? observed(({ more }) => more?.location);
  return {
    enterprise,
    ...(key.startsWith('P:') ? { project: projectOf(key, registration, observed) } : {}),
    town,
    industry,
    ...(location ? { location } : {}),
  };
}

type Observed = <T>(read: (one: KeptObservation) => T | undefined) => T | undefined;

function enterpriseOf(
  key: SubjectKey,
  registration: Registration | undefined,
  observed: Observed,
): Enterprise | undefined {
  const rest = key.slice(2);
  if (key.startsWith('N:')) return { name: registration?.name ?? observed(({ more }) => more?.name) ?? rest };
  if (key.startsWith('U:')) {
    const name = registration?.name ?? observed(({ more }) => more?.name);
    return name === undefined ? undefined : { uscc: rest, name };
  }
  if (registration)
    return registration.uscc === undefined
      ? { name: registration.name }
      : { uscc: registration.uscc, name: registration.name };
  // Name and code must be of one observation: two may name two contractors.
  return observed(({ more }) =>
    more?.name === undefined
      ? undefined
      : more.uscc === undefined
        ? { name: more.name }
        : { uscc: more.uscc, name: more.name },
  );
}

/** A project that nobody has named is called by its number. */
function projectOf(key: SubjectKey, registration: Registration | undefined, observed: Observed): Project {
  const id = key.slice(2);
  return { id, name: registration?.project?.name ?? observed(({ more }) => more?.projectName) ?? id };
}
