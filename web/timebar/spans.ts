import type { ReplayFrame } from '../../contract/replay.ts';
import { applyMergePatch, type Json } from '../../common/mergePatch.ts';

/**
 * Parts of a replay as they were read: a frame and the patches after it, as text, which is a tenth of what they are as objects. A moment
 * is made from the nearest frame before it. Pure but for what it remembers.
 */

/** From one of these to the next at most so many patches are applied. */
const KEYFRAME_EVERY = 32;

/** One span: frames at `from` + k steps, as far as it has been read. */
export class ReadSpan {
  readonly from: number;
  readonly stepMs: number;
  private readonly lines: string[] = [];
  private readonly keyframes = new Map<number, ReplayFrame>();
  private cursor: { index: number; frame: ReplayFrame } | undefined;
  /** Letters of the text that is kept. */
  size = 0;

  constructor(from: number, stepMs: number) {
    this.from = from;
    this.stepMs = stepMs;
  }

  add(line: string): void {
    this.lines.push(line);
    this.size += line.length;
  }

  /** The moment of the last frame; before `from` while nothing has been read. */
  get until(): number {
    return this.from + (this.lines.length - 1) * this.stepMs;
  }

  has(at: number): boolean {
    return at >= this.from && at <= this.until;
  }

  /** The frame of a moment that it has. @throws SyntaxError if a line is no JSON */
  frame(at: number): ReplayFrame {
    const wanted = Math.round((at - this.from) / this.stepMs);
    if (this.cursor?.index === wanted) return this.cursor.frame;
    let index = wanted - (wanted % KEYFRAME_EVERY);
    while (index > 0 && !this.keyframes.has(index)) index -= KEYFRAME_EVERY;
    let frame = this.keyframes.get(index);
    if (this.cursor && this.cursor.index < wanted && this.cursor.index >= index) ({ index, frame } = this.cursor);
    if (frame === undefined) {
      index = 0;
      frame = JSON.parse(this.lines[0]!) as ReplayFrame;
      this.keyframes.set(0, frame);
    }
    while (index < wanted) {
      index++;
      frame = applyMergePatch(frame, JSON.parse(this.lines[index]!) as Json);
      if (index % KEYFRAME_EVERY === 0) this.keyframes.set(index, frame);
    }
    this.cursor = { index, frame };
    return frame;
  }
}

/** All spans that are kept, by what they are of (`key`: scope, window, step, kind). */
export class ReadSpans {
  private readonly byKey = new Map<string, ReadSpan[]>();

  find(key: string, at: number): ReadSpan | undefined {
    return this.byKey.get(key)?.find((span) => span.has(at));
  }

  /** The last moment up to which frames are there without a gap, from one that is there. */
  until(key: string, at: number): number {
    let until = at;
    for (let span = this.find(key, at); span; span = this.find(key, until + span.stepMs)) until = span.until;
    return until;
  }

  /** The first moment after `at` that is there already; ∞ where none is. */
  nextFrom(key: string, at: number): number {
    return Math.min(Infinity, ...(this.byKey.get(key) ?? []).map(({ from }) => from).filter((from) => from > at));
  }

  /** The last moment before `at` that is there already; −∞ where none is. */
  lastUntil(key: string, at: number): number {
    return Math.max(-Infinity, ...(this.byKey.get(key) ?? []).map(({ until }) => until).filter((until) => until < at));
  }

  add(key: string, span: ReadSpan): void {
    const spans = this.byKey.get(key) ?? [];
    this.byKey.set(key, [...spans, span]);
  }

  /** Letters in all spans. */
  get size(): number {
    let size = 0;
    for (const spans of this.byKey.values()) for (const span of spans) size += span.size;
    return size;
  }

  /** Gives up what lies farthest from `at` until no more than `most` letters are kept, of at most `count` spans; what holds `at`, stays. */
  trim(at: number, most: number, count: number): void {
    const all = [...this.byKey].flatMap(([key, spans]) =>
      spans.map((span) => ({
        key,
        span,
        far: span.has(at) ? -1 : Math.min(Math.abs(span.from - at), Math.abs(span.until - at)),
      })),
    );
    all.sort((a, b) => b.far - a.far);
    let size = this.size;
    let left = all.length;
    for (const { key, span, far } of all) {
      if ((size <= most && left <= count) || far < 0) return;
      const spans = this.byKey.get(key)!.filter((one) => one !== span);
      if (spans.length > 0) this.byKey.set(key, spans);
      else this.byKey.delete(key);
      size -= span.size;
      left--;
    }
  }

  clear(): void {
    this.byKey.clear();
  }
}
