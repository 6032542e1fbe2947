import type { AlertBrief, Frame } from '../../contract/frame.ts';
import type { RegionPack } from '../../contract/region.ts';
import { diffMergePatch, newRecord, put, type Json, type JsonObject } from '../../common/mergePatch.ts';
import { quotedUtf8, utf8 } from '../../common/utf8.ts';
import { BriefTexts } from '../alerts/briefText.ts';
import { isOverdue, toBrief, type RegionRow } from '../alerts/row.ts';
import { briefKeyOf } from './figures.ts';

/** An alert as frames show it, from a moment on. */
class Shown {
  readonly row: RegionRow;
  /** When it began to be shown so, epoch ms. */
  readonly at: number;
  readonly overdue: boolean;
  private made: AlertBrief | undefined;

  constructor(row: RegionRow, at: number) {
    this.row = row;
    this.at = at;
    this.overdue = isOverdue(row, at);
  }

  /** Made when somebody asks: most are only ever written as text. */
  get brief(): AlertBrief {
    return (this.made ??= toBrief(this.row, this.at));
  }
}

/** What has changed in the briefs of a frame. It stays what it is when they move on. */
export class BriefChanges {
  private readonly texts: BriefTexts;
  /** By key: one that is new, what has changed in one that was there, or null where one has gone. */
  private readonly changes: readonly (readonly [key: string, change: Shown | JsonObject | null])[];

  constructor(texts: BriefTexts, changes: BriefChanges['changes']) {
    this.texts = texts;
    this.changes = changes;
  }

  /** As a merge patch. */
  patch(): JsonObject {
    const patch = newRecord<Json>();
    for (const [key, change] of this.changes)
      put(patch, key, change instanceof Shown ? (change.brief as unknown as Json) : change);
    return patch;
  }

  /** The JSON of the merge patch, byte by byte, in the form of `common/utf8.ts`. */
  text(): string {
    let text = '';
    for (const [key, change] of this.changes) {
      // An object has its keys that are numbers first.
      if (isIndex(key)) return utf8(JSON.stringify(this.patch()));
      text += text ? ',' : '{';
      text += quotedUtf8(key) + ':';
      if (change instanceof Shown) text += this.texts.text(change.row, change.at);
      else text += change ? utf8(JSON.stringify(change)) : 'null';
    }
    return text + '}';
  }
}

/** Whether objects keep a key among those that are numbers. (Of some numbers it says so though they do not, which does no harm.) */
function isIndex(key: string): boolean {
  return key.charCodeAt(0) < 58 && /^\d{1,10}$/.test(key);
}

/** The briefs of a frame's `latest` at one moment after another: a brief that has not changed is the same object. */
export class Briefs {
  private readonly keyOf: (row: RegionRow) => string;
  private readonly texts = new BriefTexts();
  private rows: readonly RegionRow[] = [];
  /** By their keys in frames, in the order of the rows. */
  private shown = new Map<string, Shown>();
  private made: Frame['latest'] | undefined;

  constructor(pack: RegionPack) {
    this.keyOf = briefKeyOf(pack);
  }

  /**
   * Moves on; what has changed, or undefined where nothing has.
   * @param rows the same objects as before where nothing of them has changed
   */
  moveTo(rows: readonly RegionRow[], at: number): BriefChanges | undefined {
    const before = this.shown;
    if (rows === this.rows && this.isCurrent(at)) return undefined;
    this.rows = rows;
    this.made = undefined;
    this.shown = new Map();
    const changes: [string, Shown | JsonObject | null][] = [];
    for (const row of rows) {
      const key = this.keyOf(row);
      const last = before.get(key);
      if (last?.row === row && last.overdue === isOverdue(row, at)) {
        this.shown.set(key, last);
        continue;
      }
      const shown = new Shown(row, at);
      this.shown.set(key, shown);
      const change = last ? diffMergePatch(last.brief, shown.brief) : shown;
      if (change) changes.push([key, change]);
    }
    for (const key of before.keys()) if (!this.shown.has(key)) changes.push([key, null]);
    return changes.length > 0 ? new BriefChanges(this.texts, changes) : undefined;
  }

  private isCurrent(at: number): boolean {
    for (const { row, overdue } of this.shown.values()) if (overdue !== isOverdue(row, at)) return false;
    return true;
  }

  /** The briefs as a frame has them; the same object while nothing has changed. */
  record(): Frame['latest'] {
    if (this.made) return this.made;
    const record: Frame['latest'] = newRecord();
    for (const [key, shown] of this.shown) put(record, key, shown.brief);
    return (this.made = record);
  }
}
