// Loaded before the program: its Date is off by as many ms as the file SHIFT_FILE says, which a test may change.
import { readFileSync } from 'node:fs';

const file = process.env.SHIFT_FILE;
const RealDate = Date;
let shift = 0;
let readAt = -Infinity;

function shifted() {
  const now = performance.now();
  if (file && now - readAt > 50) {
    readAt = now;
    try {
      shift = Number(readFileSync(file, 'utf8')) || 0;
    } catch {
      // Being written: the next look will do.
    }
  }
  return RealDate.now() + shift;
}

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(shifted());
    else super(...args);
  }
  static now() {
    return shifted();
  }
};
