import { isUscc, normalName, normalUscc } from './identity.ts';

/**
 * Whom an observation or a registration is about (signals §1): `P:` + project id, else `U:` + uscc, else `N:` + normal
 * name. Names that belong to a uscc are joined by the register (server/signals/assess/names.ts). Pure.
 */
export type SubjectKey = `P:${string}` | `U:${string}` | `N:${string}`;

interface Named {
  enterprise?: { uscc?: string | undefined; name?: string | undefined } | undefined;
  project?: { id: string } | undefined;
}

/**
 * The key of a subject. A uscc must have passed `isUscc(normalUscc(uscc))`.
 * @returns undefined when nothing names anybody: no project, no uscc, and no name but white space
 */
export function subjectKey({ enterprise, project }: Named): SubjectKey | undefined {
  if (project) return `P:${project.id}`;
  const uscc = enterprise?.uscc === undefined ? '' : normalUscc(enterprise.uscc);
  if (uscc !== '') return `U:${uscc}`;
  const name = normalName(enterprise?.name ?? '');
  return name === '' ? undefined : `N:${name}`;
}

/** Whether a uscc, in any way of writing, has the form of one; its check character may be wrong (signals §1). */
export function hasUsccForm(uscc: string): boolean {
  return isUscc(normalUscc(uscc));
}

/** The key of a name: under it observations come that have no uscc, and active registrations own it (signals §1). */
export function nameKey(name: string): `N:${string}` {
  return `N:${normalName(name)}`;
}
