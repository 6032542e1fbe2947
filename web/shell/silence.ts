import { CHANNELS, type Channel } from '../../contract/codes.ts';
import type { SourceState } from '../../contract/signals.ts';
import type { Sources } from '../../contract/subjects.ts';

/** Silence is a fact (signals §4): which sources should speak and do not. Pure. */

/** Whether nothing can be concluded from a source's having said nothing. */
export function isSilent(state: SourceState | undefined): boolean {
  return state === 'late' || state === 'silent' || state === 'never';
}

/** The channels that should speak and do not, without those that have points here. */
export function silentChannels(sources: Sources | undefined, channelPoints: Record<string, number> = {}): Channel[] {
  return CHANNELS.filter((code) => {
    const source = sources?.channels[code];
    return source?.everyDays !== undefined && isSilent(source.state) && !channelPoints[code];
  });
}
