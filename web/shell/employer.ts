import type { AlertBrief } from '../../contract/frame.ts';
import { isolate } from '../i18n/bidi.ts';

/** Whom an alert is about, in one line: the employer and, if there is one, the project. */
export const employerOf = ({ enterprise, project }: Pick<AlertBrief, 'enterprise' | 'project'>): string =>
  project ? `${isolate(enterprise.name)} · ${isolate(project.name)}` : isolate(enterprise.name);
