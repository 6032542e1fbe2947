/**
 * The sums of a bucket as parallel columns: `keys` are key + 1, and 0 marks a place that is free. The columns
 * belong to the reader of the moment and are overwritten by the next decoding.
 */
export class Column {
  keys: Int32Array;
  values: Float64Array;
  /** The high lane of the values (common/exactSums.ts), where one of them needs it. */
  highs: Float64Array | undefined;
  length = 0;

  constructor(keys = new Int32Array(1024), values = new Float64Array(1024), length = 0, highs?: Float64Array) {
    this.keys = keys;
    this.values = values;
    this.length = length;
    this.highs = highs;
  }

  push(key: number, value: number, high = 0): void {
    if (this.length === this.keys.length) this.grow();
    this.keys[this.length] = key + 1;
    if (high !== 0 || this.highs !== undefined) (this.highs ??= new Float64Array(this.keys.length))[this.length] = high;
    this.values[this.length++] = value;
  }

  clear(): void {
    this.length = 0;
    this.highs = undefined;
  }

  private grow(): void {
    const keys = new Int32Array(this.keys.length * 2);
    const values = new Float64Array(this.keys.length * 2);
    keys.set(this.keys);
    values.set(this.values);
    if (this.highs) {
      const highs = new Float64Array(keys.length);
      highs.set(this.highs);
      this.highs = highs;
    }
    this.keys = keys;
    this.values = values;
  }
}

/** Hands over the sums of a column that are not zero: key, low and high lane. */
export function eachSum(
  { keys, values, highs, length }: Column,
  use: (key: number, low: number, high: number) => void,
): void {
  for (let i = 0; i < length; i++) {
    const low = values[i]!;
    const high = highs === undefined ? 0 : highs[i]!;
    if (keys[i] !== 0 && (low !== 0 || high !== 0)) use(keys[i]! - 1, low, high);
  }
}

export interface Columns {
  cells: Column;
  heat: Column;
  paid: Column;
}
export const newColumns = (): Columns => ({ cells: new Column(), heat: new Column(), paid: new Column() });

/** What is wanted of a bucket: all of it, or less, for which there is less to do. */
export interface Wanted {
  /** Only this town's sums. */
  town?: number | undefined;
  /** Leave out heat and enterprises paid. */
  cellsOnly?: boolean;
}
