import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReplayFrame, ReplayQuery } from '../../../../contract/replay.ts';
import { MAX_REPLAY_STEPS, REPLAY_STEP_MS } from '../../../../contract/replayLimits.ts';
import { diffMergePatch } from '../../../../common/mergePatch.ts';
import { DAY_MS, HOUR_MS, midnight, MINUTE_MS, parseRfc3339, toRfc3339 } from '../../../../common/regionTime.ts';
import { HttpError } from '../../../../web/http/client.ts';
import { ReplayPlayer, type PlayerState, type Watched } from '../../../../web/timebar/replayPlayer.ts';
import { momentBefore, stepAt, type Past } from '../../../../web/timebar/timeline.ts';

/** The player against a past that can be computed for any moment, with a clock that the tests turn. */

const NOW = midnight(2026, 11, 28) + 9 * HOUR_MS;
const BEGINNING = midnight(2025, 3, 2);
const past: Past = {
  scope: '330110',
  beginning: BEGINNING,
  steps: { minute: NOW - 50 * HOUR_MS, '5m': NOW - 50 * HOUR_MS, hour: NOW - 70 * DAY_MS, day: BEGINNING },
  shown: { every: 'hour' },
  marks: [],
};
const REGION: Watched = { scopes: ['330110'], window: '30d', shown: false };

/** What the frame of a moment is: something that changes a little, with things that come and go. */
function frameAt(scope: string, window: string, at: number): ReplayFrame {
  const hour = Math.floor(at / HOUR_MS);
  const rows: Record<string, number> = {};
  for (let i = 0; i < 40; i++) if (((hour + i) * 7) % 11 !== 0) rows[`c${(hour + i) % 60}`] = ((hour + i) * 7) % 11;
  return { scope, window, at: toRfc3339(at), totals: { raised: Math.floor(at / MINUTE_MS) }, heat: rows } as never;
}

class World {
  time = 0;
  private timers: { at: number; run: () => void }[] = [];
  readonly asked: ReplayQuery[] = [];
  running = 0;
  mostRunning = 0;
  /** Lines that are given before `fault`; Infinity: no fault. */
  faultAfter = Infinity;
  fault: unknown = new HttpError(0);
  /** Lines at a time, between which everything else has its turn. */
  chunk: () => number = () => 1_000;
  state: PlayerState | undefined;
  outdated = 0;
  shownAt: number[] = [];
  readonly player: ReplayPlayer;

  constructor(watched: Watched = REGION, at = NOW - 10 * HOUR_MS, step: 'minute' | '5m' | 'hour' | 'day' = 'hour') {
    this.player = new ReplayPlayer(
      {
        open: (query, signal) => this.open(query, signal),
        timers: {
          now: () => this.time,
          after: (ms, run) => {
            const timer = { at: this.time + ms, run };
            this.timers.push(timer);
            return () => {
              this.timers = this.timers.filter((one) => one !== timer);
            };
          },
        },
        present: () => NOW + this.time,
        past: () => past,
        outdated: () => {
          this.outdated++;
        },
        changed: (state) => {
          this.state = state;
          if (!state.waiting && this.shownAt.at(-1) !== state.at) this.shownAt.push(state.at!);
        },
      },
      watched,
      at,
      step,
    );
  }

  private async *open({ scope, window, from, to, step, shown }: ReplayQuery, signal: AbortSignal) {
    this.asked.push({ scope, window, from, to, step, shown } as ReplayQuery);
    this.running++;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    try {
      const first = parseRfc3339(from)!;
      const stepMs = REPLAY_STEP_MS[step!];
      const steps = Math.floor((parseRfc3339(to!)! - first) / stepMs);
      expect(steps).toBeLessThanOrEqual(MAX_REPLAY_STEPS);
      let before: ReplayFrame | undefined;
      let left = 0;
      for (let k = 0; k <= steps; k++) {
        if (k >= this.faultAfter) {
          this.faultAfter = Infinity;
          throw this.fault;
        }
        if (left-- === 0) {
          left = this.chunk();
          await Promise.resolve();
          if (signal.aborted) throw new HttpError(0, { detail: 'aborted' });
        }
        const frame = frameAt(scope!, window!, first + k * stepMs);
        yield JSON.stringify(before ? diffMergePatch(before, frame) : frame);
        before = frame;
      }
    } finally {
      this.running--;
    }
  }

  /** Lets everything happen that is due within `ms`. */
  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      for (let i = 0; i < 3_000 && this.running > 0; i++) await Promise.resolve();
      for (let i = 0; i < 20; i++) await Promise.resolve();
      const next = this.timers.sort((a, b) => a.at - b.at)[0];
      if (!next || next.at > end) break;
      this.timers.shift();
      this.time = Math.max(this.time, next.at);
      next.run();
    }
    this.time = end;
  }

  /** What is on show is what the past says of that moment. */
  check(watched: Watched = REGION): void {
    expect(this.state?.waiting).toBe(false);
    for (const scope of watched.scopes)
      expect(this.state!.frames.get(scope)).toEqual(frameAt(scope, watched.window, this.state!.at!));
  }
}

describe('the player', () => {
  it('shows at any moment what the past says of it, wherever it is sent and however the answer is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.record({ to: fc.integer({ min: BEGINNING, max: NOW + HOUR_MS }), scrub: fc.boolean() }),
            fc.record({ to: fc.integer({ min: NOW - 60 * HOUR_MS, max: NOW }), scrub: fc.boolean() }),
            fc.record({ by: fc.integer({ min: -12, max: 12 }) }),
            fc.record({ play: fc.constantFrom(1, 10, 60, 600, 3_600) }),
            fc.constant({ pause: true }),
          ),
          { minLength: 1, maxLength: 12 },
        ),
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 20 }),
        async (actions, cuts) => {
          const two: Watched = { scopes: ['330110', '330110010'], window: '30d', shown: false };
          const world = new World(two);
          let cut = 0;
          world.chunk = () => cuts[cut++ % cuts.length]!;
          for (const action of actions) {
            if ('to' in action) world.player.seek(action.to, '5m', action.scrub);
            else if ('by' in action) world.player.stepBy(action.by, '5m');
            else if ('play' in action) world.player.play(action.play, 'minute');
            else world.player.pause();
            await world.pass(1_000);
            world.check(two);
            const { at, position } = world.state!;
            const step = stepAt(position, 'play' in action ? 'minute' : '5m', past, false);
            if ('to' in action || 'play' in action) expect(at).toBe(momentBefore(position, step, false));
          }
          // One that was ended may still be on its way out.
          expect(world.mostRunning).toBeLessThanOrEqual(2);
          world.player.end();
        },
      ),
      { numRuns: 20 },
    );
  });

  it('plays every frame in its order, the next span being there before it is needed', async () => {
    const world = new World(REGION, NOW - 48 * HOUR_MS, 'minute');
    await world.pass(0);
    world.player.play(600, '5m');
    await world.pass(120_000);
    world.check();
    const steps = world.shownAt.slice(1).map((at, i) => (at - world.shownAt[i]!) / (5 * MINUTE_MS));
    expect(new Set(steps)).toEqual(new Set([1]));
    expect(world.shownAt.length).toBeGreaterThan(200);
    expect(world.asked.length).toBeLessThan(6);
    // Up to now, and no further.
    await world.pass(240_000);
    expect(world.state).toMatchObject({ caughtUp: true, playing: false });
  });

  it('stands still while frames do not come, and goes on from there', async () => {
    const world = new World(REGION, NOW - 30 * DAY_MS, 'hour');
    await world.pass(0);
    world.faultAfter = 0;
    world.player.seek(NOW - 60 * DAY_MS, 'hour');
    world.player.play(3_600, 'hour');
    await world.pass(0);
    expect(world.state).toMatchObject({ waiting: true, playing: true, trouble: { kind: 'away' } });
    await world.pass(3_000);
    expect(world.state).toMatchObject({ waiting: false, playing: true });
    expect(world.state!.trouble).toBeUndefined();
    // Nothing was passed over: the time of waiting is not played.
    expect(world.state!.at! - (NOW - 60 * DAY_MS)).toBeLessThanOrEqual(3 * HOUR_MS);
    world.check();
  });

  it('keeps what came before an answer broke, and asks for the rest alone', async () => {
    const world = new World(REGION, NOW - 20 * DAY_MS, 'hour');
    await world.pass(0);
    world.faultAfter = 30;
    world.player.seek(NOW - 40 * DAY_MS, 'hour');
    world.player.play(3_600, 'hour');
    await world.pass(60_000);
    world.check();
    expect(parseRfc3339(world.asked.at(-1)!.from)).toBeGreaterThanOrEqual(NOW - 40 * DAY_MS + 30 * HOUR_MS);
  });

  it.each([
    [429, 'busy', true],
    [503, 'away', true],
    [401, 'access', false],
    [403, 'access', false],
    [404, 'scope', false],
    [422, 'span', false],
    [400, 'span', false],
  ] as const)(
    'says in words that the server answered %i, and tries again where that helps',
    async (status, kind, again) => {
      const world = new World();
      await world.pass(0);
      const on = world.state!.frames;
      world.faultAfter = 0;
      world.fault = new HttpError(status, { detail: 'why' });
      world.player.seek(NOW - 5 * DAY_MS, 'hour');
      await world.pass(10);
      expect(world.state!.trouble).toMatchObject({ kind, ...(kind === 'span' ? { detail: 'why' } : {}) });
      // What was on show stays.
      expect(world.state!.frames).toBe(on);
      const asked = world.asked.length;
      await world.pass(60_000);
      expect(world.asked.length > asked).toBe(again);
      if (again) world.check();
      else expect(world.outdated).toBe(1);
      world.player.seek(NOW - 9 * DAY_MS, 'hour');
      await world.pass(10);
      world.check();
      expect(world.state!.trouble).toBeUndefined();
    },
  );

  it('shows other scopes, another window and the other past at the same moment', async () => {
    const world = new World();
    await world.pass(0);
    const { at } = world.state!;
    for (const watched of [
      { ...REGION, scopes: ['330110', '330110010'] },
      { ...REGION, window: 'today' as const },
      { ...REGION, shown: true },
    ]) {
      world.player.watch(watched);
      await world.pass(10);
      expect(world.state!.at).toBe(at);
      world.check(watched);
      expect(world.asked.at(-1)).toMatchObject({ window: watched.window, ...(watched.shown ? { shown: true } : {}) });
    }
  });

  it('has one request on its way while it is dragged, and asks for single frames', async () => {
    const world = new World();
    await world.pass(0);
    const before = world.asked.length;
    for (let i = 0; i < 200; i++) {
      world.player.seek(NOW - (i + 20) * HOUR_MS, 'hour', true);
      if (i % 7 === 0) await Promise.resolve();
    }
    await world.pass(100);
    expect(world.state!.at).toBe(momentBefore(NOW - 219 * HOUR_MS, 'hour', false));
    world.check();
    expect(world.mostRunning).toBe(1);
    const asked = world.asked.slice(before);
    expect(asked.length).toBeLessThan(80);
    expect(asked.filter(({ from, to }) => from !== to)).toEqual([]);
  });

  it('keeps a bounded part of a long play', async () => {
    const world = new World(REGION, BEGINNING + 2 * DAY_MS, 'day');
    world.player.play(3_600, 'hour');
    await world.pass(0);
    let most = 0;
    world.player.seek(NOW - 69 * DAY_MS, 'hour');
    for (let minutes = 0; minutes < 27; minutes++) {
      await world.pass(60_000);
      world.check();
      most = Math.max(most, world.player.size);
      if (minutes % 9 === 8) world.player.seek(NOW - (60 - minutes) * DAY_MS, 'hour');
    }
    expect(most).toBeLessThan(17_000_000);
  });
});
