import type { WageEvent } from '../../contract/events.ts';
import { event, raised } from './events.ts';

/** A small generator of pseudo-random numbers, so that a failing run can be repeated. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface Workload {
  /** As they arrive: with duplicates and out of order. */
  arriving: WageEvent[];
  /** What must be shown when all is counted; `all` window. */
  expected: {
    raised: number;
    workers: number;
    amountFen: number;
    effective: number;
    falseAlarm: number;
    recoveredFen: number;
    recoveredWorkers: number;
    closed: number;
    open: number;
  };
  distinct: number;
}

const TOWNS = ['330110001', '330110003', '330110010', '330110013', '330110100'];
const HOUR = 3_600_000;

/**
 * Lives of alerts with `duplicates` of the events sent twice and `disorder` of them out of place. The totals are added
 * up while the lives are written, so they owe nothing to the program.
 */
export function makeWorkload({
  events: wanted,
  duplicates = 0.1,
  disorder = 0.1,
  seed = 1,
  now = Date.now(),
}: {
  events: number;
  duplicates?: number;
  disorder?: number;
  seed?: number;
  now?: number;
}): Workload {
  const random = randomOf(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const inOrder: WageEvent[] = [];
  const expected = {
    raised: 0,
    workers: 0,
    amountFen: 0,
    effective: 0,
    falseAlarm: 0,
    recoveredFen: 0,
    recoveredWorkers: 0,
    closed: 0,
    open: 0,
  };
  for (let n = 0; inOrder.length < wanted; n++) {
    const alertId = `W${seed}-${n}`;
    const start = now - HOUR * 24 * (2 + random() * 900);
    let at = start;
    const step = () => (at += HOUR * (0.2 + random() * 6));
    const workers = 1 + Math.floor(random() * 60);
    const amountFen = Math.floor(random() * 5e8);
    expected.raised++;
    expected.open++;
    inOrder.push(
      raised(at, {
        alertId,
        town: pick(TOWNS),
        tier: pick(['red', 'orange', 'yellow']),
        industry: pick(['C', 'E', 'H']),
        channel: pick(['water', 'petition', 'wage-account']),
        workers,
        amountFen,
        enterprise: { name: `某${n % 400}号建筑有限公司` },
        location: { lng: 119.9 + random() * 0.4, lat: 30.25 + random() * 0.2 },
      }),
    );
    if (random() < 0.2) {
      inOrder.push(
        event('wage.alert.amended', step(), { alertId, town: pick(TOWNS), amountFen: amountFen + 100, reason: '核实' }),
      );
      expected.amountFen += amountFen + 100;
    } else {
      expected.amountFen += amountFen;
    }
    expected.workers += workers;
    if (random() < 0.9) inOrder.push(event('wage.alert.dispatched', step(), { alertId }));
    if (random() < 0.8) inOrder.push(event('wage.alert.accepted', step(), { alertId }));
    if (random() < 0.8) inOrder.push(event('wage.alert.handled', step(), { alertId }));
    if (random() < 0.7) {
      const effective = random() < 0.8;
      inOrder.push(event('wage.alert.audited', step(), { alertId, verdict: effective ? 'effective' : 'false-alarm' }));
      if (effective) expected.effective++;
      else expected.falseAlarm++;
    }
    if (random() < 0.3) {
      const fen = Math.floor(random() * 1e7);
      inOrder.push(event('wage.wages.recovered', step(), { alertId, amountFen: fen, workers: 2 }));
      expected.recoveredFen += fen;
      expected.recoveredWorkers += 2;
    }
    if (random() < 0.6) {
      inOrder.push(event('wage.alert.closed', step(), { alertId }));
      expected.closed++;
      expected.open--;
    }
  }
  const arriving: WageEvent[] = [];
  for (const one of inOrder) {
    // Out of order: somewhere among the last thousand; again: anywhere later.
    if (random() < disorder) arriving.splice(Math.max(0, arriving.length - Math.floor(random() * 1000)), 0, one);
    else arriving.push(one);
    if (random() < duplicates) arriving.push(pick(arriving));
  }
  return { arriving, expected, distinct: inOrder.length };
}
