/**
 * Which alert ids hold which pair of neighbouring characters: a bit for each alert and pair, so that a search looks only
 * at those ids that hold all pairs of its text, and at none where the text is a pair.
 *
 * Characters fall into classes: digits, the letters of hexadecimal numbers and the hyphen are one each (ids are mostly
 * made of these), all others are one together. That makes 342 bits, 43 bytes, an alert. Bits lie block by block, so
 * that taking in an id touches memory that is at hand.
 */
const OTHER = 17;
const CLASSES = 18;
const PAIRS = CLASSES * CLASSES;
const BUCKETS = PAIRS + CLASSES;
const BLOCK_WORDS = 128;
const BLOCK_SLOTS = BLOCK_WORDS * 32;

const CLASS_OF = new Uint8Array(128).fill(OTHER);
[...'0123456789abcdef-'].forEach((character, i) => {
  CLASS_OF[character.charCodeAt(0)] = i;
});
const classOf = (code: number) => (code < 128 ? CLASS_OF[code]! : OTHER);

export class IdGrams {
  /** Slots taken in so far, from 0 on. */
  size = 0;
  private readonly blocks: Int32Array[] = [];

  /** Takes in the id of slot `size`, in lower case. */
  add(id: string): void {
    const at = this.size % BLOCK_SLOTS;
    if (at === 0) this.blocks.push(new Int32Array(BUCKETS * BLOCK_WORDS));
    const block = this.blocks[this.blocks.length - 1]!;
    const word = at >>> 5;
    const bit = 1 << (at & 31);
    let before = -1;
    for (let i = 0; i < id.length; i++) {
      const here = classOf(id.charCodeAt(i));
      block[(PAIRS + here) * BLOCK_WORDS + word]! |= bit;
      if (before >= 0) block[(before * CLASSES + here) * BLOCK_WORDS + word]! |= bit;
      before = here;
    }
    this.size++;
  }

  /** Full words of 32 slots that are taken in. */
  get words(): number {
    return this.size >>> 5;
  }

  /** What to look for; `exact`: an id that holds it holds the text. `text` in lower case, not empty. */
  static needleOf(text: string): Needle {
    const classes = Array.from({ length: text.length }, (_, i) => classOf(text.charCodeAt(i)));
    const buckets =
      classes.length === 1 ? [PAIRS + classes[0]!] : classes.slice(1).map((here, i) => classes[i]! * CLASSES + here);
    return {
      offsets: Int32Array.from(new Set(buckets), (bucket) => bucket * BLOCK_WORDS),
      exact: classes.length <= 2 && !classes.includes(OTHER),
    };
  }

  /** The slots of word `index` (below `words`) whose ids hold all of a needle. */
  candidates(index: number, { offsets }: Needle): number {
    const block = this.blocks[index >>> 7]!;
    const at = index & 127;
    let word = -1;
    for (let i = 0; i < offsets.length && word !== 0; i++) word &= block[offsets[i]! + at]!;
    return word;
  }
}

export interface Needle {
  readonly offsets: Int32Array;
  readonly exact: boolean;
}
