import { compareStreamIds } from '../../streams/streamIds.ts';

/** The feed of alerts does not go on where the engine stands: what it knows of alerts is read anew from their documents. */
export class AlertsGap extends Error {}

/**
 * How far the engine has read of the alerts (signals §4): it decides only when it has read them to the end of the feed, as that
 * stood when it began.
 */
export class AlertFeed {
  /** All alerts have been read, without a gap since. */
  whole: boolean;
  /** Alerts that were heard of on the feed while their documents are being read: what is read of them may be older. */
  private readonly heard = new Set<string>();
  /** Last entry taken in. */
  private position: string;
  /** After a gap any entry may come next, once. */
  private anyNext: boolean;
  private target: string | undefined;

  /**
   * @param position last entry taken in
   * @param whole whether all alerts up to there are known
   * @param target last entry of the feed as it stands; undefined where it has none
   */
  constructor(position: string, whole: boolean, target: string | undefined) {
    this.position = position;
    this.whole = whole;
    this.anyNext = !whole;
    this.target = target;
  }

  /** Whether all alerts are known as they stood when the engine began. */
  get caughtUp(): boolean {
    return this.whole && (this.target === undefined || compareStreamIds(this.position, this.target) >= 0);
  }

  /** @throws AlertsGap when an entry does not follow on the one before */
  follow(id: string, previous: string): void {
    if (!this.anyNext && this.position !== previous)
      throw new AlertsGap(`the feed of alerts goes on after ${previous}, not after ${this.position}`);
    this.anyNext = false;
    this.position = id;
  }

  /** An entry could not be read. @throws AlertsGap unless all is being read anyway */
  missed(): void {
    if (this.whole) throw new AlertsGap(`the entry ${this.position} of the feed of alerts cannot be read`);
  }

  /** Notes that an alert was heard of on the feed. */
  noteHeard(alertId: string): void {
    if (!this.whole) this.heard.add(alertId);
  }

  wasHeard(alertId: string): boolean {
    return this.heard.has(alertId);
  }

  /** All documents have been read. @param target last entry of the feed after that; undefined where it has none */
  readAll(target: string | undefined): void {
    this.whole = true;
    this.heard.clear();
    this.target = target;
  }
}
