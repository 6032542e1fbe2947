import { CHANNELS, TEN_SOURCES, type Channel } from '../../contract/codes.ts';

export interface RadarAxis {
  channel: Channel;
  count: number;
}

/** The axes of an enterprise's portrait: the ten sources, silent or not, and every other one that spoke. Pure. */
export function radarAxes(byChannel: Readonly<Record<string, number>>): RadarAxis[] {
  return CHANNELS.filter((channel) => TEN_SOURCES.includes(channel) || (byChannel[channel] ?? 0) > 0).map(
    (channel) => ({ channel, count: byChannel[channel] ?? 0 }),
  );
}
