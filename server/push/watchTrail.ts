import { RecentReads } from '../platform/http/recentReads.ts';
import type { TrailWriter } from '../platform/http/trailRecord.ts';
import type { ScreenData, ScreenNamespace } from './screens.ts';

/** Watching goes on the trail once in so long, ms, for each session and scope; whether it is time is seen to more often. */
const WATCH_ENTRY_MS = 3_600_000;
const WATCH_CHECK_MS = 60_000;

/** Who watches names in full is on the trail for each hour in which they do, or watches no more. */
export class WatchTrail {
  private readonly trail: TrailWriter;
  private readonly recent = new RecentReads(WATCH_ENTRY_MS);
  private readonly timer: NodeJS.Timeout;

  constructor(trail: TrailWriter, wall: ScreenNamespace) {
    this.trail = trail;
    this.timer = setInterval(() => void this.recordAll(wall), WATCH_CHECK_MS);
  }

  /** Puts on the trail that somebody watches names in full, once an hour for each session and scope; false if that fails. */
  async record({ principal, from }: ScreenData, scope: string): Promise<boolean> {
    const read = `${principal.credential} ${from} ${scope}`;
    if (this.recent.has(read)) return true;
    try {
      await this.trail.add({ who: principal, from, what: 'wall.watch', target: scope });
    } catch {
      return false;
    }
    this.recent.add(read);
    return true;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async recordAll(wall: ScreenNamespace): Promise<void> {
    for (const socket of wall.sockets.values()) {
      const { scope } = socket.data;
      if (scope !== undefined && !(await this.record(socket.data, scope))) socket.disconnect(true);
    }
  }
}
