import { setTimeout as sleep } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import type { Frame } from '../contract/frame.ts';
import { applyMergePatch } from '../common/mergePatch.ts';
import type { ClientEvents, ServerEvents } from '../contract/protocol.ts';
import { toRfc3339 } from '../common/regionTime.ts';
import { spreadOf, type Spread } from './measure.ts';

const SLICE_MS = 20;
let run = 0;

/**
 * Time from an event's 202 to the patch that shows it, at a steady rate: the k-th newly raised alert is shown by the
 * first patch whose `raised` has grown by k. A client of its own watches the region's 24 hours.
 */
export async function freshness(url: string, rate: number, seconds: number): Promise<Spread> {
  const screen: Socket<ServerEvents, ClientEvents> = io(`${url}/wall`, { transports: ['websocket'], forceNew: true });
  const ack = await screen.emitWithAck('watch', { scope: '330110', window: '24h' });
  if (!('frame' in ack)) throw new Error(JSON.stringify(ack));
  let frame: Frame = ack.frame;
  const base = frame.totals.raised;
  const acceptedAt: number[] = [];
  const delays: number[] = [];
  screen.on('patch', (patch) => {
    frame = applyMergePatch(frame, patch.patch);
    const now = performance.now();
    // Accepted is what the sender knows; a patch may even come before its answer has.
    while (delays.length < frame.totals.raised - base) delays.push(now - (acceptedAt[delays.length] ?? now));
  });
  const mine = `${process.pid}-${++run}`;
  let sent = 0;
  const started = performance.now();
  let last: Promise<void> = Promise.resolve();
  while (performance.now() - started < seconds * 1000) {
    const due = Math.floor(((performance.now() - started) / 1000) * rate) - sent;
    if (due > 0) {
      const time = toRfc3339(Date.now());
      const events = Array.from({ length: due }, (_, i) => ({
        specversion: '1.0',
        id: `f-${mine}-${sent + i}`,
        source: 'urn:bench',
        type: 'wage.alert.raised',
        time,
        data: {
          alertId: `F-${mine}-${sent + i}`,
          region: '330110',
          town: '330110010',
          tier: 'yellow',
          industry: 'E',
          channel: 'wage-account',
          enterprise: { name: `某${(sent + i) % 500}号建筑有限公司` },
          workers: 3,
          amountFen: 100_000,
          location: { lng: 120.046, lat: 30.374 },
        },
      }));
      sent += due;
      // One request after the other, so that alerts are counted in the order of their answers.
      last = last
        .then(() =>
          fetch(`${url}/api/v1/events`, {
            method: 'POST',
            headers: { 'content-type': 'application/cloudevents-batch+json' },
            body: JSON.stringify(events),
          }),
        )
        .then(async (response) => {
          await response.arrayBuffer();
          const now = performance.now();
          for (let i = 0; i < due; i++) acceptedAt.push(now);
        });
    }
    await sleep(SLICE_MS);
  }
  await last;
  while (delays.length < sent) await sleep(20);
  screen.disconnect();
  return spreadOf(delays);
}
