/** A page that reloaded for a build does not do so again for the same build within this time. */
const GUARD_MS = 10 * 60_000;
const KEY = 'wagewatch.reloaded';

export interface ReleaseIo {
  /** Wall-clock ms; only differences matter. */
  now(): number;
  storage: Pick<Storage, 'getItem' | 'setItem'>;
  reload(): void;
  /** Whether nobody is touching the screen and no alarm is on it. */
  quiet(): boolean;
}

/**
 * Reloads the page once when the server tells of another build than the one this page first met (contract §5, `beat`).
 * Behind a balancer with two builds the page would go back and forth; the guard in the session storage stops that.
 */
export class ReleaseWatch {
  private first: string | undefined;
  private reloading = false;
  private readonly io: ReleaseIo;

  constructor(io: ReleaseIo) {
    this.io = io;
  }

  /** Takes the build id of a beat; reloads when another one is due and all is quiet. */
  takeBuild(build: string): void {
    this.first ??= build;
    if (build === this.first || this.reloading || !this.io.quiet()) return;
    const [last, at] = (this.read() ?? '').split(' ');
    const since = this.io.now() - Number(at);
    if (last === build && since >= 0 && since < GUARD_MS) return;
    if (!this.write(`${build} ${this.io.now()}`)) return;
    this.reloading = true;
    this.io.reload();
  }

  private read(): string | null {
    try {
      return this.io.storage.getItem(KEY);
    } catch {
      return null;
    }
  }

  /** False where storage is forbidden: without the guard a reload would be a gamble. */
  private write(value: string): boolean {
    try {
      this.io.storage.setItem(KEY, value);
      return true;
    } catch {
      return false;
    }
  }
}
