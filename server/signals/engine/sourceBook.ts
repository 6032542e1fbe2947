/** How one source has spoken in one channel: observations of it that came in and were new. */
export interface SourceRecord {
  /** Last receipt, and the time of the newest observation, epoch ms. */
  lastAt: number;
  observedAt: number;
  /** By day of receipt, of the last 60, oldest first: observations, and how long they took from `time` to receipt, seconds in all and at most. */
  days: [day: number, rows: number, latenessSum: number, latenessMost: number][];
}

export const SOURCE_DAYS = 60;
const SEPARATOR = '\n';

export const sourceName = (channel: string, source: string): string => `${channel}${SEPARATOR}${source}`;
export function splitSourceName(name: string): { channel: string; source: string } {
  const at = name.indexOf(SEPARATOR);
  return { channel: name.slice(0, at), source: name.slice(at + 1) };
}

/** Which sources have spoken (signals §4, Silence is a fact; §5, sources). */
export class SourceBook {
  private readonly records = new Map<string, SourceRecord>();
  /** By channel and source: their names, which are made once. */
  private readonly names = new Map<string, Map<string, string>>();
  private touched = new Set<string>();

  constructor(records: Iterable<[name: string, record: SourceRecord]> = []) {
    for (const [name, record] of records) this.records.set(name, record);
  }

  /** @param time of the observation @param received epoch ms @param day of the receipt */
  note(channel: string, source: string, time: number, received: number, day: number): void {
    const name = this.nameOf(channel, source);
    let record = this.records.get(name);
    if (!record) this.records.set(name, (record = { lastAt: 0, observedAt: 0, days: [] }));
    record.lastAt = Math.max(record.lastAt, received);
    record.observedAt = Math.max(record.observedAt, time);
    const late = Math.max(0, Math.round((received - time) / 1000));
    // Receipts come in order, but for a clock that was set back: those count for the newest day.
    let last = record.days.at(-1);
    if (!last || last[0] < day) {
      record.days.push((last = [day, 0, 0, 0]));
      while (record.days[0]![0] <= day - SOURCE_DAYS) record.days.shift();
    }
    last[1]++;
    last[2] += late;
    last[3] = Math.max(last[3], late);
    this.touched.add(name);
  }

  private nameOf(channel: string, source: string): string {
    let ofChannel = this.names.get(channel);
    if (!ofChannel) this.names.set(channel, (ofChannel = new Map<string, string>()));
    let name = ofChannel.get(source);
    if (name === undefined) ofChannel.set(source, (name = sourceName(channel, source)));
    return name;
  }

  /** Records that have changed since they were last taken. */
  takeTouched(): [string, SourceRecord][] {
    const names = [...this.touched];
    this.touched.clear();
    return names.map((name) => [name, this.records.get(name)!]);
  }

  entries(): Iterable<[string, SourceRecord]> {
    return this.records;
  }
}
