import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FoldRules } from '../../alerts/fold.ts';
import type { Log } from '../telemetry.ts';
import type { AllFolded, Refold } from './foldBatch.ts';

/** Alerts that are handed over at once, and those that wait for that at most. */
const AT_ONCE = 100;
const WAITING = 1_000;
const AGAIN_MS = 1_000;

export interface SweepParts {
  region: string;
  /** The rules as they are now: the same object as long as nothing of them has changed. */
  rules: () => FoldRules;
  /** Digest of the rules by which all alerts have been folded; undefined where none has been noted. */
  noted: () => Promise<string | undefined>;
  /** The ids of all alerts, in no order, perhaps some twice. */
  ids: () => AsyncIterable<readonly string[]>;
  log: Log;
}

/**
 * Terms are reckoned when an alert is folded. When the rules change (a calendar is imported, a pack is edited), all alerts are
 * folded again, a few at a time between the batches of events: until then each has the term that it had.
 */
export class RefoldSweep {
  private readonly parts: SweepParts;
  private current: FoldRules | undefined;
  private waiting: string[] = [];
  /** Digest of the rules by which all will have been folded once nothing waits any more. */
  private done: string | undefined;
  private round = 0;

  constructor(parts: SweepParts) {
    this.parts = parts;
  }

  /** A tenure begins: whatever is not committed is to be done again. */
  begin(): void {
    this.current = undefined;
    this.look();
  }

  /** The tenure has ended: nothing more is asked for. */
  end(): void {
    this.round++;
  }

  get hasMore(): boolean {
    return this.waiting.length > 0 || this.done !== undefined;
  }

  /** The next alerts to be folded again; asked for at least once a second. */
  take(): (Refold | AllFolded)[] {
    this.look();
    const next: (Refold | AllFolded)[] = this.waiting.splice(0, AT_ONCE).map((refold) => ({ refold }));
    if (this.waiting.length || this.done === undefined) return next;
    next.push({ rules: this.done });
    this.done = undefined;
    return next;
  }

  private look(): void {
    const rules = this.parts.rules();
    if (rules === this.current) return;
    this.current = rules;
    this.waiting = [];
    this.done = undefined;
    void this.sweep(rules, ++this.round);
  }

  private async sweep(rules: FoldRules, round: number): Promise<void> {
    const { noted, ids, log, region } = this.parts;
    const ended = () => round !== this.round;
    const digest = rulesDigest(rules);
    while (!ended()) {
      try {
        if ((await noted()) === digest) return;
        for await (const some of ids()) {
          while (!ended() && this.waiting.length >= WAITING) await sleep(20, undefined, { ref: false });
          if (ended()) return;
          this.waiting.push(...some);
        }
        if (!ended()) this.done = digest;
        return;
      } catch (error) {
        log.warn({ error, region }, 'worker: terms could not be reckoned anew, and it tries again');
        await sleep(AGAIN_MS, undefined, { ref: false });
      }
    }
  }
}

/** 2: rows tell when alerts were put under supervision. Where it grows, all alerts are folded again once. */
const FOLD_VERSION = 2;

/** Tells rules, and what is made of alerts by them, from others. */
function rulesDigest(rules: FoldRules): string {
  return hash('sha256', JSON.stringify([FOLD_VERSION, rules]), 'base64url').slice(0, 22);
}
