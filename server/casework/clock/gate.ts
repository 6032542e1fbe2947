/**
 * Rungs that were over at a moment may speak only once all that had been accepted by then has been counted: else the clock would urge
 * somebody who has acted already.
 */
export class Gate {
  private readonly counted: (signal: AbortSignal) => Promise<void>;
  private readonly failed: (error: unknown) => void;
  private current: { at: number; open: boolean } | undefined;
  private closing = new AbortController();

  /** @param counted resolves when all that is accepted as it is called has been counted */
  constructor(counted: (signal: AbortSignal) => Promise<void>, failed: (error: unknown) => void) {
    this.counted = counted;
    this.failed = failed;
  }

  /** The moment whose rungs may speak now; undefined while none may. */
  get openAt(): number | undefined {
    return this.current?.open ? this.current.at : undefined;
  }

  /** Rungs were over at a moment: opens for them, unless it is opening for others. */
  open(at: number): void {
    if (this.current) return;
    const mine = (this.current = { at, open: false as boolean });
    const { signal } = this.closing;
    this.counted(signal).then(
      () => {
        mine.open = true;
      },
      (error: unknown) => {
        if (this.current === mine) this.current = undefined;
        if (!signal.aborted) this.failed(error);
      },
    );
  }

  /** All of them have spoken. */
  close(): void {
    this.current = undefined;
  }

  /** A tenure begins: nobody waits for what was asked. */
  begin(): void {
    this.closing.abort();
    this.closing = new AbortController();
    this.current = undefined;
  }
}
