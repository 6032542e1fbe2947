import { nextRungAt, timedRungs, type Ladder, type TimedRung } from '../../../common/ladder.ts';
import { workdaysOf, type StageClock } from '../../alerts/stageClock.ts';
import { dueAtOf, type Case } from './case.ts';
import { TimerHeap } from './timerHeap.ts';

/** A stage's term with its rungs. */
export interface CaseTerm {
  dueAt: number;
  rungs: TimedRung[];
}

/** The open cases of a region in memory, and when the next rung of each comes. */
export class CaseBook {
  private readonly cases = new Map<string, Case>();
  /** When the next rung of a case comes; nothing for one that has none left. */
  private readonly nextOf = new Map<string, number>();
  private readonly timers = new TimerHeap<string>();
  private clock: StageClock;
  private readonly ladder: Ladder;

  constructor(clock: StageClock, ladder: Ladder) {
    this.clock = clock;
    this.ladder = ladder;
  }

  get size(): number {
    return this.cases.size;
  }

  get ids(): Iterable<string> {
    return this.cases.keys();
  }

  get(alertId: string): Case | undefined {
    return this.cases.get(alertId);
  }

  /** The moment of the earliest rung that has not been passed; undefined where there is none. */
  get next(): number | undefined {
    for (;;) {
      const first = this.timers.first;
      if (!first || this.nextOf.get(first.key) === first.at) return first?.at;
      this.timers.take();
    }
  }

  /** Of at most `most` cases a rung whose moment is over at `now`: they are handed over, and come again when they are put in again. */
  takeDue(now: number, most: number): string[] {
    const due: string[] = [];
    for (let at = this.next; at !== undefined && at < now && due.length < most; at = this.next) {
      const { key } = this.timers.take()!;
      this.nextOf.delete(key);
      due.push(key);
    }
    return due;
  }

  termOf(one: Case): CaseTerm | undefined {
    const dueAt = dueAtOf(one, this.clock);
    if (dueAt === undefined) return undefined;
    return {
      dueAt,
      rungs: timedRungs(this.ladder, { stageAt: one.termFrom, dueAt }, workdaysOf(this.clock.calendars)),
    };
  }

  put(one: Case): void {
    this.cases.set(one.alertId, one);
    this.wind(one);
  }

  remove(alertId: string): boolean {
    this.nextOf.delete(alertId);
    return this.cases.delete(alertId);
  }

  /** The rules are others: rungs that are not passed move. */
  reckonAnew(clock: StageClock): void {
    this.clock = clock;
    this.timers.clear();
    this.nextOf.clear();
    for (const one of this.cases.values()) this.wind(one);
  }

  private wind(one: Case): void {
    const dueAt = dueAtOf(one, this.clock);
    const next =
      dueAt === undefined
        ? undefined
        : nextRungAt(this.ladder, { stageAt: one.termFrom, dueAt }, workdaysOf(this.clock.calendars), one.passed);
    if (next === undefined) this.nextOf.delete(one.alertId);
    else if (this.nextOf.get(one.alertId) !== next) {
      this.nextOf.set(one.alertId, next);
      this.timers.add(next, one.alertId);
      // Moments that hold no more pile up when terms change often.
      if (this.timers.size > 2 * this.nextOf.size + 64) {
        this.timers.clear();
        for (const [alertId, at] of this.nextOf) this.timers.add(at, alertId);
      }
    }
  }
}
