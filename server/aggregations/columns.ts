/**
 * The sums of a bucket as parallel columns: `keys` are key + 1, and 0 marks a place that is free. The columns
 * belong to the reader of the moment and are overwritten by the next decoding.
 */
export class Column {
  keys: Int32Array;
  values: Float64Array;
  length = 0;

  constructor(keys = new Int32Array(1024), values = new Float64Array(1024), length = 0) {
    this.keys = keys;
    this.values = values;
    this.length = length;
  }

  push(key: number, value: number): void {
    if (this.length === this.keys.length) this.grow();
    this.keys[this.length] = key + 1;
    this.values[this.length++] = value;
  }

  private grow(): void {
    const keys = new Int32Array(this.keys.length * 2);
    const values = new Float64Array(this.keys.length * 2);
    keys.set(this.keys);
    values.set(this.values);
    this.keys = keys;
    this.values = values;
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
