/** What the streams tell whoever counts (metrics.ts). All counts, durations in ms. */
export interface StreamTelemetry {
  accepted(events: number): void;
  rejected(events: number): void;
  /** A batch was committed. */
  counted(events: number, duplicates: number, commitMs: number): void;
  /** A worker took (true) or lost (false) the lease of a region. */
  lease(region: string, held: boolean): void;
  checkpoint(ms: number, blobs: number): void;
}

export const SILENT: StreamTelemetry = {
  accepted() {},
  rejected() {},
  counted() {},
  lease() {},
  checkpoint() {},
};

/** The part of a pino logger that the streams use. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
