import type { Mask } from '../privacy/mask.ts';
import type { Region, Regions } from '../region/region.ts';
import { noticeRoomOf } from './channel.ts';
import { Notices } from './notices.ts';
import type { Screens } from './screens.ts';

/** Tells screens of newly raised alerts, between ticks, as much as each may see. */
export class NewAlerts {
  private readonly screens: Screens;
  private readonly mask: Mask;
  private readonly notices: Map<Region, Notices>;
  private readonly unsubscribe: (() => void)[];

  constructor(regions: Regions, screens: Screens, mask: Mask, now: () => number) {
    this.screens = screens;
    this.mask = mask;
    this.notices = new Map(regions.list().map((region) => [region, new Notices()]));
    this.unsubscribe = [...this.notices].map(([region, notices]) =>
      region.onRaised((raised) => notices.add(raised, now())),
    );
  }

  /** @param scopesOf the scopes of a region that somebody watches */
  tick(scopesOf: (region: Region) => Set<string>, now: number): void {
    for (const [region, notices] of this.notices) {
      for (const notice of notices.take(scopesOf(region), region.code, now)) {
        for (const view of ['full', 'masked'] as const) {
          const room = noticeRoomOf(notice.scope, view);
          const visible = this.screens.count(room) > 0 ? this.mask.notice(notice, view) : undefined;
          if (visible) this.screens.send(room, this.screens.slowIn(room), 'alert', visible);
        }
      }
    }
  }

  stop(): void {
    for (const stop of this.unsubscribe) stop();
  }
}
