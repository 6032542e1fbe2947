import type { AlertDetail } from '../../contract/rest.ts';

/** What somebody demands of whoever has a case, and has not got yet. Pure. */

export interface Demand {
  kind: 'returned' | 'supervised';
  /** When it was said, RFC 3339. */
  at: string;
  text?: string;
  level?: string;
  /** RFC 3339. */
  dueAt?: string;
}

/**
 * What an audit found missing, while it has not been handled anew; and the last supervision, while it has not been answered
 * (docs/casework.md §2).
 */
export function demandsOf({
  stage,
  supervised,
  events,
}: Pick<AlertDetail, 'stage' | 'supervised' | 'events'>): Demand[] {
  const lastOf = (...types: string[]) => events.map(({ type }) => types.includes(type)).lastIndexOf(true);
  const textOf = (data: Readonly<Record<string, unknown>>, name: string) =>
    typeof data[name] === 'string' && data[name] !== '' ? { [name]: data[name] } : {};
  const found: Demand[] = [];
  const audited = events[lastOf('wage.alert.audited', 'wage.alert.handled')];
  const back = audited?.data as Readonly<Record<string, unknown>> | undefined;
  if ((stage === 'dispatched' || stage === 'accepted') && audited && back?.['verdict'] === 'returned') {
    const { note } = textOf(back, 'note') as { note?: string };
    found.push({ kind: 'returned', at: audited.time, ...(note === undefined ? {} : { text: note }) });
  }
  const letter = supervised ? events[lastOf('wage.case.supervised')] : undefined;
  if (letter) {
    const data = letter.data as Readonly<Record<string, unknown>>;
    found.push({
      kind: 'supervised',
      at: letter.time,
      ...textOf(data, 'text'),
      ...textOf(data, 'level'),
      ...textOf(data, 'dueAt'),
    });
  }
  return found;
}
