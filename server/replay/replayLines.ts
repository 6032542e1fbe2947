import { Readable } from 'node:stream';
import { diffMergePatch, notedText } from '../../common/mergePatch.ts';
import type { ReplayFrame } from '../../contract/replay.ts';
import { SLICE_MS, type Slices } from './slices.ts';

/** Lines are handed on together, so many bytes or a little more: each chunk costs some turns of streams and a call of the system. */
const CHUNK = 64 * 1024;
/** A reader that takes nothing for so long is cut off. */
export const IDLE_MS = 30_000;
/** One that takes a little now and then, too, after this: what it holds of the cube, and what it was allowed when it began, is not for ever. */
export const LONGEST_MS = 10 * 60_000;

export interface LinesParts {
  slices: Slices;
  /** What is shown of a frame. */
  shown: (frame: ReplayFrame) => ReplayFrame;
  idleMs?: number;
  longestMs?: number;
}

/** Frames that are computed: undefined where others may have their turn. */
export type ComputedFrames = Generator<ReplayFrame | undefined, void>;
/** Frames that are read. */
export type ReadFrames = AsyncGenerator<ReplayFrame, void>;

/**
 * Frames as lines of JSON: the first whole, then merge patches, each with `at`. Nothing is computed or read that nobody has taken
 * yet, but for one chunk; `frames` is ended when the reader leaves, or stays away.
 */
export function replayStream(
  frames: ComputedFrames | ReadFrames,
  { slices, shown, idleMs = IDLE_MS, longestMs = LONGEST_MS }: LinesParts,
): Readable {
  const lines = new Lines(shown);
  async function* watched(): AsyncGenerator<Buffer, void> {
    let idle: NodeJS.Timeout | undefined;
    const longest = setTimeout(() => {
      stream.destroy(new Error(`not read to its end within ${longestMs} ms`));
    }, longestMs);
    try {
      for await (const bytes of Symbol.asyncIterator in frames
        ? readLines(frames, lines, slices)
        : computedLines(frames, lines, slices)) {
        idle = setTimeout(() => {
          stream.destroy(new Error(`nobody has read on for ${idleMs} ms`));
        }, idleMs);
        yield bytes;
        clearTimeout(idle);
      }
    } finally {
      clearTimeout(idle);
      clearTimeout(longest);
    }
  }
  const stream = Readable.from(watched(), { objectMode: false, highWaterMark: CHUNK });
  return stream;
}

async function* computedLines(frames: ComputedFrames, lines: Lines, slices: Slices): AsyncGenerator<Buffer, void> {
  let done = false;
  /** Works for one slice, or until there is enough to hand on. */
  const work = () => {
    const end = performance.now() + SLICE_MS;
    do {
      const next = frames.next();
      done = next.done === true;
      if (next.value) lines.add(next.value);
    } while (!done && !lines.full && performance.now() < end);
    return lines.take();
  };
  try {
    while (!done) {
      const bytes = await slices.run(work);
      if (bytes.length > 0) yield bytes;
    }
  } finally {
    frames.return();
  }
}

async function* readLines(frames: ReadFrames, lines: Lines, slices: Slices): AsyncGenerator<Buffer, void> {
  for await (const frame of frames)
    yield await slices.run(() => {
      lines.add(frame);
      return lines.take();
    });
}

/** Where lines are written, for all readers: what a slice has added, it takes. */
let shared = Buffer.allocUnsafeSlow(4 * CHUNK);

class Lines {
  private readonly shown: (frame: ReplayFrame) => ReplayFrame;
  private before: ReplayFrame | undefined;
  private size = 0;
  private first = true;

  constructor(shown: (frame: ReplayFrame) => ReplayFrame) {
    this.shown = shown;
  }

  add(given: ReplayFrame): void {
    const { before } = this;
    const frame = this.shown(given);
    this.before = frame;
    const text = before && before.at !== frame.at ? notedText(before, frame) : undefined;
    if (text !== undefined) {
      this.write(text, 'latin1');
      return;
    }
    // A client reads from `at` which moment a patch leads to, also where two frames have the same one.
    this.write(JSON.stringify(before ? { at: frame.at, ...diffMergePatch(before, frame) } : frame), 'utf8');
  }

  /** Writes a text and the end of its line. Counting its bytes first would take as long as writing them. */
  private write(text: string, encoding: 'utf8' | 'latin1'): void {
    const most = this.size + (encoding === 'utf8' ? 3 : 1) * text.length + 1;
    if (most > shared.length) {
      const larger = Buffer.allocUnsafeSlow(most);
      shared.copy(larger, 0, 0, this.size);
      shared = larger;
    }
    this.size += shared.write(text, this.size, encoding);
    shared[this.size++] = 10;
  }

  /** The first line is handed on at once. */
  get full(): boolean {
    return this.first ? this.size > 0 : this.size >= CHUNK;
  }

  take(): Buffer {
    const taken = Buffer.from(shared.subarray(0, this.size));
    if (this.size > 0) this.first = false;
    this.size = 0;
    return taken;
  }
}
