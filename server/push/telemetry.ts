/** What the push tells whoever counts (server/metrics.ts). */
export interface PushTelemetry {
  /** A screen came (+1) or went (−1). */
  screens(change: 1 | -1): void;
  /** A patch went to so many screens; `bytes` is its size on the wire, once. */
  patch(screens: number, bytes: number): void;
  /** A screen was too slow and was passed over. */
  dropped(): void;
  tick(ms: number): void;
}
