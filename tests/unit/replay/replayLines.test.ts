import type { ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { applyMergePatch, type Json } from '../../../common/mergePatch.ts';
import type { Frame } from '../../../contract/frame.ts';
import type { ReplayFrame } from '../../../contract/replay.ts';
import { OpenReplays } from '../../../server/replay/openReplays.ts';
import { replayStream, type ComputedFrames } from '../../../server/replay/replayLines.ts';
import { SLICE_MS, Slices } from '../../../server/replay/slices.ts';
import { until } from '../../support/until.ts';

const frame = (n: number): ReplayFrame =>
  ({ scope: '330110', window: '30d', at: `t${n}`, seq: 1, totals: { raised: n } }) as unknown as Frame;

/** So many frames, each after a pause; `ended` tells how the reader left it. */
function source(count: number) {
  const state = { made: 0, ended: false };
  function* frames(): ComputedFrames {
    try {
      for (let n = 0; n < count; n++) {
        yield undefined;
        state.made++;
        yield frame(n);
      }
    } finally {
      state.ended = true;
    }
  }
  return { state, frames: frames() };
}
const same = (one: ReplayFrame) => one;

describe('lines of a replay', () => {
  it('are the first frame and patches that lead to the others, each with its moment', async () => {
    const { frames, state } = source(50);
    let text = '';
    for await (const part of replayStream(frames, { slices: new Slices(), shown: same })) text += String(part);
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Json);
    let shown = lines[0] as unknown as ReplayFrame;
    lines.forEach((line, n) => {
      if (n > 0) shown = applyMergePatch(shown, line);
      expect(shown).toEqual(frame(n));
      expect((line as { at: string }).at).toBe(`t${n}`);
    });
    expect(lines).toHaveLength(50);
    expect(lines[1]).toEqual({ at: 't1', totals: { raised: 1 } });
    expect(state.ended).toBe(true);
  });

  it('come from files as well, and take all figures away where there is no frame', async () => {
    async function* read() {
      yield frame(0);
      yield { scope: '330110', window: '30d' as const, at: 'm', missing: true as const };
      yield frame(2);
      // A frame of the same moment: of a day that was kept once.
      yield frame(2);
    }
    let text = '';
    for await (const part of replayStream(read(), { slices: new Slices(), shown: same })) text += String(part);
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Json);
    const second = applyMergePatch(lines[0], lines[1]!);
    expect(second).toEqual({ scope: '330110', window: '30d', at: 'm', missing: true });
    expect(applyMergePatch(second, lines[2]!)).toEqual(frame(2));
    expect(lines[3]).toEqual({ at: 't2' });
  });

  it('are not made for a reader that stops: little more than a chunk, and nothing is held once it is cut off', async () => {
    const { frames, state } = source(10_000);
    const stream = replayStream(frames, {
      slices: new Slices(),
      // Every line is long.
      shown: (one) => ({ ...one, latest: {}, at: one.at.padEnd(4_000, '.') }),
      idleMs: 50,
    });
    let failed: Error | undefined;
    stream.on('error', (error) => {
      failed = error;
    });
    stream.read(0);
    await until(() => state.made > 0);
    await until(() => failed !== undefined);
    expect(failed?.message).toContain('nobody has read on');
    await until(() => state.ended);
    expect(state.made).toBeLessThan(2_000);
  });

  it('are cut off at last for a reader that takes a little now and then', async () => {
    const { frames, state } = source(1_000_000);
    const stream = replayStream(frames, { slices: new Slices(), shown: same, idleMs: 60_000, longestMs: 100 });
    let failed: Error | undefined;
    stream.on('error', (error) => {
      failed = error;
    });
    const sipping = setInterval(() => void stream.read(1), 5);
    await until(() => failed !== undefined);
    clearInterval(sipping);
    expect(failed?.message).toContain('not read to its end');
    await until(() => state.ended);
    expect(state.made).toBeLessThan(1_000_000);
  });

  it('end with a reader that leaves', async () => {
    const { frames, state } = source(1_000_000);
    const stream = replayStream(frames, { slices: new Slices(), shown: same });
    stream.once('data', () => stream.destroy());
    await until(() => state.ended);
    expect(state.made).toBeLessThan(1_000_000);
  });
});

describe('slices', () => {
  it('are worked one at a time, with a turn for everything else between them', async () => {
    const slices = new Slices();
    let turns = 0;
    let most = 0;
    let since = 0;
    const immediate = setInterval(() => turns++, 0);
    const spin = () => {
      const end = performance.now() + SLICE_MS;
      while (performance.now() < end);
      most = Math.max(most, ++since);
    };
    const other = async () => {
      for (let i = 0; i < 20; i++) {
        await new Promise((resolve) => setImmediate(resolve));
        since = 0;
      }
    };
    await Promise.all([other(), ...Array.from({ length: 20 }, () => slices.run(spin))]);
    clearInterval(immediate);
    expect(most).toBeLessThanOrEqual(2);
    expect(turns).toBeGreaterThan(0);
  });

  it('hand on what their work throws, and go on', async () => {
    const slices = new Slices();
    await expect(
      slices.run(() => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await slices.run(() => 7)).toBe(7);
  });
});

describe('open replays', () => {
  it('are four for one token, and each place is given back once', () => {
    const open = new OpenReplays();
    const begin = (credential: string) => {
      const answer = new PassThrough();
      open.begin(credential, answer as unknown as ServerResponse);
      return answer;
    };
    const answers = Array.from({ length: 4 }, () => begin('a'));
    expect(() => begin('a')).toThrow(/come back/);
    answers.push(begin('b'));
    answers[0]!.emit('close');
    answers[0]!.emit('close');
    answers.push(begin('a'));
    expect(() => begin('a')).toThrow(/come back/);
    for (const answer of answers) answer.emit('close');
    expect(open.size).toBe(0);
  });

  it('do not keep the place of somebody who had left before', () => {
    const open = new OpenReplays();
    const gone = new PassThrough().destroy();
    for (let i = 0; i < 5; i++) open.begin('a', gone as unknown as ServerResponse);
    expect(open.size).toBe(0);
  });
});
