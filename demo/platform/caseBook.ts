import { createHash } from 'node:crypto';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { toRfc3339 } from '../../common/regionTime.ts';

/** A CloudEvent as it is delivered. */
export interface Delivered {
  id: string;
  type: string;
  time: string;
  data: {
    alertId?: string;
    region: string;
    unit?: string;
    platform?: string;
    verdict?: string;
    alert?: { enterprise?: { name?: string }; tier?: string };
  };
}

/** `returned`: an audit has sent it back, to be handled anew. `transferred`: it is somebody else's now. */
const STATES = ['dispatched', 'accepted', 'handled', 'returned', 'closed', 'transferred'] as const;
export type CaseState = (typeof STATES)[number];

/** An alert that was dispatched here. */
export interface HeldCase {
  alertId: string;
  region: string;
  unit: string;
  employer: string;
  state: CaseState;
  /** Epoch ms. */
  received: number;
  /** Id of the event that it stands by: the dispatch, or the audit that has sent it back. */
  standsBy: string;
}

/** What a book holds at most: what came last, and cases of which nothing more will come. */
const MOST_EVENTS = 1_000;
const MOST_SEEN = 20_000;
const MOST_OVER = 200;

/** What of a book is kept between two runs. */
const KeptSchema = Type.Object({
  cases: Type.Array(
    Type.Object({
      alertId: Type.String(),
      region: Type.String(),
      unit: Type.String(),
      employer: Type.String(),
      state: Type.Union(STATES.map((state) => Type.Literal(state))),
      received: Type.Number(),
      standsBy: Type.String(),
    }),
  ),
  seen: Type.Array(Type.String()),
});

/** What the platform knows: every event once, by its `webhook-id`. */
export class CaseBook {
  readonly cases = new Map<string, HeldCase>();
  /** What came, in order, repeats left out. */
  readonly events: Delivered[] = [];
  private readonly seen: Set<string>;

  /** @param kept what `kept()` gave at the end of another run @throws Error where it is none */
  constructor(kept?: unknown) {
    const known: unknown = kept ?? { cases: [], seen: [] };
    if (!Value.Check(KeptSchema, known)) throw new Error('what was kept of the cases is damaged');
    for (const held of known.cases) this.cases.set(held.alertId, held);
    this.seen = new Set(known.seen);
  }

  /** What another run goes on with. */
  kept(): object {
    return { cases: [...this.cases.values()], seen: [...this.seen] };
  }

  /** @returns whether the event was new */
  take(webhookId: string, event: Delivered, now: number): boolean {
    if (this.seen.has(webhookId)) return false;
    this.seen.add(webhookId);
    this.events.push(event);
    if (this.events.length > MOST_EVENTS) this.events.shift();
    if (this.seen.size > MOST_SEEN) this.seen.delete(this.seen.values().next().value!);
    const { alertId, region, unit, alert } = event.data;
    if (alertId === undefined) return true;
    if (event.type === 'wage.alert.dispatched')
      this.cases.set(alertId, {
        alertId,
        region,
        unit: unit ?? '',
        employer: alert?.enterprise?.name ?? '',
        state: 'dispatched',
        received: now,
        standsBy: event.id,
      });
    const held = this.cases.get(alertId);
    if (!held) return true;
    if (event.type === 'wage.alert.closed') held.state = 'closed';
    if (event.type === 'wage.alert.transferred') held.state = 'transferred';
    if (event.type === 'wage.alert.audited' && event.data.verdict === 'returned')
      Object.assign(held, { state: 'returned', standsBy: event.id } satisfies Partial<HeldCase>);
    if (isOver(held)) this.forgetOldest();
    return true;
  }

  private forgetOldest(): void {
    const over = [...this.cases.values()].filter(isOver);
    for (const { alertId } of over.slice(0, -MOST_OVER)) this.cases.delete(alertId);
  }
}

/** Whether a case is nobody's here any more. */
export const isOver = ({ state }: HeldCase) => state === 'closed' || state === 'transferred';

/** What is to be done about a case next; undefined where nothing is. */
export function nextStep({ state }: HeldCase): 'accepted' | 'handled' | undefined {
  if (state === 'dispatched') return 'accepted';
  return state === 'accepted' || state === 'returned' ? 'handled' : undefined;
}

/**
 * What the platform reports of a case. Sent again, it is the same event.
 * @param source that of its token
 * @param outcome what a handling came to
 */
export function report(
  held: HeldCase,
  action: 'accepted' | 'handled',
  source: string,
  now: number,
  outcome = 'paid-in-full',
): object {
  const { alertId, region, unit, standsBy } = held;
  const id = createHash('sha256').update(`${standsBy} ${action}`).digest('hex').slice(0, 32);
  return {
    specversion: '1.0',
    id,
    source,
    type: `wage.alert.${action}`,
    time: toRfc3339(now),
    data: action === 'accepted' ? { alertId, region, unit } : { alertId, region, outcome },
  };
}
