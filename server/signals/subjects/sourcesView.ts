import { CHANNELS } from '../../../contract/codes.ts';
import type { PackChannel } from '../../../contract/rulePack.ts';
import type { Sources } from '../../../contract/subjects.ts';
import { dayOf, dayText, toRfc3339 } from '../../../common/regionTime.ts';
import { SOURCE_DAYS, type SourceRecord } from '../engine/sourceBook.ts';
import { sourceState } from './monitor.ts';
import type { SourceHealth } from './subjects.ts';

/** How channels and sources have spoken, in the shapes of the contract (signals §5). Pure; `now` in epoch ms. */

type Spoken = Omit<Sources['sources'][number], 'channel' | 'source' | 'state'>;

/** Each source in each channel, by channel in the order of the vocabulary, then by name. */
export function sourcesView(sources: readonly SourceHealth[], now: number): Sources['sources'] {
  const place = new Map<string, number>(CHANNELS.map((channel, i) => [channel, i]));
  return [...sources]
    .sort((a, b) => place.get(a.channel)! - place.get(b.channel)! || (a.source < b.source ? -1 : 1))
    .map(({ channel, source, state, ...record }) => ({ channel, source, state, ...spoken(record, now) }));
}

/** @param expected channels of the version in force: each is told, also one that has never spoken */
export function channelsView(
  sources: readonly SourceHealth[],
  expected: Partial<Record<string, PackChannel>>,
  now: number,
): Sources['channels'] {
  const channels: Sources['channels'] = {};
  for (const channel of CHANNELS) {
    const told = Object.hasOwn(expected, channel) ? expected[channel] : undefined;
    const own = sources.filter((source) => source.channel === channel);
    if (!told && !own.length) continue;
    const record = own.length ? joined(own) : undefined;
    const everyDays = told?.everyDays;
    channels[channel] = {
      state: sourceState(record?.lastAt, everyDays, now),
      ...(everyDays === undefined ? {} : { everyDays }),
      ...(record ? spoken(record, now) : { today: 0, days: {} }),
    };
  }
  return channels;
}

/** Several sources of a channel as one. */
function joined(records: readonly SourceRecord[]): SourceRecord {
  const days = new Map<number, SourceRecord['days'][number]>();
  for (const record of records)
    for (const [day, rows, sum, most] of record.days) {
      const [, before, sumBefore, mostBefore] = days.get(day) ?? [day, 0, 0, 0];
      days.set(day, [day, before + rows, sumBefore + sum, Math.max(mostBefore, most)]);
    }
  return {
    lastAt: Math.max(...records.map(({ lastAt }) => lastAt)),
    observedAt: Math.max(...records.map(({ observedAt }) => observedAt)),
    days: [...days.values()].sort(([a], [b]) => a - b),
  };
}

function spoken({ lastAt, observedAt, days }: SourceRecord, now: number): Spoken {
  const today = dayOf(now);
  // A source that has been silent keeps old days: they are no longer of the last 60.
  const recent = days.filter(([day]) => day > today - SOURCE_DAYS);
  return {
    lastAt: toRfc3339(lastAt),
    observedAt: toRfc3339(observedAt),
    today: recent.find(([day]) => day === today)?.[1] ?? 0,
    days: Object.fromEntries(
      recent.map(([day, rows, sum, most]) => [
        dayText(day),
        { rows, lateMean: Math.round(sum / rows), lateMost: most },
      ]),
    ),
  };
}
