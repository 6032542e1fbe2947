import { setTimeout as sleep } from 'node:timers/promises';
import type { AlertEventType } from '../../contract/codes.ts';
import { toRfc3339 } from '../../common/regionTime.ts';

const TOWNS = ['330110001', '330110003', '330110010', '330110013', '330110100'];
const INDUSTRIES = ['C', 'E', 'H', 'F', 'G'];
const CHANNELS = ['water', 'petition', 'wage-account', 'construction', 'hotline'];
/** Different positions of alerts: after so many of them, each cell of heat is there. */
export const PLACES = 400;
/** Events in the whole life of an alert. */
export const LIFE_EVENTS = 7;
/** Alerts a request. */
const BATCH = 250;
let numbers = 0;

/** Posts events to a server, as the sources of a district would. Nothing is red but on request: an alarm is another measurement. */
export class Feeder {
  private readonly url: string;
  private readonly rate: number;
  private readonly name = Math.random().toString(36).slice(2, 8);

  /** @param rate events a second of `run` */
  constructor(url: string, rate: number) {
    this.url = url;
    this.rate = rate;
  }

  /** One event after the other for so many ms. */
  async run(forMs: number): Promise<void> {
    const started = performance.now();
    for (let n = 0; performance.now() - started < forMs; n++) {
      await this.post(this.life(Date.now()).slice(0, 1));
      await sleep(Math.max(0, started + ((n + 1) * 1000) / this.rate - performance.now()));
    }
  }

  /** Whole lives of alerts, about so many events, a batch at a time, so that the page gets its patches. */
  async lives(events: number): Promise<void> {
    for (let sent = 0; sent < events;) {
      const batch = Array.from({ length: 12 }, () => this.life(Date.now() - Math.random() * 3_600_000)).flat();
      await this.post(batch);
      sent += batch.length;
      // Longer than a tick: each batch is a patch of its own.
      await sleep(270);
    }
  }

  /** So many alerts that stay open, raised within the last month. */
  async open(alerts: number): Promise<void> {
    for (let sent = 0; sent < alerts; sent += BATCH) {
      await this.post(Array.from({ length: BATCH }, () => this.life(Date.now() - Math.random() * 30 * 86_400_000)[0]!));
    }
  }

  /** One red alert, raised now. */
  async red(): Promise<void> {
    const [raised] = this.life(Date.now());
    const { data } = raised as { data: object };
    await this.post([{ ...raised, data: { ...data, tier: 'red' } }]);
  }

  private life(raisedAt: number): object[] {
    const n = ++numbers;
    const alertId = `W${this.name}${n}`;
    const pick = <T>(list: readonly T[], k: number) => list[k % list.length]!;
    const event = (type: AlertEventType, after: number, data: object) => ({
      specversion: '1.0',
      id: `${alertId}-${type}`,
      source: 'urn:bench:web',
      type,
      time: toRfc3339(Math.min(Date.now(), raisedAt + after)),
      data: { alertId, region: '330110', ...data },
    });
    const unit = '综合执法队';
    return [
      event('wage.alert.raised', 0, {
        town: pick(TOWNS, n),
        tier: n % 3 ? 'yellow' : 'orange',
        industry: pick(INDUSTRIES, n * 7),
        channel: pick(CHANNELS, n * 3),
        enterprise: { name: `某${n % 300}号建筑有限公司` },
        workers: 1 + (n % 40),
        amountFen: 100_000 + n * 37,
        location: { lng: 119.9 + ((n * 37) % PLACES) / 1000, lat: 30.25 + ((n * 53) % 200) / 1000 },
      }),
      event('wage.alert.dispatched', 1_000, { platform: 'four-platforms', unit }),
      event('wage.alert.accepted', 2_000, { unit }),
      event('wage.alert.handled', 3_000, { outcome: '已约谈，限期支付' }),
      event('wage.alert.audited', 4_000, { verdict: n % 5 ? 'effective' : 'false-alarm' }),
      event('wage.wages.recovered', 5_000, { amountFen: 50_000, workers: 1 }),
      event('wage.alert.closed', 6_000, {}),
    ];
  }

  private async post(events: object[]): Promise<void> {
    const response = await fetch(`${this.url}/api/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: events.map((event) => JSON.stringify(event)).join('\n'),
    });
    const answer = (await response.json()) as { rejectedTotal?: number };
    if (response.status !== 202 || answer.rejectedTotal)
      throw new Error(`the server took not all: ${response.status} ${JSON.stringify(answer).slice(0, 500)}`);
  }
}
