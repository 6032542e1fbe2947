import { dayOf } from '../../../common/regionTime.ts';
import { KEPT_DAYS, NO_UNTIL } from '../assess/observation.ts';
import type { FactGroups } from '../assess/quickAssess.ts';
import type { ByteReader } from './bytes.ts';
import { AMOUNT, MORE, REF, UNTIL, WORKERS } from './subjectCodec.ts';
import type { Words } from './words.ts';

/** With more observations a subject is looked at in the long way: below so many nothing here costs more than its place. */
export const MOST_FACTS = 64;

/**
 * The observations of one subject in columns, read from its bytes: what rules ask for as numbers, the rest as the places where it is.
 * One for all subjects, each after the other: nothing is made for any of them. `retain` says the same as `retain` of
 * observation.ts.
 */
export class FactColumns implements FactGroups {
  count = 0;
  readonly time = new Float64Array(MOST_FACTS);
  /** `dayOf` its time. */
  readonly day = new Int32Array(MOST_FACTS);
  readonly until = new Int32Array(MOST_FACTS);
  readonly value = new Float64Array(MOST_FACTS);
  readonly amountFen = new Float64Array(MOST_FACTS);
  readonly workers = new Float64Array(MOST_FACTS);
  /** Where each is in `bytes`. */
  readonly from = new Int32Array(MOST_FACTS);
  readonly to = new Int32Array(MOST_FACTS);

  // What is kept, after `retain`: by indicator as these first appear, of each the greatest first.
  readonly order = new Int32Array(MOST_FACTS);
  kept = 0;
  groups = 0;
  /** Whether one of them says more than what rules ask for. */
  saysMore = false;
  readonly groupIndicator = new Int32Array(MOST_FACTS);
  /** Where in `order` a group ends; it begins where the one before ends. */
  readonly groupEnd = new Int32Array(MOST_FACTS);

  private readonly indicator = new Int32Array(MOST_FACTS);
  /** Numbers of words. */
  private readonly source = new Int32Array(MOST_FACTS);
  private readonly id = new Int32Array(MOST_FACTS);
  private readonly idEnd = new Int32Array(MOST_FACTS);
  private readonly ref = new Int32Array(MOST_FACTS);
  private readonly refEnd = new Int32Array(MOST_FACTS);
  private readonly groupOf = new Int32Array(MOST_FACTS);
  private readonly reader: ByteReader;
  private readonly words: Words;
  private bytes: Buffer = Buffer.alloc(0);

  /** @param reader whose place is nobody's else */
  constructor(reader: ByteReader, words: Words) {
    this.reader = reader;
    this.words = words;
  }

  /** Reads one more, from the place of the reader on. @param bytes that it reads; the same for all of a subject */
  read(bytes: Buffer): void {
    const { reader, count: i } = this;
    this.bytes = bytes;
    this.from[i] = reader.at;
    this.indicator[i] = reader.uint();
    const has = reader.uint();
    const time = reader.time();
    this.time[i] = time;
    this.day[i] = dayOf(time);
    this.source[i] = reader.uint();
    this.id[i] = reader.at;
    reader.skipId();
    this.idEnd[i] = reader.at;
    this.value[i] = reader.thousandths();
    this.ref[i] = reader.at;
    if (has & REF) reader.skipId();
    this.refEnd[i] = reader.at;
    this.amountFen[i] = has & AMOUNT ? reader.uint() : 0;
    this.workers[i] = has & WORKERS ? reader.uint() : 0;
    this.until[i] = has & UNTIL ? reader.int() : NO_UNTIL;
    if (has & MORE) {
      this.saysMore = true;
      reader.skipText();
    }
    this.to[i] = reader.at;
    this.count = i + 1;
  }

  /** Whether the last one has source and id of one before. */
  get lastIsRepeat(): boolean {
    const last = this.count - 1;
    for (let i = 0; i < last; i++) if (this.sameEvent(i, last)) return true;
    return false;
  }

  /** Puts those in order that are kept on a day (signals §3). @param isState by the number of an indicator */
  retain(day: number, isState: (indicator: number) => boolean): void {
    const { groupIndicator, groupOf, order, groupEnd, count } = this;
    let groups = 0;
    for (let i = 0; i < count; i++) {
      groupOf[i] = -1;
      if (day - this.day[i]! > KEPT_DAYS) continue;
      const indicator = this.indicator[i]!;
      let group = 0;
      while (group < groups && groupIndicator[group] !== indicator) group++;
      if (group === groups) groupIndicator[groups++] = indicator;
      groupOf[i] = group;
    }
    let kept = 0;
    for (let group = 0; group < groups; group++) {
      const begin = kept;
      for (let i = 0; i < count; i++) {
        if (groupOf[i] !== group) continue;
        let at = kept++;
        for (; at > begin && this.isGreater(i, order[at - 1]!); at--) order[at] = order[at - 1]!;
        order[at] = i;
      }
      if (kept - begin > 1) kept = this.withoutOlder(begin, kept, isState(groupIndicator[group]!));
      groupEnd[group] = kept;
    }
    this.groups = groups;
    this.kept = kept;
  }

  /** Of a group in order: the first of each ref, or of each event. @returns where it ends now */
  private withoutOlder(begin: number, end: number, state: boolean): number {
    const { order } = this;
    let to = begin;
    for (let at = begin; at < end; at++) {
      const one = order[at]!;
      let again = false;
      for (let i = begin; i < to && !again; i++)
        again = state ? this.sameRef(order[i]!, one) : this.sameEvent(order[i]!, one);
      if (!again) order[to++] = one;
    }
    return to;
  }

  /** By `(time, source, id)`, as `compareRank` has it. */
  private isGreater(a: number, b: number): boolean {
    if (this.time[a] !== this.time[b]) return this.time[a]! > this.time[b]!;
    if (this.source[a] !== this.source[b]) return this.words.word(this.source[a]!) > this.words.word(this.source[b]!);
    return !this.sameId(a, b) && this.idOf(a) > this.idOf(b);
  }

  private idOf(i: number): string {
    this.reader.reset(this.bytes, this.id[i]!);
    return this.reader.id();
  }

  private sameEvent(a: number, b: number): boolean {
    return this.source[a] === this.source[b] && this.sameId(a, b);
  }

  // A text has one way of being written: the same bytes are the same text.
  private sameId(a: number, b: number): boolean {
    return this.sameBytes(this.id[a]!, this.idEnd[a]!, this.id[b]!, this.idEnd[b]!);
  }

  private sameRef(a: number, b: number): boolean {
    return this.sameBytes(this.ref[a]!, this.refEnd[a]!, this.ref[b]!, this.refEnd[b]!);
  }

  private sameBytes(a: number, aEnd: number, b: number, bEnd: number): boolean {
    const { bytes } = this;
    if (aEnd - a !== bEnd - b) return false;
    for (let i = a, j = b; i < aEnd; i++, j++) if (bytes[i] !== bytes[j]) return false;
    return true;
  }
}
