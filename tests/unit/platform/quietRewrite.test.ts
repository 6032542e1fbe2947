import { describe, expect, it } from 'vitest';
import { isTimeToRewrite, logStateOf, type LogState } from '../../../server/platform/redis/quietRewrite.ts';

const MIB = 2 ** 20;
const log = (size: number, more: Partial<LogState> = {}): LogState => ({
  size: size * MIB,
  base: 50 * MIB,
  rewriting: false,
  ...more,
});

describe('writing the append-only file anew when it is quiet', () => {
  it('asks for it when the file has doubled and hardly grows', () => {
    expect(isTimeToRewrite(log(150), log(150.5))).toBe(true);
    expect(isTimeToRewrite(log(150), log(150))).toBe(true);
  });
  it.each([
    ['at the first look, which cannot know how quiet it is', undefined, log(150)],
    ['while much is written', log(148), log(150)],
    ['when a start reads it in a blink anyway', log(60, { base: 0 }), log(60, { base: 0 })],
    ['before it has doubled', log(99), log(99)],
    ['while it is being done', log(150), log(150, { rewriting: true })],
    ['right after it was done', log(400), log(110)],
    ['right after a look that saw it being done', log(150, { rewriting: true }), log(150)],
  ])('does not ask %s', (_, before, now) => {
    expect(isTimeToRewrite(before, now)).toBe(false);
  });
  it('reads INFO of Redis, and nothing where there is no such file or it is being loaded', () => {
    const info = {
      loading: '0',
      aof_enabled: '1',
      aof_current_size: '12',
      aof_base_size: '5',
      aof_rewrite_in_progress: '0',
      aof_rewrite_scheduled: '1',
    };
    const read = (more: Record<string, string>) => logStateOf(new Map(Object.entries({ ...info, ...more })));
    expect(read({})).toEqual({ size: 12, base: 5, rewriting: true });
    expect(read({ aof_rewrite_scheduled: '0' })).toEqual({ size: 12, base: 5, rewriting: false });
    expect(read({ aof_enabled: '0' })).toBeUndefined();
    expect(read({ loading: '1' })).toBeUndefined();
  });
});
