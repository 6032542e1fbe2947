import type { SubjectKey } from '../../../common/subjectKey.ts';
import type { EngineStanding } from './standing.ts';
import { NEVER } from './subject.ts';
import type { SubjectTable } from './subjectTable.ts';

/** Subjects to be looked at though nothing was said of them: because of the day, of a version that came into force, or to be decided about. */
export class Backlog {
  private readonly table: SubjectTable;
  private readonly standing: EngineStanding;
  /** Numbers of those to be looked at because of the day. */
  private stale: number[] = [];
  /** Those with a tier about which nothing could be decided yet. */
  private readonly undecided = new Set<SubjectKey>();

  constructor(table: SubjectTable, standing: EngineStanding) {
    this.table = table;
    this.standing = standing;
  }

  /** Those whose result a day may change are due. */
  begin(day: number): void {
    const due = this.table.takeDue(day);
    if (due.length) this.stale = this.stale.length ? this.stale.concat(due) : due;
  }

  /** It is to be looked at as soon as anything may be decided. */
  decideLater(key: SubjectKey): void {
    this.undecided.add(key);
  }

  /** Subjects that a new day, or a version that came into force, has left. */
  get waiting(): number {
    const { standing, table } = this;
    return this.stale.length + Math.max(0, table.size - standing.sweep);
  }

  /** Whether there is any that need not wait for anything. */
  has(mayDecide: boolean): boolean {
    return this.waiting > 0 || (this.undecided.size > 0 && mayDecide);
  }

  /** Takes one out, if there is any. */
  next(): SubjectKey | undefined {
    const { standing, table } = this;
    if (this.stale.length) return table.keyOf(this.stale.pop()!);
    if (standing.sweep < table.size) return table.keyOf(standing.sweep++);
    const [key] = this.undecided;
    this.undecided.delete(key!);
    return key;
  }

  /** Notes whether all of them have been gone over. */
  endPiece(): void {
    if (this.standing.sweep >= this.table.size) this.standing.sweep = NEVER;
  }
}
