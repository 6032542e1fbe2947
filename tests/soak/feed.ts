import type { WageEvent } from '../../contract/events.ts';
import { event, raised } from '../support/events.ts';
import { post } from '../support/server.ts';
import { randomOf } from '../support/workload.ts';

/** What must be shown in the window `all`, added up while the events are made: it owes nothing to the program. */
export interface Expected {
  raised: number;
  workers: number;
  amountFen: number;
  effective: number;
  falseAlarm: number;
  recoveredFen: number;
  recoveredWorkers: number;
  closed: number;
  closeMs: number;
  open: number;
}
interface Living {
  alertId: string;
  raisedAt: number;
  step: number;
}

const TOWNS = ['330110001', '330110003', '330110010', '330110013', '330110100'];
const CHANNELS = ['water', 'petition', 'wage-account', 'hotline', 'tax'] as const;
const TIERS = ['red', 'orange', 'yellow'] as const;
/** Of the events, so many are sent a second time. */
const REPEATED = 0.1;

/** A district's life, hurried: new alerts, the next step of those there are, and repeats of what has been sent. */
export class Feed {
  readonly expected: Expected = {
    raised: 0,
    workers: 0,
    amountFen: 0,
    effective: 0,
    falseAlarm: 0,
    recoveredFen: 0,
    recoveredWorkers: 0,
    closed: 0,
    closeMs: 0,
    open: 0,
  };
  readonly byTown = new Map<string, number>(TOWNS.map((town) => [town, 0]));
  sent = 0;
  private readonly url: string;
  private readonly random = randomOf(7);
  private living: Living[] = [];
  private recent: WageEvent[] = [];

  constructor(url: string) {
    this.url = url;
  }

  /** Sends one batch; resolves when it is accepted. @param alerts new ones */
  async send(alerts: number): Promise<void> {
    const now = Date.now();
    const batch: WageEvent[] = [];
    for (let i = 0; i < alerts; i++) batch.push(this.raise(now));
    // As many steps as keep the number of open alerts where it is.
    for (let i = 0; i < alerts * 6 && this.living.length; i++) batch.push(this.next(now));
    const repeats = batch.filter(() => this.random() < REPEATED);
    const again = this.recent.length ? repeats.map(() => this.pick(this.recent)) : [];
    const { status, body } = await post(this.url, [...batch, ...again]);
    if (status !== 202 || body.rejectedTotal !== 0)
      throw new Error(`the feed was not accepted: ${status} ${JSON.stringify(body).slice(0, 300)}`);
    this.sent += batch.length + again.length;
    this.recent = [...batch, ...this.recent].slice(0, 500);
  }

  private raise(now: number): WageEvent {
    const { expected } = this;
    const alertId = `S${expected.raised}`;
    const town = this.pick(TOWNS),
      workers = 1 + Math.floor(this.random() * 40),
      amountFen = Math.floor(this.random() * 1e8);
    expected.raised++;
    expected.open++;
    expected.workers += workers;
    expected.amountFen += amountFen;
    this.byTown.set(town, this.byTown.get(town)! + 1);
    this.living.push({ alertId, raisedAt: now, step: 0 });
    return raised(now, {
      alertId,
      town,
      workers,
      amountFen,
      tier: this.pick(TIERS),
      industry: this.pick(['C', 'E', 'H']),
      channel: this.pick(CHANNELS),
      enterprise: { name: `某${expected.raised % 300}号建筑有限公司` },
      location: { lng: 119.9 + this.random() * 0.4, lat: 30.25 + this.random() * 0.2 },
    });
  }

  private next(now: number): WageEvent {
    const { expected } = this;
    const index = Math.floor(this.random() * this.living.length);
    const one = this.living[index]!;
    const { alertId } = one;
    switch (one.step++) {
      case 0:
        return event('wage.alert.dispatched', now, { alertId });
      case 1:
        return event('wage.alert.accepted', now, { alertId });
      case 2:
        return event('wage.alert.handled', now, { alertId });
      case 3: {
        const effective = this.random() < 0.8;
        if (effective) expected.effective++;
        else expected.falseAlarm++;
        return event('wage.alert.audited', now, { alertId, verdict: effective ? 'effective' : 'false-alarm' });
      }
      case 4: {
        const fen = Math.floor(this.random() * 1e7);
        expected.recoveredFen += fen;
        expected.recoveredWorkers += 2;
        return event('wage.wages.recovered', now, { alertId, amountFen: fen, workers: 2 });
      }
      default: {
        this.living.splice(index, 1);
        expected.closed++;
        expected.open--;
        expected.closeMs += now - one.raisedAt;
        return event('wage.alert.closed', now, { alertId });
      }
    }
  }

  private pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.random() * list.length)]!;
  }
}
