import type { WindowName } from '../../contract/codes.ts';
import type { Frame } from '../../contract/frame.ts';
import { diffMergePatch, type JsonObject } from '../../common/mergePatch.ts';
import type { Patch } from '../../contract/protocol.ts';
import type { Mask } from '../privacy/mask.ts';
import type { View } from '../platform/http/principal.ts';

/**
 * What all screens of one scope, window and view (in full, masked, or of a unit) are shown: the last frame, and the patches that lead from frame to frame.
 * One diff a tick serves them all, however many there are (contract §5).
 */
export class Channel {
  readonly scope: string;
  readonly window: WindowName;
  readonly view: View;
  readonly room: string;
  private readonly mask: Mask;
  private current: Frame | undefined;
  /** Starts at the clock, so that a number is not used again after a restart. */
  private seq: number;

  constructor(scope: string, window: WindowName, view: View, mask: Mask, now: number) {
    this.scope = scope;
    this.window = window;
    this.view = view;
    this.mask = mask;
    this.room = roomOf(scope, window, view);
    this.seq = now;
  }

  /** The frame that the next patch starts from. */
  get frame(): Frame | undefined {
    return this.current;
  }

  /**
   * Takes the frame that `build` makes; the patch to it, or undefined when nothing has changed but the time. Then the
   * frame stays as it was, so that every screen of the channel holds the same one.
   */
  advance(build: (seq: number) => Frame): Patch | undefined {
    const before = this.current;
    const after = this.mask.frame(build(this.seq + 1), this.view);
    if (!before) {
      this.seq++;
      this.current = after;
      return undefined;
    }
    const patch: JsonObject | undefined = diffMergePatch(before, { ...after, seq: before.seq, at: before.at });
    if (!patch) return undefined;
    this.seq++;
    this.current = after;
    patch.seq = after.seq;
    patch.at = after.at;
    return { scope: this.scope, window: this.window, seq: after.seq, prev: before.seq, at: after.at, patch };
  }
}

export function roomOf(scope: string, window: string, view: View): string {
  return `${scope}|${window}|${view}`;
}

/** Those who hear of new alerts in a scope, whatever their window. */
export function noticeRoomOf(scope: string, view: View): string {
  return `${scope}|${view}`;
}
