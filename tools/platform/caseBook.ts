import { createHash } from 'node:crypto';
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
export type CaseState = 'dispatched' | 'accepted' | 'handled' | 'returned' | 'closed' | 'transferred';

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

/** What the platform knows: every event once, by its `webhook-id`. */
export class CaseBook {
  readonly cases = new Map<string, HeldCase>();
  /** All that came, in order, repeats left out. */
  readonly events: Delivered[] = [];
  private readonly seen = new Set<string>();

  /** @returns whether the event was new */
  take(webhookId: string, event: Delivered, now: number): boolean {
    if (this.seen.has(webhookId)) return false;
    this.seen.add(webhookId);
    this.events.push(event);
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
    return true;
  }
}

/** What is to be done about a case next; undefined where nothing is. */
export function nextStep({ state }: HeldCase): 'accepted' | 'handled' | undefined {
  if (state === 'dispatched') return 'accepted';
  return state === 'accepted' || state === 'returned' ? 'handled' : undefined;
}

/** What the platform reports of a case. Sent again, it is the same event. @param source that of its token */
export function report(held: HeldCase, action: 'accepted' | 'handled', source: string, now: number): object {
  const { alertId, region, unit, standsBy } = held;
  const id = createHash('sha256').update(`${standsBy} ${action}`).digest('hex').slice(0, 32);
  return {
    specversion: '1.0',
    id,
    source,
    type: `wage.alert.${action}`,
    time: toRfc3339(now),
    data: action === 'accepted' ? { alertId, region, unit } : { alertId, region, outcome: 'paid-in-full' },
  };
}
