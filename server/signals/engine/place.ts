import type { Industry } from '../../../contract/codes.ts';
import type { Enterprise, Project } from '../../../contract/fields.ts';
import type { LngLat } from '../../../contract/frame.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import { heard, heardName } from './heard.ts';
import type { KeptObservation, ObservedMore, Registration } from './subject.ts';

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
  const observed = <T>(read: (more: ObservedMore) => T | undefined) => heard(observations, read);
  const enterprise = enterpriseOf(key, registration, observations);
  const town = registration?.town ?? observed((more) => more.town);
  const industry = registration?.industry ?? observed((more) => more.industry);
  if (!enterprise || town === undefined || industry === undefined) return undefined;
  const location = registration?.location ?? observed((more) => more.location);
  return {
    enterprise,
    ...(key.startsWith('P:') ? { project: projectOf(key, registration, observations) } : {}),
    town,
    industry,
    ...(location ? { location } : {}),
  };
}

function enterpriseOf(
  key: SubjectKey,
  registration: Registration | undefined,
  observations: readonly KeptObservation[],
): Enterprise | undefined {
  const rest = key.slice(2);
  if (key.startsWith('N:')) return { name: registration?.name ?? heardName(key, observations) ?? rest };
  if (key.startsWith('U:')) {
    const name = registration?.name ?? heardName(key, observations);
    return name === undefined ? undefined : { uscc: rest, name };
  }
  if (registration)
    return registration.uscc === undefined
      ? { name: registration.name }
      : { uscc: registration.uscc, name: registration.name };
  // Name and code must be of one observation: two may name two contractors.
  return heard(observations, ({ name, uscc }) =>
    name === undefined ? undefined : uscc === undefined ? { name } : { uscc, name },
  );
}

/** A project that nobody has named is called by its number. */
function projectOf(
  key: SubjectKey,
  registration: Registration | undefined,
  observations: readonly KeptObservation[],
): Project {
  const id = key.slice(2);
  return { id, name: registration?.project?.name ?? heardName(key, observations) ?? id };
}
