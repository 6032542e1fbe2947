export class UnknownWord extends Error {}

/** Strings that occur again and again (sources, towns, codes, versions) as small numbers, for all that a region keeps. */
export class Words {
  private readonly list: string[] = [];
  private readonly numbers = new Map<string, number>();
  private stored = 0;

  /** @param words as they were stored, in order */
  constructor(words: readonly string[] = []) {
    for (const word of words) this.number(word);
    this.stored = this.list.length;
  }

  number(word: string): number {
    let number = this.numbers.get(word);
    if (number === undefined) {
      number = this.list.push(word) - 1;
      this.numbers.set(word, number);
    }
    return number;
  }

  /** -1 for a word that has none. */
  find(word: string): number {
    return this.numbers.get(word) ?? -1;
  }

  get size(): number {
    return this.list.length;
  }

  /** @throws UnknownWord when the number was never given, or its word has been stored since the words were read */
  word(number: number): string {
    const word = this.list[number];
    if (word === undefined)
      throw new UnknownWord(`there is no word ${number} among the ${this.list.length} of the region`);
    return word;
  }

  /** Those that are not stored yet; from now on they count as stored. */
  takeNew(): string[] {
    const fresh = this.list.slice(this.stored);
    this.stored = this.list.length;
    return fresh;
  }
}
