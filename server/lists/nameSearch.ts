import { searchText } from '../../common/identity.ts';

/** Names a block of text holds. Blocks keep the text flat, and appending cheap. */
const BLOCK = 1024;
/** Cannot be typed and is no character: it parts the names of a block. */
const SEPARATOR = '\uffff';

interface Block {
  text: string;
  /** Where each name begins; one more for the end. */
  starts: Uint32Array;
}

/**
 * Finds the names that contain a text, both as they are searched (common/identity.ts). Names are joined into blocks and searched with the
 * engine's own `indexOf`, a few ms for a hundred thousand names, so there is no index to keep or to wait for.
 */
export class NameSearch {
  private readonly names: readonly { name: string }[];
  private readonly blocks: Block[] = [];
  private covered = 0;

  /** `names` only ever grows. */
  constructor(names: readonly { name: string }[]) {
    this.names = names;
  }

  /** Flags (1) by position in `names`, or undefined when nothing contains `text` (as `searchText` gives it, not empty). */
  find(text: string): Uint8Array | undefined {
    this.prepare();
    if (text.includes(SEPARATOR)) return this.findOneByOne(text);
    let flags: Uint8Array | undefined;
    for (let b = 0; b < this.blocks.length; b++) {
      const block = this.blocks[b]!;
      let name = 0;
      for (let at = block.text.indexOf(text); at >= 0;) {
        name = holder(block.starts, name, at);
        (flags ??= new Uint8Array(this.names.length))[b * BLOCK + name] = 1;
        at = block.text.indexOf(text, block.starts[++name]);
      }
    }
    return flags;
  }

  private findOneByOne(text: string): Uint8Array | undefined {
    let flags: Uint8Array | undefined;
    for (let i = 0; i < this.names.length; i++) {
      if (searchText(this.names[i]!.name).includes(text)) (flags ??= new Uint8Array(this.names.length))[i] = 1;
    }
    return flags;
  }

  /** Brings the blocks up to date: makes the missing ones, and the last one again if it has grown. */
  prepare(): void {
    const { names } = this;
    if (this.covered === names.length) return;
    for (let b = Math.floor(this.covered / BLOCK); b * BLOCK < names.length; b++) {
      const parts: string[] = [];
      const starts = new Uint32Array(Math.min(BLOCK, names.length - b * BLOCK) + 1);
      let at = 0;
      for (let i = 0; i + 1 < starts.length; i++) {
        const part = searchText(names[b * BLOCK + i]!.name);
        parts.push(part);
        at += part.length + 1;
        starts[i + 1] = at;
      }
      this.blocks[b] = { text: parts.join(SEPARATOR) + SEPARATOR, starts };
    }
    this.covered = names.length;
  }
}

/** The last name, from `from` on, that begins at or before `at`. */
function holder(starts: Uint32Array, from: number, at: number): number {
  let low = from;
  let high = starts.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! <= at) low = middle;
    else high = middle;
  }
  return low;
}
