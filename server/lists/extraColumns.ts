import { ALERT_FIELDS, EXTRA_FIELDS, type AlertField } from '../alerts/fields.ts';

/** A field of the row that nothing filters or sorts by, so that it needs no code of its own (alerts/fields.ts). */
export interface ExtraColumn {
  name: string;
  row: 'text' | 'number' | 'flag';
}
export type ExtraValue = string | number | true;

/** Those that alerts have. */
export const EXTRA_COLUMNS: readonly ExtraColumn[] = EXTRA_FIELDS.map((name) => ({
  name,
  row: (ALERT_FIELDS[name] as AlertField).row as ExtraColumn['row'],
}));

/** The values of one field by slot. Room is made with the first value: a field that no alert has costs nothing. */
interface Column {
  get(slot: number): ExtraValue | undefined;
  /** Returns whether the value is another than before. */
  set(slot: number, value: ExtraValue | undefined, capacity: number): boolean;
  grow(capacity: number): void;
}

/** A field of texts, for who keeps sets by them: each text has a number, 0 stands for none. */
export interface TextField {
  readonly texts: readonly string[];
  get(slot: number): string | undefined;
  /** Told of every change, by the numbers of the texts before and after. Set while no slot has a text. */
  onChange: ((slot: number, before: number, after: number) => void) | undefined;
}

/** Texts by their number; 0 for none. Texts repeat (names of units, codes), so each is kept once. */
class TextColumn implements Column, TextField {
  private numbers = new Uint32Array(0);
  onChange: TextField['onChange'];
  readonly texts: string[] = [''];
  private readonly ids = new Map<string, number>();

  get(slot: number): string | undefined {
    const number = this.numbers[slot] ?? 0;
    return number === 0 ? undefined : this.texts[number];
  }

  set(slot: number, value: ExtraValue | undefined, capacity: number): boolean {
    if (value === undefined && this.numbers.length === 0) return false;
    if (this.numbers.length < capacity) this.resize(capacity);
    const next = value === undefined ? 0 : this.numberOf(String(value));
    const before = this.numbers[slot]!;
    if (before === next) return false;
    this.numbers[slot] = next;
    this.onChange?.(slot, before, next);
    return true;
  }

  grow(capacity: number): void {
    if (this.numbers.length > 0) this.resize(capacity);
  }

  private resize(capacity: number): void {
    const larger = new Uint32Array(capacity);
    larger.set(this.numbers);
    this.numbers = larger;
  }

  private numberOf(value: string): number {
    const known = this.ids.get(value);
    if (known !== undefined) return known;
    const number = this.texts.length;
    this.texts.push(value);
    this.ids.set(value, number);
    return number;
  }
}

/** Numbers; NaN for none. */
class NumberColumn implements Column {
  private numbers = new Float64Array(0);

  get(slot: number): number | undefined {
    const number = this.numbers[slot] ?? NaN;
    return number === number ? number : undefined;
  }

  set(slot: number, value: ExtraValue | undefined, capacity: number): boolean {
    if (value === undefined && this.numbers.length === 0) return false;
    if (this.numbers.length < capacity) this.resize(capacity);
    const next = value === undefined ? NaN : Number(value);
    if (Object.is(this.numbers[slot], next)) return false;
    this.numbers[slot] = next;
    return true;
  }

  grow(capacity: number): void {
    if (this.numbers.length > 0) this.resize(capacity);
  }

  private resize(capacity: number): void {
    const before = this.numbers.length;
    const larger = new Float64Array(capacity);
    larger.set(this.numbers);
    larger.fill(NaN, before);
    this.numbers = larger;
  }
}

/** Flags, by slot. */
class FlagColumn implements Column {
  private flags = new Uint8Array(0);

  get(slot: number): true | undefined {
    return this.flags[slot] === 1 ? true : undefined;
  }

  set(slot: number, value: ExtraValue | undefined, capacity: number): boolean {
    if (value === undefined && this.flags.length === 0) return false;
    if (this.flags.length < capacity) this.resize(capacity);
    const next = value === undefined ? 0 : 1;
    if (this.flags[slot] === next) return false;
    this.flags[slot] = next;
    return true;
  }

  grow(capacity: number): void {
    if (this.flags.length > 0) this.resize(capacity);
  }

  private resize(capacity: number): void {
    const larger = new Uint8Array(capacity);
    larger.set(this.flags);
    this.flags = larger;
  }
}

const newColumn = (row: ExtraColumn['row']): Column =>
  row === 'text' ? new TextColumn() : row === 'number' ? new NumberColumn() : new FlagColumn();

/** The fields of all alerts that need no code of their own. */
export class ExtraColumns {
  readonly fields: readonly ExtraColumn[];
  private readonly columns: readonly Column[];
  private capacity = 0;

  constructor(fields: readonly ExtraColumn[]) {
    this.fields = fields;
    this.columns = fields.map(({ row }) => newColumn(row));
  }

  grow(capacity: number): void {
    this.capacity = capacity;
    for (const column of this.columns) column.grow(capacity);
  }

  /** A field by its name; undefined where alerts have no such text. */
  text(name: string): TextField | undefined {
    const column = this.columns[this.fields.findIndex((field) => field.name === name)];
    return column instanceof TextColumn ? column : undefined;
  }

  /** A flag by its name, to ask whether an alert has it; no alert has one that is none. Looked up once, not for each alert. */
  flag(name: string): (slot: number) => boolean {
    const column = this.columns[this.fields.findIndex((field) => field.name === name)];
    return column instanceof FlagColumn ? (slot) => column.get(slot) === true : () => false;
  }

  value(slot: number, field: number): ExtraValue | undefined {
    return this.columns[field]!.get(slot);
  }

  set(slot: number, field: number, value: ExtraValue | undefined): boolean {
    return this.columns[field]!.set(slot, value, this.capacity);
  }

  /** Takes the fields over from a row; returns whether one was another. */
  write(slot: number, row: object): boolean {
    let changed = false;
    for (let i = 0; i < this.fields.length; i++) {
      const value = (row as Record<string, ExtraValue | undefined>)[this.fields[i]!.name];
      if (this.set(slot, i, value)) changed = true;
    }
    return changed;
  }

  /** Puts those that the alert has into a row. */
  read(slot: number, row: object): void {
    for (let i = 0; i < this.fields.length; i++) {
      const value = this.value(slot, i);
      if (value !== undefined) (row as Record<string, ExtraValue>)[this.fields[i]!.name] = value;
    }
  }
}
