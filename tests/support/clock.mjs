/**
 * Loaded into a server by a test (`NODE_OPTIONS=--import …`): its clock, but not its timers, is off by as many ms as the
 * file says that CLOCK_FILE names. The file is read again and again, so the clock can be set while the server runs.
 */
import { readFileSync } from 'node:fs';

const file = process.env.CLOCK_FILE;
if (file) {
  const now = Date.now;
  let skew = 0;
  const read = () => {
    skew = Number(readFileSync(file, 'utf8')) || 0;
  };
  read();
  setInterval(read, 50).unref();
  globalThis.Date = class extends Date {
    constructor(...given) {
      if (given.length) super(...given);
      else super(now() + skew);
    }

    static now() {
      return now() + skew;
    }
  };
}
