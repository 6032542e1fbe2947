import { setTimeout as sleep } from 'node:timers/promises';

/**
 * As `fetch`, but whoever is told to come back later (429) does, when they were told to. For tests that ask as one person more
 * often than a person may (server/platform/http/limits.ts), which a fast machine does in one window.
 */
export async function askPatiently(url: string, init: RequestInit = {}): Promise<Response> {
  for (;;) {
    const answer = await fetch(url, init);
    if (answer.status !== 429) return answer;
    await answer.body?.cancel();
    await sleep(1_000 * Number(answer.headers.get('retry-after') ?? 1));
  }
}
