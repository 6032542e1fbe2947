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
const rank = (type: string) => ranks.find(([name]) => name === type)?.[1] ?? 0;

export interface OracleRules {
  terms: Record<string, number>;
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

export function oracleFold(alertId: string, all: StoredEvent[], { terms, box }: OracleRules): AlertState | undefined {
  const distinct = [...new Map(all.map((event) => [JSON.stringify([event.source, event.id]), event])).values()];
  const events = distinct.sort((a, b) => {
    const keyA = [a.time, rank(a.type), a.source, a.id];
    const keyB = [b.time, rank(b.type), b.source, b.id];
    for (let i = 0; i < 4; i++) if (keyA[i] !== keyB[i]) return keyA[i]! < keyB[i]! ? -1 : 1;
    return 0;
  });
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
  const lifecycle = events.filter(({ type }) => type === 'wage.alert.raised' || rank(type) > 0);
  const last = lifecycle.at(-1)!;
  const stage =
    last.type === 'wage.alert.audited' && last.data.verdict === 'returned'
      ? 'dispatched'
      : last.type.slice('wage.alert.'.length);
  const audited = of('wage.alert.audited')
    .filter(({ data }) => data.verdict !== 'returned')
    .at(-1);
  const dispatch = of('wage.alert.dispatched').at(-1);
  const term = of('wage.alert.dispatched')
    .filter(({ data }) => data.dueAt !== undefined)
    .at(-1)?.data.dueAt;
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
    dueAt: term ? within(Date.parse(term)) : first.time + (terms[facts.tier as string] ?? 0),
    changedAt: events.at(-1)!.time,
    conflicts: of('wage.alert.raised').length - 1,
    ...(box && place && (place.lng < box[0] || place.lat < box[1] || place.lng > box[2] || place.lat > box[3])
      ? { positionOutside: true as const }
      : {}),
    ...(audited ? { verdict: audited.data.verdict as 'effective', verdictAt: audited.time } : {}),
    ...(stage === 'closed' ? { closedAt: of('wage.alert.closed').at(-1)!.time } : {}),
    ...(dispatch ? { platform: dispatch.data.platform, unit: dispatch.data.unit } : {}),
  };
}
