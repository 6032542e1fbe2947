import type { ServerResponse } from 'node:http';
import { tooManyRequests } from '../platform/http/problem.ts';

/** Replays that go on at a time for one token or session, and in all. */
const MOST = { each: 4, all: 64 };
/** One takes a second or two. */
const WAIT_MS = 2_000;

/** The replays that are being read. */
export class OpenReplays {
  private readonly open = new Map<string, number>();
  private all = 0;

  get size(): number {
    return this.all;
  }

  /**
   * Counts a replay until its answer is closed.
   * @throws HttpProblem 429 where there are too many
   */
  begin(credential: string, answer: Pick<ServerResponse, 'destroyed' | 'once'>): void {
    // Whoever left while their reading was put on the trail is told of no more: nobody would give the place back.
    if (answer.destroyed) return;
    const own = this.open.get(credential) ?? 0;
    if (own >= MOST.each || this.all >= MOST.all) throw tooManyRequests(WAIT_MS);
    this.open.set(credential, own + 1);
    this.all++;
    answer.once('close', () => {
      this.all--;
      const left = this.open.get(credential)! - 1;
      if (left > 0) this.open.set(credential, left);
      else this.open.delete(credential);
    });
  }
}
