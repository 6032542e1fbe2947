import type { WindowName } from '../../contract/codes.ts';
import type { Frame } from '../../contract/frame.ts';
import { reads } from '../http/reads.ts';

/**
 * The first figures of a screen, asked for while the screen itself is still being fetched: on a slow machine that is most
 * of the time until they are on show. Taken once.
 */
let asked: { scope: string; window: WindowName; frame: Promise<Frame> } | undefined;

export function askEarly(scope: string, window: WindowName): void {
  const frame = reads.snapshot(scope, window);
  asked = { scope, window, frame };
  // Whoever takes it hears of it; nobody need.
  frame.catch(() => undefined);
}

/** The frame that was asked for, if it is this one; else it is asked for now. */
export function firstFrame(scope: string, window: WindowName): Promise<Frame> {
  const early = asked;
  asked = undefined;
  return early?.scope === scope && early.window === window ? early.frame : reads.snapshot(scope, window);
}
