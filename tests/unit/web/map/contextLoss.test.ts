// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { hasWebGl, RETRY_MS, retryDelay } from '../../../../web/map/contextLoss.ts';

describe('a lost context', () => {
  it('is tried again for ever, more and more slowly', () => {
    const delays = Array.from({ length: 20 }, (_, i) => retryDelay(i));
    expect([...delays].sort((a, b) => a - b)).toEqual(delays);
    expect(delays.at(-1)).toBe(RETRY_MS.at(-1));
  });

  it('is no surprise where there is no WebGL', () => {
    expect(hasWebGl(() => ({ getContext: () => null }) as unknown as HTMLCanvasElement)).toBe(false);
    expect(
      hasWebGl(() => {
        throw new Error('blocked by policy');
      }),
    ).toBe(false);
    let released = false;
    const gl = {
      getExtension: () => ({
        loseContext: () => {
          released = true;
        },
      }),
    };
    expect(hasWebGl(() => ({ getContext: () => gl }) as unknown as HTMLCanvasElement)).toBe(true);
    expect(released).toBe(true);
  });
});
