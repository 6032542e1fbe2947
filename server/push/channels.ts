import type { WindowName } from '../../contract/codes.ts';
import type { Frame } from '../../contract/frame.ts';
import type { Patch } from '../../contract/protocol.ts';
import { floorTo, MINUTE_MS } from '../../common/regionTime.ts';
import type { View } from '../platform/http/principal.ts';
import type { Mask } from '../privacy/mask.ts';
import type { Region, RegionView } from '../region/region.ts';
import { Channel, roomOf } from './channel.ts';
import type { PushMetrics } from './metrics.ts';
import type { Screens } from './screens.ts';

/** A channel that nobody watches is kept so long, so that a reload finds it warm. */
const IDLE_MS = 60_000;

interface Watched {
  channel: Channel;
  region: Region;
  /** What the channel's frame was built from. */
  view: RegionView | undefined;
  stamp: string;
  minute: number;
  idleSince: number | undefined;
  /** Screens that were passed over by the last patch or one before. */
  missed: Set<string>;
  last: Patch | undefined;
}

/** The channels that screens watch, or have watched until a moment ago. `now` in epoch ms. */
export class Channels {
  private readonly channels = new Map<string, Watched>();
  private readonly screens: Screens;
  private readonly mask: Mask;
  private readonly metrics: PushMetrics;

  constructor(screens: Screens, mask: Mask, metrics: PushMetrics) {
    this.screens = screens;
    this.mask = mask;
    this.metrics = metrics;
  }

  /**
   * The room and the present frame for somebody who begins to watch. Whoever watches already gets the patch to that
   * frame: all hold the same one.
   */
  open(region: Region, scope: string, window: WindowName, view: View, now: number): { room: string; frame: Frame } {
    const room = roomOf(scope, window, view);
    let entry = this.channels.get(room);
    if (!entry) {
      entry = {
        channel: new Channel(scope, window, view, this.mask, now),
        region,
        view: undefined,
        stamp: '',
        minute: -1,
        idleSince: undefined,
        missed: new Set(),
        last: undefined,
      };
      this.channels.set(room, entry);
    }
    this.refresh(entry, now);
    return { room, frame: entry.channel.frame! };
  }

  /** Sends everybody what has changed, and forgets channels that nobody watches any more. */
  tick(now: number): void {
    for (const [room, entry] of this.channels) {
      if (this.screens.count(room) === 0) {
        entry.idleSince ??= now;
        if (now - entry.idleSince > IDLE_MS) this.channels.delete(room);
        continue;
      }
      entry.idleSince = undefined;
      this.refresh(entry, now);
      if (entry.missed.size) this.remind(entry);
    }
  }

  /** The scopes of a region that somebody watches. */
  scopesOf(region: Region): Set<string> {
    const watched = [...this.channels.values()].filter((entry) => entry.region === region);
    return new Set(watched.map(({ channel }) => channel.scope));
  }

  /** The views of a region that somebody watches. */
  viewsOf(region: Region): Set<View> {
    const watched = [...this.channels.values()].filter((entry) => entry.region === region);
    return new Set(watched.map(({ channel }) => channel.view));
  }

  /** Brings a channel up to date and sends the patch, if there is one, to its screens. */
  private refresh(entry: Watched, now: number): void {
    const view = entry.region.view();
    if (!view) return;
    const { stamp } = view;
    const minute = floorTo(now, MINUTE_MS);
    // Without a change, figures move only when the clock enters another bucket or ends a term.
    if (entry.view === view && entry.stamp === stamp && entry.minute === minute) return;
    entry.view = view;
    entry.stamp = stamp;
    entry.minute = minute;
    const { channel } = entry;
    const patch = channel.advance((seq) => view.frame(channel.scope, channel.window, now, seq));
    const watching = this.screens.count(channel.room);
    if (!patch || watching === 0) return;
    const slow = this.screens.slowIn(channel.room);
    if (slow.length) this.metrics.dropped(slow.length);
    for (const id of slow) entry.missed.add(id);
    entry.last = patch;
    this.screens.send(channel.room, slow, 'patch', patch);
    this.metrics.patch(watching - slow.length, JSON.stringify(patch).length);
  }

  /**
   * Whoever was passed over sees the gap only by the next patch, which at night may be hours away: once its queue is
   * empty it gets the last one, which tells it.
   */
  private remind({ channel, missed, last }: Watched): void {
    for (const id of missed)
      if (!last || this.screens.sendWhenEmpty(id, channel.room, 'patch', last)) missed.delete(id);
  }
}
