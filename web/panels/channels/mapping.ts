import { CHANNELS, TEN_SOURCES } from '../../../contract/codes.ts';
import type { Frame } from '../../../contract/frame.ts';

export interface ChannelLine {
  code: string;
  /** Raised in the window. */
  raised: number;
  /** Open now, whenever raised. */
  open: number;
  /** Nothing raised in the window: the source is listed all the same, so that its silence is seen. */
  silent: boolean;
  successRate?: number;
}

/**
 * The ten sources, always and in their fixed order (a place on the wall means one source), then the further
 * ones that have something in them.
 */
export function toChannels(frame: Frame): ChannelLine[] {
  const further = CHANNELS.filter((code) => !TEN_SOURCES.includes(code));
  const line = (code: string): ChannelLine => {
    const row = frame.byChannel[code];
    const raised = row?.raised ?? 0;
    const made: ChannelLine = { code, raised, open: row?.open ?? 0, silent: raised === 0 };
    if (row?.successRate !== undefined) made.successRate = row.successRate;
    return made;
  };
  return [...TEN_SOURCES.map(line), ...further.map(line).filter((made) => made.raised > 0 || made.open > 0)];
}
