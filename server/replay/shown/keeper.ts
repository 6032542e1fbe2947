import { setImmediate as breathe } from 'node:timers/promises';
import type { BaseLogger } from 'pino';
import { contains, isUpper } from '../../../common/divisions.ts';
import { DAY_MS, floorTo } from '../../../common/regionTime.ts';
import { SHOWN_WINDOWS, type ShownWindow } from '../../../contract/replayLimits.ts';
import type { Region, Regions } from '../../region/region.ts';
import { encodeShown } from './shownFile.ts';
import { hourToKeep } from './shownHours.ts';
import type { ShownStore } from './shownStore.ts';
import type { WaitingFrames } from './waitingFrames.ts';

/** As often as screens get a patch: the frame kept is the one that they were shown at the hour. */
const LOOK_MS = 250;
/** What could not be written is tried again so often. */
const RETRY_MS = 5_000;

export interface KeeperParts {
  regions: Regions;
  /** The fencing token while this process counts a region: only then does it keep frames of it. */
  token: (region: string) => string | undefined;
  store: ShownStore;
  waiting: WaitingFrames;
  log: Pick<BaseLogger, 'error' | 'info'>;
  /** Epoch ms. */
  now: () => number;
}

/**
 * Keeps the frames of a region at each full hour, as they are shown then (contract §4), in the process that holds its lease. An
 * hour that nobody was there for stays missing: frames of the past cannot be made later.
 */
export class Keeper {
  private readonly parts: KeeperParts;
  /** By region: the hour that was last taken here. */
  private readonly taken = new Map<string, number>();
  /** By town: the day whose frames are known to be kept. */
  private readonly days = new Map<string, number>();
  private pruned = NaN;
  private triedAt = 0;
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(parts: KeeperParts) {
    this.parts = parts;
  }

  start(): void {
    this.timer = setInterval(() => {
      this.look();
    }, LOOK_MS);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    await this.working;
  }

  /** Takes the frames that are due. */
  private look(): void {
    const { regions, waiting, now, log } = this.parts;
    if (waiting.size > 0 && performance.now() - this.triedAt > RETRY_MS) {
      this.triedAt = performance.now();
      this.then(() => waiting.retry());
    }
    const hour = hourToKeep(now());
    if (hour === undefined) return;
    for (const region of regions.list()) {
      if (this.taken.get(region.code) === hour || !this.holds(region) || !region.view()) continue;
      this.taken.set(region.code, hour);
      // At once: what is shown at the hour must not wait for a disk.
      const frames = this.frames(region, region.code);
      frames.catch((error: unknown) => {
        log.error({ error, region: region.code }, 'kept frames: could not be taken; this hour stays missing');
      });
      this.then(async () => {
        await this.keep(region.code, hour, await frames);
        if (!isUpper(region.pack)) await this.keepTowns(region, hour);
      });
    }
    if (this.pruned !== floorTo(hour, DAY_MS)) {
      this.pruned = floorTo(hour, DAY_MS);
      this.then(() => this.prune());
    }
  }

  /** One thing after the other. */
  private then(work: () => Promise<void>): void {
    this.working = this.working.then(work).catch((error: unknown) => {
      this.parts.log.error({ error }, 'kept frames: failed');
    });
  }

  /** Whether it is for this process to keep a region's frames: an upper level has no lease, so that of its first region counts. */
  private holds(region: Region): boolean {
    const { regions, token } = this.parts;
    if (!isUpper(region.pack)) return token(region.code) !== undefined;
    const [first] = regions
      .list()
      .filter(({ code, pack }) => !isUpper(pack) && contains(region.code, code))
      .map(({ code }) => code)
      .sort();
    return first !== undefined && token(first) !== undefined;
  }

  /** By window: the frame of a scope as it is shown now, as text. A window that nobody watches is read first, so others have their turn in between. */
  private async frames(region: Region, scope: string): Promise<Map<ShownWindow, string>> {
    const texts = new Map<ShownWindow, string>();
    for (const window of SHOWN_WINDOWS) {
      const now = this.parts.now();
      const frame = region.view()?.frame(scope, window, now, now);
      if (frame) texts.set(window, JSON.stringify(frame));
      await breathe();
    }
    return texts;
  }

  private async keep(scope: string, hour: number, texts: ReadonlyMap<ShownWindow, string>): Promise<void> {
    if (texts.size > 0) await this.parts.waiting.write({ scope, hour, content: await encodeShown(texts) });
  }

  private async keepTowns(region: Region, hour: number): Promise<void> {
    const { store, now, waiting } = this.parts;
    const day = floorTo(hour, DAY_MS);
    for (const { code } of region.pack.towns) {
      if (this.days.get(code) === day) continue;
      // While nothing can be read or written, the region's frames go first; a town's may come with a later hour of the day.
      if (waiting.problem !== undefined || this.stopping) return;
      if ((await store.find(code, hour)) === undefined) {
        if (hourToKeep(now()) !== hour || !this.holds(region)) return;
        await this.keep(code, hour, await this.frames(region, code));
      }
      this.days.set(code, day);
    }
  }

  private async prune(): Promise<void> {
    const { regions, store, log } = this.parts;
    const scopes = regions
      .list()
      .filter((region) => this.holds(region))
      .flatMap(({ code, pack }) => [code, ...pack.towns.map((town) => town.code)]);
    const removed = await store.prune([...new Set(scopes)]);
    if (removed > 0) log.info({ removed }, 'kept frames: those older than 400 days were removed');
  }
}
