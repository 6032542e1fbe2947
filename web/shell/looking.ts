/** While somebody is there, the server is told so often that they look, ms: a visit lasts for 30 minutes without (server/briefing/looks.ts). */
const EVERY_MS = 5 * 60_000;

export interface LookingParts {
  /** Monotonic ms. */
  now(): number;
  after(ms: number, run: () => void): () => void;
  /** What is on show, if it is of now and tells anything; undefined else. */
  shown(): string | undefined;
  look(what: string): void;
  /** How long it must be in sight, ms. */
  settleMs: number;
}

/**
 * Whether somebody looks at a screen. That it is lit says nothing: many stand in an empty room. A look is that somebody has done something
 * at it (opened it, come back to it, touched it, a key, or the pointer), and that it has been in sight for a while since. All that is
 * outside is handed in.
 */
export class Looking {
  private readonly parts: LookingParts;
  private readonly looked = new Map<string, number>();
  private cancel: (() => void) | undefined;
  /** Somebody is there, and nothing was on show yet. */
  private owed = false;

  constructor(parts: LookingParts) {
    this.parts = parts;
  }

  /** Somebody has done something here. */
  act(): void {
    const { settleMs, after } = this.parts;
    if (this.cancel) return;
    if (settleMs === 0) this.due();
    else
      this.cancel = after(settleMs, () => {
        this.cancel = undefined;
        this.due();
      });
  }

  /** Something else is on show, or something at all. */
  changed(): void {
    if (!this.owed) return;
    this.owed = false;
    this.due();
  }

  /** It is out of sight. */
  hide(): void {
    this.cancel?.();
    this.cancel = undefined;
    this.owed = false;
  }

  private due(): void {
    const { now, shown, look } = this.parts;
    const what = shown();
    if (what === undefined) {
      this.owed = true;
      return;
    }
    const before = this.looked.get(what);
    if (before !== undefined && now() - before < EVERY_MS) return;
    this.looked.set(what, now());
    look(what);
  }
}
