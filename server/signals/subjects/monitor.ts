import type { Monitor, MonitoredSource, SourceState, TownMonitor } from '../../../contract/signals.ts';
import { DAY_MS, dayOf, toRfc3339 } from '../../../common/regionTime.ts';
import type { PackChannel } from '../../../contract/rulePack.ts';
import type { Channel } from '../../../contract/codes.ts';
import { CHANNELS } from '../../../contract/codes.ts';
import type { Meters } from '../engine/subjectChange.ts';
import { splitSourceName, type SourceRecord } from '../engine/sourceBook.ts';

/** Figures of what is watched (signals §5). Pure. */

/** Those of a region or a town as they are kept. */
export interface Watched extends TownMonitor {
  unplaced: number;
}

/** How a channel has spoken, over all its sources. */
export interface ChannelRecord {
  lastAt: number;
  today: number;
}

/** @param now epoch ms: `today` is by the time of receipt */
export function channelRecords(
  sources: Iterable<readonly [name: string, record: SourceRecord]>,
  now: number,
): Map<string, ChannelRecord> {
  const today = dayOf(now);
  const channels = new Map<string, ChannelRecord>();
  for (const [name, { lastAt, days }] of sources) {
    const { channel } = splitSourceName(name);
    const record = channels.get(channel) ?? { lastAt: 0, today: 0 };
    const last = days.at(-1);
    channels.set(channel, {
      lastAt: Math.max(record.lastAt, lastAt),
      today: record.today + (last?.[0] === today ? last[1] : 0),
    });
  }
  return channels;
}

/** Signals §4, Silence is a fact. @param everyDays how often the source should speak; without it, it is never late */
export function sourceState(lastAt: number | undefined, everyDays: number | undefined, now: number): SourceState {
  if (lastAt === undefined) return 'never';
  if (everyDays === undefined) return 'ok';
  const silent = now - lastAt;
  if (silent > 2 * everyDays * DAY_MS) return 'silent';
  return silent > everyDays * DAY_MS ? 'late' : 'ok';
}

/**
 * `monitor` of a region.
 * @param expected channels of the version in force: each is told, also one that has never spoken
 */
export function monitorOf(
  { enterprises, projects, watch, unplaced }: Watched,
  { observed }: Pick<Meters, 'observed'>,
  channels: ReadonlyMap<string, ChannelRecord>,
  expected: Partial<Record<string, PackChannel>>,
  now: number,
): Monitor {
  const sources: Partial<Record<Channel, MonitoredSource>> = {};
  let today = 0;
  for (const record of channels.values()) today += record.today;
  for (const channel of CHANNELS) {
    const told = Object.hasOwn(expected, channel) ? expected[channel] : undefined;
    const record = channels.get(channel);
    if (!told && !record) continue;
    sources[channel] = {
      state: sourceState(record?.lastAt, told?.everyDays, now),
      ...(record ? { lastAt: toRfc3339(record.lastAt) } : {}),
      today: record?.today ?? 0,
    };
  }
  return { enterprises, projects, watch, unplaced, observations: { today, total: observed }, sources };
}
