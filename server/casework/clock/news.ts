import type { NewsKind } from '../../../contract/supervision.ts';
import type { RegionPack } from '../../../contract/region.ts';
import { unitOf } from '../../../common/units.ts';
import { effectsOf } from '../../alerts/effects.ts';
import { compareEvents } from '../../alerts/fold.ts';
import type { AlertState, StoredEvent } from '../../alerts/state.ts';
import { isAfter, markOf, type LetterMark } from './marks.ts';

/**
 * What people do with a case that others must know of (docs/casework.md §3): it is sent back by an audit, sent to another unit, opened again,
 * given to somebody by name, extended; a letter is answered; somebody has written something beside it.
 */
export interface News {
  kind: NewsKind;
  event: StoredEvent;
  /** Of `assigned`: who is to work on it now, and who was before. */
  person?: string;
  formerly?: string;
  /** The unit that had the case then: its code, or what it was called where the pack has none of that name. */
  unit?: string;
}

/** Which news of each kind was told last. */
export type NewsMarks = Partial<Record<NewsKind, LetterMark>>;

/**
 * The news of an alert in order, since it was last closed; what has no effect is none.
 * @param events in any order
 */
export function newsOf(pack: Pick<RegionPack, 'units'>, events: readonly StoredEvent[]): News[] {
  let found: News[] = [];
  let unit: string | undefined;
  let person: string | undefined;
  let closed = false;
  const add = (kind: NewsKind, event: StoredEvent, more: Pick<News, 'person' | 'formerly'> = {}) => {
    found.push({ kind, event, ...more, ...(unit === undefined ? {} : { unit }) });
  };
  const give = (event: StoredEvent, to: string | undefined) => {
    const formerly = person;
    person = to;
    if (to !== undefined && to !== formerly)
      add('assigned', event, { person: to, ...(formerly === undefined ? {} : { formerly }) });
  };
  for (const event of withEffect(events)) {
    switch (event.type) {
      case 'wage.alert.dispatched': {
        const before = unit;
        unit = unitName(pack, event.data.unit);
        person = undefined;
        // The first dispatch is told where it is red; what else is new stands in the lists, with its term.
        if (closed || (before !== undefined && before !== unit)) add('sent', event);
        closed = false;
        break;
      }
      case 'wage.alert.accepted':
        // Whoever takes on what another had knows it, and so does whoever is named by somebody else.
        give(event, event.data.person);
        break;
      case 'wage.case.assigned':
        give(event, event.data.person);
        break;
      case 'wage.alert.audited':
        if (event.data.verdict === 'returned') add('returned', event);
        break;
      case 'wage.case.extended':
        add('extended', event);
        break;
      case 'wage.case.answered':
        add('answered', event);
        break;
      case 'wage.case.noted':
        if (/\S/.test(event.data.text)) add('noted', event);
        break;
      case 'wage.alert.closed':
        found = [];
        closed = true;
        break;
      // Facts, results and wages stand in the lists; letters are told as such (letters.ts).
      case 'wage.alert.raised':
      case 'wage.alert.amended':
      case 'wage.alert.handled':
      case 'wage.wages.recovered':
      case 'wage.case.urged':
      case 'wage.case.supervised':
        break;
    }
  }
  return found;
}

function withEffect(events: readonly StoredEvent[]): StoredEvent[] {
  const ordered = [...events].sort(compareEvents);
  const effects = effectsOf(ordered);
  return ordered.filter((_, i) => effects[i]);
}

function unitName(pack: Pick<RegionPack, 'units'>, text: string): string {
  return unitOf(pack, text)?.code ?? text;
}

/** What becomes of a case: then news of that kind concern nobody any more. */
const OVER_BY: Record<NewsKind, readonly StoredEvent['type'][]> = {
  returned: ['wage.alert.raised', 'wage.alert.dispatched', 'wage.alert.handled', 'wage.alert.audited'],
  sent: ['wage.alert.raised', 'wage.alert.dispatched', 'wage.alert.handled', 'wage.alert.audited'],
  assigned: ['wage.alert.raised', 'wage.alert.dispatched', 'wage.alert.handled', 'wage.case.assigned'],
  extended: ['wage.alert.dispatched', 'wage.alert.handled', 'wage.alert.audited', 'wage.case.extended'],
  answered: [],
  noted: [],
};

/** The news that concern somebody as the case stands now; none of a closed one. */
export function standingNews(
  pack: Pick<RegionPack, 'units'>,
  { stage }: Pick<AlertState, 'stage'>,
  events: readonly StoredEvent[],
): News[] {
  if (stage === 'closed') return [];
  const news = newsOf(pack, events);
  if (news.length === 0) return news;
  const ordered = withEffect(events);
  return news.filter(({ kind, event, unit }) => {
    // What an audit sent back may be sent there once more, with what is missing still to be done.
    const isSame = (later: StoredEvent) =>
      kind === 'returned' && later.type === 'wage.alert.dispatched' && unitName(pack, later.data.unit) === unit;
    const isOver = (later: StoredEvent) =>
      OVER_BY[kind].includes(later.type) && compareEvents(later, event) > 0 && !isSame(later);
    return !ordered.some(isOver);
  });
}

function isNews(event: StoredEvent, told: LetterMark | undefined): boolean {
  return !told || isAfter(markOf(event), told);
}

/** The news that have not been told. */
export function untoldNews(news: readonly News[], told: NewsMarks): News[] {
  return news.filter(({ kind, event }) => isNews(event, told[kind]));
}

/** What was told last, once these have been. What comes late lies before it, and is no news any more. */
export function laterMarks(told: NewsMarks, news: readonly News[]): NewsMarks {
  const marks = { ...told };
  for (const { kind, event } of news) if (isNews(event, marks[kind])) marks[kind] = markOf(event);
  return marks;
}

/** Words that somebody has written with it. */
export function wordsOfNews({ event }: News): string | undefined {
  switch (event.type) {
    case 'wage.alert.audited':
    case 'wage.alert.dispatched':
      return event.data.note;
    case 'wage.case.extended':
      return event.data.reason;
    case 'wage.case.answered':
    case 'wage.case.noted':
      return event.data.text;
    default:
      return undefined;
  }
}
