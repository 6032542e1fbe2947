import { CHANNELS, TEN_SOURCES, type Channel } from '../../contract/codes.ts';
import type { AlertBrief } from '../../contract/frame.ts';
import type { EnterpriseAnswer } from '../../contract/rest.ts';
import { parseRfc3339 } from '../../common/regionTime.ts';

/** An enterprise's sources as ranked bars, and what happened by alert. Pure. */

export interface ChannelBar {
  channel: Channel;
  count: number;
  /** Length of its bar, 0…1 of the longest. */
  share: number;
}

/** The sources that spoke of an enterprise, most often first; `silent`: those of the ten that did not, in their usual order. */
export function channelBars(byChannel: Readonly<Record<string, number>>): { bars: ChannelBar[]; silent: Channel[] } {
  const of = (channel: Channel) => byChannel[channel] ?? 0;
  const spoke = CHANNELS.filter((channel) => of(channel) > 0).sort((a, b) => of(b) - of(a));
  const most = spoke[0] ? of(spoke[0]) : 1;
  return {
    bars: spoke.map((channel) => ({ channel, count: of(channel), share: of(channel) / most })),
    silent: CHANNELS.filter((channel) => TEN_SOURCES.includes(channel) && of(channel) === 0),
  };
}

/** The sources whose facts are worth most to an assessment, most points first; of equals in the vocabulary's order. */
export function loudest(
  channelPoints: Readonly<Record<string, number>>,
  most: number,
): { channel: Channel; points: number }[] {
  return CHANNELS.filter((channel) => (channelPoints[channel] ?? 0) > 0)
    .map((channel) => ({ channel, points: channelPoints[channel]! }))
    .sort((a, b) => b.points - a.points)
    .slice(0, most);
}

export type TimelineEntry = EnterpriseAnswer['timeline'][number];

export interface AlertStory {
  alertId: string;
  /** Absent where the answer tells its events and not itself (it is an older one). */
  alert?: AlertBrief;
  /** In order of time, the first first; a unit that is said again right after is left out. */
  events: TimelineEntry[];
}

/**
 * What happened to an enterprise, alert by alert: the one in which something happened last comes first, and an alert of which no
 * event is told stands where it was raised.
 */
export function storiesOf({ alerts, timeline }: Pick<EnterpriseAnswer, 'alerts' | 'timeline'>): AlertStory[] {
  const stories = new Map<string, AlertStory & { at: number }>();
  for (const alert of alerts)
    stories.set(alert.alertId, { alertId: alert.alertId, alert, events: [], at: parseRfc3339(alert.raisedAt) ?? 0 });
  for (const entry of timeline) {
    const { alertId } = entry;
    const at = parseRfc3339(entry.at) ?? 0;
    const story = stories.get(alertId) ?? { alertId, events: [], at };
    stories.set(alertId, story);
    story.events.push(entry);
    story.at = Math.max(story.at, at);
  }
  return [...stories.values()]
    .sort((a, b) => b.at - a.at || (a.alertId < b.alertId ? -1 : 1))
    .map(({ alertId, alert, events }) => ({
      alertId,
      ...(alert === undefined ? {} : { alert }),
      events: sayUnitsOnce([...events].sort((a, b) => (parseRfc3339(a.at) ?? 0) - (parseRfc3339(b.at) ?? 0))),
    }));
}

function sayUnitsOnce(events: readonly TimelineEntry[]): TimelineEntry[] {
  let said: string | undefined;
  return events.map((entry) => {
    if (entry.unit === undefined) return entry;
    const { unit, ...rest } = entry;
    const again = unit === said;
    said = unit;
    return again ? rest : entry;
  });
}
