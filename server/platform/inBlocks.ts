/** So many at once: a page costs a few round trips, and no request reads everything that there is in one go. */
const BLOCK = 50;

/**
 * Each item with what comes of it, in their order; of a block of them at the same time, and of the next one only when somebody asks on.
 * Whoever has enough stops asking.
 */
export async function* inBlocks<Item, Made>(
  items: readonly Item[],
  make: (item: Item) => Promise<Made>,
  block = BLOCK,
): AsyncGenerator<[item: Item, made: Made], void> {
  for (let from = 0; from < items.length; from += block) {
    const some = items.slice(from, from + block);
    const made = await Promise.all(some.map(make));
    for (const [i, one] of made.entries()) yield [some[i]!, one];
  }
}
