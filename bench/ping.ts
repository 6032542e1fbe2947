import { setTimeout as sleep } from 'node:timers/promises';

const PING_MS = 5;

/** How long a request waits that asks for nothing: what a tick of the push, or an event, would wait. */
export async function ping(url: string, signal: AbortSignal, waits: number[]): Promise<void> {
  while (!signal.aborted) {
    const started = performance.now();
    await (await fetch(`${url}/healthz`)).arrayBuffer();
    waits.push(performance.now() - started);
    await sleep(PING_MS);
  }
}
