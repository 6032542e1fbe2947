import type { Frame } from '../../contract/frame.ts';
import type { AlertNotice, Beat, Command, Refusal, Report, Watch } from '../../contract/protocol.ts';

/**
 * Where a screen's frames come from: the line to the server (liveSource.ts), or a moment in the past (momentSource.ts). A
 * source follows one scope and window, and keeps its last frame through everything.
 */
export interface FrameSource {
  start(): void;
  /** Follows something else from now on; the old frame stays until the new one has come. */
  setWatch(watch: Watch): void;
  /** Takes a frame fetched by other means, for the time until the first one of its own. */
  seed(frame: Frame): void;
  /** The network or the page came back: try at once. */
  wake(): void;
  /** Tells the server how this screen is; not kept for later. */
  report(report: Report): void;
  /** Age of the last thing heard, ms. */
  silenceMs(): number;
  /** For good. */
  end(): void;
}

export interface SourceStatus {
  /** `connecting` until the first frame, `live` with one, `reconnecting` from the moment the link drops. */
  link: 'connecting' | 'live' | 'reconnecting';
  /** Nothing heard for SILENCE_MS, whatever the link believes of itself. */
  silent: boolean;
  /** Why the server refuses the watch, if it does. */
  problem?: Refusal;
}

export interface SourceListener {
  frame(frame: Frame): void;
  status(status: SourceStatus): void;
  alert(notice: AlertNotice): void;
  beat(beat: Beat): void;
  /** What the server wants this screen to do, where it is a paired display. */
  command(command: Command): void;
}

/** Makes a source, not yet started. */
export type OpenSource = (watch: Watch, listener: SourceListener) => FrameSource;
