import { setTimeout as sleep } from 'node:timers/promises';
import { toRfc3339 } from '../../common/regionTime.ts';
import { sharedNow } from './clock.ts';

/** Events at a steady pace: whole lives of alerts, side by side, seven events each. */
const SLICE_MS = 20;
const LIVING = 50;
/** What has not been sent after so many times its time is given up: whoever takes it in cannot keep the pace. */
const PATIENCE = 4;
const YUHANG: Place = { region: '330110', towns: ['330110001', '330110003', '330110010', '330110013', '330110100'] };
let runs = 0;

/** Where alerts are raised. */
export interface Place {
  region: string;
  towns: readonly string[];
}

/** Without end: fifty alerts live side by side, in one place after the other. */
export function* eventsOfLives(places: readonly Place[] = [YUHANG]): Generator<object, never> {
  const name = `L${process.pid}-${++runs}-`;
  const steps: number[] = new Array<number>(LIVING).fill(0);
  const ids = steps.map((_, i) => `${name}${i}`);
  const homes = steps.map((_, i) => places[i % places.length]!);
  let alerts = LIVING;
  for (let n = 0; ; n++) {
    const slot = n % LIVING;
    const alertId = ids[slot]!;
    const step = steps[slot]!;
    const { region, towns } = homes[slot]!;
    const of = (type: string, data: object) => ({
      specversion: '1.0',
      id: `${alertId}-${step}`,
      source: 'urn:bench',
      type,
      time: toRfc3339(Date.now()),
      data: { alertId, region, ...data },
    });
    yield [
      () =>
        of('wage.alert.raised', {
          town: towns[n % towns.length],
          tier: n % 3 ? 'yellow' : 'orange',
          industry: 'E',
          channel: 'wage-account',
          enterprise: { name: `某${n % 500}号建筑有限公司` },
          workers: 3,
          amountFen: 100_000,
          location: { lng: 120.046, lat: 30.374 },
        }),
      () => of('wage.alert.dispatched', { platform: 'four-platforms', unit: '综合执法队' }),
      () => of('wage.alert.accepted', { unit: '综合执法队' }),
      () => of('wage.alert.handled', { outcome: '已约谈，限期支付' }),
      () => of('wage.alert.audited', { verdict: 'effective' }),
      () => of('wage.wages.recovered', { amountFen: 50_000, workers: 3 }),
      () => of('wage.alert.closed', {}),
    ][step]!();
    steps[slot] = (step + 1) % 7;
    if (steps[slot] > 0) continue;
    homes[slot] = places[alerts % places.length]!;
    ids[slot] = `${name}${alerts++}`;
  }
}

/**
 * Sends so many events a second for so long, to the URL that takes them; what is late by three times that is left unsent.
 * @returns when each `raised` had been accepted, by the shared clock, in the order in which they are counted
 */
export async function sendAtPace(
  url: string,
  rate: number,
  seconds: number,
  places?: readonly Place[],
): Promise<number[]> {
  const source = eventsOfLives(places);
  const acceptedAt: number[] = [];
  let sent = 0;
  const started = performance.now();
  let last: Promise<void> = Promise.resolve();
  while (performance.now() - started < seconds * 1000) {
    const due = Math.floor(((performance.now() - started) / 1000) * rate) - sent;
    if (due > 0) {
      sent += due;
      const batch = Array.from({ length: due }, () => source.next().value as { type: string });
      const raised = batch.filter(({ type }) => type === 'wage.alert.raised').length;
      // One request after the other, so that alerts are counted in the order of their answers.
      last = last.then(async () => {
        if (performance.now() - started > seconds * 1000 * PATIENCE) return;
        const response = await fetch(url, {
          method: 'POST',
          headers: {
            'content-type': url.endsWith('/api/v1/events') ? 'application/cloudevents-batch+json' : 'application/json',
          },
          body: JSON.stringify(batch),
        });
        if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
        await response.arrayBuffer();
        const now = sharedNow();
        for (let i = 0; i < raised; i++) acceptedAt.push(now);
      });
    }
    await sleep(SLICE_MS);
  }
  await last;
  return acceptedAt;
}
