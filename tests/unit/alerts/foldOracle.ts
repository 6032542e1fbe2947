import type { CalendarYear } from '../../../contract/calendar.ts';
import { walkTerm } from '../terms/walk.ts';
import type { AlertState, StoredEvent } from '../../../server/alerts/state.ts';

/**
 * Contract §2 once more, as a reader would write it down: sort, filter, take the last. Shares nothing with the fold.
 */
const ranks: [string, number][] = [
  ['wage.alert.dispatched', 1],
  ['wage.alert.accepted', 2],
  ['wage.alert.handled', 3],
  ['wage.alert.audited', 4],
  ['wage.alert.closed', 5],
];
const rank = (type: string) => (type.startsWith('wage.case.') ? 6 : (ranks.find(([name]) => name === type)?.[1] ?? 0));
const NO_TERM = Date.parse('2101-01-01T00:00:00+08:00');

export interface OracleRules {
  terms: Record<string, number>;
  /** By tier and stage, as they are written (docs/casework.md §3). */
  clock?: {
    terms: Record<string, Record<string, string>>;
    calendars: readonly CalendarYear[];
    dayEnds: string;
    /** Names of units by their codes. */
    units: Record<string, string>;
  };
  box?: readonly [west: number, south: number, east: number, north: number];
}

interface Employer {
  uscc?: string;
  name: string;
}
/** The uscc without white space, narrow, in capitals; none where nothing is left of it. */
function employer({ uscc, name }: Employer): Employer {
  const normal = [...(uscc ?? '').normalize('NFKC').toUpperCase()].filter((one) => one.trim() !== '').join('');
  return normal === '' ? { name } : { uscc: normal, name };
}
/** A term within the years 2000 to 2100, Asia/Shanghai. */
const within = (ms: number) =>
  Math.min(Math.max(ms, Date.parse('2000-01-01T00:00:00+08:00')), Date.parse('2100-12-31T23:59:59.999+08:00'));

/** The events that have an effect, in order. */
export function oracleEvents(all: readonly StoredEvent[]): StoredEvent[] {
  const distinct = [...new Map(all.map((event) => [JSON.stringify([event.source, event.id]), event])).values()];
  const sorted = distinct.sort((a, b) => {
    const keyA = [a.time, rank(a.type), a.source, a.id];
    const keyB = [b.time, rank(b.type), b.source, b.id];
    for (let i = 0; i < 4; i++) if (keyA[i] !== keyB[i]) return keyA[i]! < keyB[i]! ? -1 : 1;
    return 0;
  });
  // What a platform sends counts only while the alert stands dispatched to it.
  const events: StoredEvent[] = [];
  for (const event of sorted) {
    const sender = event.type === 'wage.alert.raised' ? undefined : event.by?.platform;
    const sent = events.filter(({ type }) => type === 'wage.alert.dispatched').at(-1) as
      { data: { platform: string; unit: string } } | undefined;
    const plain = (text: string) => text.normalize('NFKC').replaceAll(/\s/gu, '');
    // Of the platform `other`, a unit is meant by its code, or by what it was called when it sent this.
    const calls = [sender?.split(':')[1], event.by?.platformname].flatMap((text) => (text ? [plain(text)] : []));
    const ofUnit = sender?.includes(':') && sent?.data.platform === 'other' && calls.includes(plain(sent.data.unit));
    if (sender === undefined || sender === sent?.data.platform || ofUnit) events.push(event);
  }
  return events;
}

export function oracleFold(
  alertId: string,
  all: StoredEvent[],
  { terms, clock, box }: OracleRules,
): AlertState | undefined {
  const events = oracleEvents(all);
  const of = <T extends StoredEvent['type']>(type: T) =>
    events.filter((event): event is Extract<StoredEvent, { type: T }> => event.type === type);
  const first = of('wage.alert.raised')[0];
  if (!first) return undefined;
  const facts: Record<string, unknown> = {};
  const names = [
    'tier',
    'town',
    'industry',
    'channel',
    'enterprise',
    'project',
    'workers',
    'amountFen',
    'arrearsDays',
    'rule',
    'location',
  ];
  for (const event of [first, ...of('wage.alert.amended')]) {
    for (const name of names) {
      const value = (event.data as Record<string, unknown>)[name];
      if (value !== undefined) facts[name] = name === 'enterprise' ? employer(value as Employer) : value;
    }
  }
  const place = facts.location as { lng: number; lat: number } | undefined;
  const lifecycle = events.filter(({ type }) => type === 'wage.alert.raised' || (rank(type) > 0 && rank(type) < 6));
  const last = lifecycle.at(-1)!;
  const stage =
    last.type === 'wage.alert.audited' && last.data.verdict === 'returned'
      ? 'dispatched'
      : last.type.slice('wage.alert.'.length);
  const audited = of('wage.alert.audited')
    .filter(({ data }) => data.verdict !== 'returned')
    .at(-1);
  const dispatch = of('wage.alert.dispatched').at(-1);
  const naming = events.filter(
    (event) =>
      (event.type === 'wage.alert.dispatched' || event.type === 'wage.case.extended') && event.data.dueAt !== undefined,
  );
  const term = (naming.at(-1)?.data as { dueAt?: string } | undefined)?.dueAt;
  const returns = of('wage.alert.audited').filter(({ data }) => data.verdict === 'returned');
  const ends = [...returns, ...of('wage.alert.closed')];
  const over = naming.length > 0 && ends.some((one) => events.indexOf(one) > events.indexOf(naming.at(-1)!));
  const sinceDispatch = events.slice(dispatch ? events.indexOf(dispatch) : 0);
  const hands = sinceDispatch.filter(({ type }) => type === 'wage.alert.accepted' || type === 'wage.case.assigned');
  const person = (hands.at(-1)?.data as { person?: string } | undefined)?.person;
  const letter = events.filter(({ type }) => type === 'wage.case.supervised' || type === 'wage.case.answered').at(-1);
  const letters = events.filter(({ type }) => type === 'wage.case.supervised').slice(-60);
  const sentBack = last.type === 'wage.alert.audited' && stage === 'dispatched';
  const { from, takenUp } = termBegins(events, lifecycle, clock?.units);
  const running = {
    raised: 'dispatch',
    dispatched: sentBack || takenUp ? 'handle' : 'accept',
    accepted: 'handle',
    handled: 'audit',
    audited: 'close',
  }[stage];
  const reckoned = (): number => {
    const named = term === undefined ? NaN : within(Date.parse(term));
    if (!clock) {
      if (!['raised', 'dispatched', 'accepted'].includes(stage)) return NO_TERM;
      return term ? named : first.time + (terms[facts.tier as string] ?? 0);
    }
    if (running === undefined) return NO_TERM;
    if (running === 'handle' && term && !over) return named;
    const written = clock.terms[facts.tier as string]![running]!;
    return walkTerm(new Date(from).toISOString(), written, clock.calendars, clock.dayEnds).dueAt;
  };
  return {
    alertId,
    facts: facts as unknown as AlertState['facts'],
    raisedAt: first.time,
    stage: stage as AlertState['stage'],
    recoveries: of('wage.wages.recovered').map(({ time, data }) => ({
      at: time,
      amountFen: data.amountFen,
      workers: data.workers,
    })),
    stageAt: last.time,
    stageEvent: last.id,
    stageSource: last.source,
    termFrom: from,
    ...(takenUp && !sentBack ? { takenUp: true as const } : {}),
    dueAt: reckoned(),
    namedDueAt: term === undefined ? NaN : within(Date.parse(term)),
    ...(over ? { namedBefore: true as const } : {}),
    ...(sentBack ? { returned: true as const } : {}),
    ...(person === undefined ? {} : { person }),
    ...(letter?.type === 'wage.case.supervised' && stage !== 'closed' ? { supervised: true as const } : {}),
    ...(letters.length > 0 ? { supervisions: letters.map(({ time }) => time.toString(36)).join(' ') } : {}),
    changedAt: Math.max(...all.map(({ time }) => time)),
    conflicts: of('wage.alert.raised').length - 1,
    ...(box && place && (place.lng < box[0] || place.lat < box[1] || place.lng > box[2] || place.lat > box[3])
      ? { positionOutside: true as const }
      : {}),
    ...(audited ? { verdict: audited.data.verdict as 'effective', verdictAt: audited.time } : {}),
    ...(stage === 'closed' ? { closedAt: of('wage.alert.closed').at(-1)!.time } : {}),
    ...(dispatch ? { platform: dispatch.data.platform, unit: dispatch.data.unit } : {}),
  };
}

/**
 * docs/casework.md §3, Handed on and back: among the dispatches and acceptances since the alert was last anything else, those of the unit
 * that has it now.
 */
function termBegins(events: StoredEvent[], lifecycle: StoredEvent[], units: Record<string, string> | undefined) {
  const last = lifecycle.at(-1)!;
  const handsOn = ({ type }: StoredEvent) => type === 'wage.alert.dispatched' || type === 'wage.alert.accepted';
  const isReturned = (event: StoredEvent) => event.type === 'wage.alert.audited' && event.data.verdict === 'returned';
  if (units === undefined || !(handsOn(last) || isReturned(last))) return { from: last.time, takenUp: false };
  const other = lifecycle.filter((event) => !handsOn(event)).at(-1)!;
  const round = lifecycle.slice(lifecycle.indexOf(other));
  const unitAt = (event: StoredEvent): string => {
    const sent = events
      .slice(0, events.indexOf(event) + 1)
      .filter(({ type }) => type === 'wage.alert.dispatched')
      .at(-1) as { data: { unit: string; platform: string } } | undefined;
    if (!sent) return 'nobody';
    const name = sent.data.unit.normalize('NFKC').replaceAll(/\s/gu, '');
    const code = Object.entries(units).find((pair) => pair.includes(name))?.[0];
    return code ?? `${sent.data.platform} ${name}`;
  };
  const theirs = round.filter((event) => unitAt(event) === unitAt(last));
  const taken = theirs.find((event) => event.type === 'wage.alert.accepted' || (event === other && isReturned(other)));
  if (taken) return { from: taken.time, takenUp: last.type === 'wage.alert.dispatched' };
  return { from: theirs.find(({ type }) => type === 'wage.alert.dispatched')!.time, takenUp: false };
}
