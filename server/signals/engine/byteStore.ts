const UNIT = 16;
const CHUNK = 1 << 20;
/** What is larger has a buffer of its own. */
const LARGE = CHUNK / 4;
/** Up to so many units each size has its own free places; above, sizes go in steps of an eighth. */
const EXACT = 64;

/**
 * Bytes by small whole numbers, outside of the heap: a million short ones cost the collector nothing, and about their length in
 * memory. What is put again takes the same place if it fits; places that become free go to others of their size.
 */
export class ByteStore {
  private readonly chunks: Buffer[] = [];
  /** Unit of the last chunk from which on nothing has been given. */
  private end = CHUNK / UNIT;
  /** 1 + unit where it begins, counted over all chunks; 0 for none. */
  private start = new Uint32Array(1024);
  private length = new Uint32Array(1024);
  private readonly large = new Map<number, Buffer>();
  private readonly free = new Map<number, number[]>();

  /** A view, good until the next `put`; undefined where there is nothing. */
  get(n: number): Buffer | undefined {
    const start = this.start[n];
    if (!start) return this.large.get(n);
    const at = (start - 1) * UNIT;
    const from = at % CHUNK;
    return this.chunks[(at - from) / CHUNK]!.subarray(from, from + this.length[n]!);
  }

  put(n: number, bytes: Uint8Array): void {
    if (n >= this.start.length) this.grow(n);
    const units = unitsOf(bytes.length);
    if (this.start[n] && unitsOf(this.length[n]!) !== units) this.delete(n);
    if (bytes.length > LARGE) {
      this.delete(n);
      this.large.set(n, Buffer.from(bytes));
      return;
    }
    this.large.delete(n);
    if (!this.start[n]) this.start[n] = 1 + this.place(units);
    this.length[n] = bytes.length;
    const at = (this.start[n] - 1) * UNIT;
    this.chunks[Math.floor(at / CHUNK)]!.set(bytes, at % CHUNK);
  }

  delete(n: number): void {
    this.large.delete(n);
    const start = this.start[n];
    if (!start) return;
    const units = unitsOf(this.length[n]!);
    const places = this.free.get(units);
    if (places) places.push(start - 1);
    else this.free.set(units, [start - 1]);
    this.start[n] = 0;
  }

  private place(units: number): number {
    const again = this.free.get(units)?.pop();
    if (again !== undefined) return again;
    if (this.end + units > CHUNK / UNIT) {
      this.chunks.push(Buffer.allocUnsafeSlow(CHUNK));
      this.end = 0;
    }
    const at = (this.chunks.length - 1) * (CHUNK / UNIT) + this.end;
    this.end += units;
    return at;
  }

  private grow(n: number): void {
    const size = Math.max(n + 1, Math.ceil(this.start.length * 1.5));
    const start = new Uint32Array(size);
    start.set(this.start);
    this.start = start;
    const length = new Uint32Array(size);
    length.set(this.length);
    this.length = length;
  }
}

function unitsOf(length: number): number {
  const units = Math.max(1, Math.ceil(length / UNIT));
  if (units <= EXACT) return units;
  const step = 2 ** (Math.floor(Math.log2(units)) - 3);
  return Math.ceil(units / step) * step;
}
