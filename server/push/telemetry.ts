/** What the push tells whoever counts (server/metrics.ts). */
export interface PushTelemetry {
  /** A screen came (+1) or went (−1). */
  screens(change: 1 | -1): void;
  /** A patch went to so many screens; `bytes` is the size of its text, once: on the wire it is a tenth (sharedDeflate.ts). */
  patch(screens: number, bytes: number): void;
  /** So many screens were too slow and were passed over. */
  dropped(screens: number): void;
  tick(ms: number): void;
}
