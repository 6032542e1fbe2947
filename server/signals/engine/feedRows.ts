/** Of numbers beyond, a tenth is not exact any more. */
const MOST = 999_999_999_999_999;
const ZERO = 48;
const POINT = 46;
const COMMA = 44;

/** Rows of an entry of the engine's feed in JSON (packedRow.ts), as bytes: as texts they would be most of what the collector copies. */
export class FeedRows {
  /** How many rows. */
  count = 0;
  private bytes = Buffer.allocUnsafeSlow(1 << 15);
  private end = 0;

  clear(): void {
    this.count = 0;
    this.end = 0;
  }

  /** All rows, with commas between them: a view, good until `clear`. */
  get written(): Buffer {
    return this.bytes.subarray(0, this.end);
  }

  /** The next row begins. */
  next(): void {
    if (this.count++ === 0) return;
    this.room(1);
    this.bytes[this.end++] = COMMA;
  }

  /** A row that is made. */
  add(json: string): void {
    this.next();
    this.text(json);
  }

  text(text: string): void {
    const { length } = text;
    // A character takes at most 3 bytes.
    this.room(3 * length);
    const { bytes } = this;
    let { end } = this;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) {
        this.end += bytes.write(text, this.end);
        return;
      }
      bytes[end++] = code;
    }
    this.end = end;
  }

  /** As JSON has it; written by hand, as a text for each would be most of what this is there for. */
  number(value: number): void {
    if (!(Number.isInteger(value) && value >= 0 && value <= MOST)) return this.text(String(value));
    this.room(16);
    const { bytes } = this;
    let length = 1;
    for (let scale = 10; value >= scale; scale *= 10) length++;
    let rest = value;
    for (let at = this.end + length - 1; at >= this.end; at--) {
      const tenth = Math.floor(rest / 10);
      bytes[at] = ZERO + rest - 10 * tenth;
      rest = tenth;
    }
    this.end += length;
  }

  /** So many thousandths, as JSON has that number: 12500 as 12.5. @param value a whole number of at most 15 digits */
  thousandths(value: number): void {
    const whole = Math.floor(value / 1000);
    let rest = value - 1000 * whole;
    this.number(whole);
    if (rest === 0) return;
    this.room(4);
    const { bytes } = this;
    bytes[this.end++] = POINT;
    for (let scale = 100; rest > 0; scale /= 10) {
      const digit = Math.floor(rest / scale);
      bytes[this.end++] = ZERO + digit;
      rest -= digit * scale;
    }
  }

  private room(length: number): void {
    if (this.end + length <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.bytes.length, this.end + length));
    larger.set(this.bytes.subarray(0, this.end));
    this.bytes = larger;
  }
}
