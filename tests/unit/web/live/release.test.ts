import { describe, expect, it } from 'vitest';
import { ReleaseWatch } from '../../../../web/live/releaseWatch.ts';

function page(store: Map<string, string>, clock: { now: number; quiet: boolean }) {
  let reloads = 0;
  const watch = new ReleaseWatch({
    now: () => clock.now,
    storage: {
      getItem: (key) => store.get(key) ?? null,
      setItem: (key, value) => {
        store.set(key, value);
      },
    },
    reload: () => {
      reloads++;
    },
    quiet: () => clock.quiet,
  });
  return { watch, reloads: () => reloads };
}

describe('a new release', () => {
  it('reloads once, at a quiet moment', () => {
    const clock = { now: 0, quiet: false };
    const { watch, reloads } = page(new Map(), clock);
    watch.takeBuild('a');
    watch.takeBuild('b');
    expect(reloads()).toBe(0);
    clock.quiet = true;
    watch.takeBuild('b');
    watch.takeBuild('b');
    expect(reloads()).toBe(1);
  });

  it('does not go back and forth between two servers of different builds', () => {
    const store = new Map<string, string>();
    const clock = { now: 0, quiet: true };
    let total = 0;
    for (let load = 0; load < 10; load++) {
      const { watch, reloads } = page(store, clock);
      for (const build of ['a', 'b', 'a', 'b']) {
        clock.now += 2_000;
        watch.takeBuild(build);
      }
      total += reloads();
    }
    expect(total).toBeLessThanOrEqual(2);
  });

  it('does not gamble where storage is forbidden', () => {
    let reloads = 0;
    const forbidden = () => {
      throw new Error('denied');
    };
    const watch = new ReleaseWatch({
      now: () => 0,
      storage: { getItem: forbidden, setItem: forbidden },
      reload: () => {
        reloads++;
      },
      quiet: () => true,
    });
    watch.takeBuild('a');
    watch.takeBuild('b');
    expect(reloads).toBe(0);
  });
});
