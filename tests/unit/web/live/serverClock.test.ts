import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServerClock } from '../../../../web/live/serverClock.ts';

describe("the server's clock", () => {
  it('is known only once heard, and a beat beats a seed', () => {
    let mono = 0;
    const clock = new ServerClock(() => mono);
    expect(clock.now()).toBeUndefined();
    clock.seed(1_000);
    expect(clock.now()).toBe(1_000);
    clock.hear(50_000);
    clock.seed(1);
    mono = 10;
    expect(clock.now()).toBe(50_010);
  });

  it('is never ahead, and behind by no more than the smallest delay of a minute', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 60, size: 'max' }),
        (delays) => {
          let mono = 0;
          const clock = new ServerClock(() => mono);
          const start = 1_700_000_000_000;
          delays.forEach((delay, i) => {
            mono = i * 2_000 + delay;
            clock.hear(start + i * 2_000);
          });
          const error = start + mono - clock.now()!;
          expect(error).toBe(Math.min(...delays.slice(-30)));
        },
      ),
    );
  });

  it('follows when the server or this machine jumps', () => {
    let mono = 0;
    const clock = new ServerClock(() => mono);
    for (let i = 0; i < 30; i++) {
      mono += 2_000;
      clock.hear(1e12 + mono);
    }
    mono += 2_000;
    clock.hear(1e12 + mono - 3_600_000);
    expect(clock.now()).toBe(1e12 + mono - 3_600_000);
  });
});
