import type { Mask } from '../privacy/mask.ts';
import type { Region, Regions } from '../region/region.ts';
import { noticeRoomOf } from './channel.ts';
import type { Channels } from './channels.ts';
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

  /** @param watched which scopes and views of a region somebody watches */
  tick(watched: Pick<Channels, 'scopesOf' | 'viewsOf'>, now: number): void {
    for (const [region, notices] of this.notices) {
      const news = notices.take(region.code);
      if (!news) continue;
      const views = watched.viewsOf(region);
      for (const scope of watched.scopesOf(region)) {
        for (const view of views) {
          const room = noticeRoomOf(scope, view);
          if (this.screens.count(room) === 0) continue;
          const notice = news(scope, now, (row) => this.mask.shows(row, view));
          const visible = notice && this.mask.notice(notice, view);
          if (visible) this.screens.send(room, this.screens.slowIn(room), 'alert', visible);
        }
      }
    }
  }

  stop(): void {
    for (const stop of this.unsubscribe) stop();
  }
}
