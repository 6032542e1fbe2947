import { describe, expect, it } from 'vitest';
import { Looking } from '../../../../web/shell/looking.ts';

const MINUTE = 60_000;

/** A screen and its clock. */
function screen(settleMs = 10_000) {
  let now = 0;
  let shown: string | undefined = '330110';
  let timers: { at: number; run: () => void }[] = [];
  const looks: [what: string, at: number][] = [];
  const looking = new Looking({
    now: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    shown: () => shown,
    look: (what) => looks.push([what, now]),
    settleMs,
  });
  return {
    looking,
    looks,
    show(what: string | undefined) {
      shown = what;
      looking.changed();
    },
    later(ms: number) {
      const until = now + ms;
      for (;;) {
        const [next] = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
        if (!next) break;
        timers = timers.filter((one) => one !== next);
        now = next.at;
        next.run();
      }
      now = until;
    },
  };
}

describe('a look at a screen', () => {
  it('is that somebody was at it, and that it was in sight for a while since', () => {
    const { looking, looks, later } = screen();
    later(60 * MINUTE);
    expect(looks).toEqual([]);
    looking.act();
    later(9_999);
    expect(looks).toEqual([]);
    later(1);
    expect(looks).toEqual([['330110', 60 * MINUTE + 10_000]]);
    // Nobody comes again.
    later(600 * MINUTE);
    expect(looks).toHaveLength(1);
  });

  it('is none where it goes out of sight before', () => {
    const { looking, looks, later } = screen();
    looking.act();
    later(5_000);
    looking.hide();
    later(MINUTE);
    looking.act();
    later(9_000);
    expect(looks).toEqual([]);
    later(1_000);
    expect(looks).toHaveLength(1);
  });

  it('is told again while somebody is there, every five minutes, and of each place by itself', () => {
    const { looking, looks, later, show } = screen();
    for (let i = 0; i < 60; i++) {
      looking.act();
      later(20_000);
    }
    expect(looks.map(([, at]) => Math.floor(at / MINUTE))).toEqual([0, 5, 10, 15]);
    show('330110010');
    looking.act();
    later(10_000);
    expect(looks.at(-1)![0]).toBe('330110010');
  });

  it('waits for what is to be looked at, and is not of the past that is replayed', () => {
    const { looking, looks, later, show } = screen(0);
    show(undefined);
    looking.act();
    expect(looks).toEqual([]);
    later(3_000);
    show('330110');
    expect(looks).toEqual([['330110', 3_000]]);
  });
});
