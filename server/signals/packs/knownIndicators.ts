import { setTimeout as sleep } from 'node:timers/promises';
import type { KnownIndicators, RuleStore } from './ruleStore.ts';

/** So often versions are looked for that other processes have made, ms. */
const FOLLOW_MS = 1_000;

/** The indicators that the stored versions of some regions know, in memory: for the intake, which asks for each event. */
export class IndicatorDirectory {
  private readonly stores: readonly RuleStore[];
  private readonly onTrouble: (error: unknown) => void;
  private readonly known = new Map<string, { changes: number; indicators: KnownIndicators }>();
  private readonly stopping = new AbortController();
  private following: Promise<void> | undefined;

  /** @param onTrouble called when Redis does not answer; what was known before stays in force */
  constructor(stores: readonly RuleStore[], onTrouble: (error: unknown) => void) {
    this.stores = stores;
    this.onTrouble = onTrouble;
  }

  /** Undefined for a region without any version. */
  of(region: string): KnownIndicators | undefined {
    return this.known.get(region)?.indicators;
  }

  async start(): Promise<void> {
    await this.read();
    this.following = this.follow();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.following;
  }

  /** Reads what has changed; to be called when this process has added a version. */
  async read(): Promise<void> {
    await Promise.all(
      this.stores.map(async (store) => {
        const changes = await store.changes();
        if (changes === 0) this.known.delete(store.region);
        else if (changes !== this.known.get(store.region)?.changes)
          this.known.set(store.region, { changes, indicators: await store.indicators() });
      }),
    );
  }

  private async follow(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await sleep(FOLLOW_MS, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) await this.read().catch(this.onTrouble);
    }
  }
}
