/** So many near ones are named. */
const NEAREST = 3;
const LONGEST = 60;

/** Pairs of neighbouring characters of codes, by the collection that they came with: made once. */
const pairsOfCodes = new WeakMap<ReadonlyMap<string, unknown>, Map<string, ReadonlySet<string>>>();

/**
 * The known codes that are most like a text, best first: by the pairs of neighbouring characters that both have (Dice), which
 * costs little even when every event of a file has a wrong code.
 */
export function nearestCodes(text: string, known: ReadonlyMap<string, unknown>): string[] {
  let codes = pairsOfCodes.get(known);
  if (!codes) pairsOfCodes.set(known, (codes = new Map([...known.keys()].map((code) => [code, pairsOf(code)]))));
  const wanted = pairsOf(text.slice(0, LONGEST).toLowerCase());
  return [...codes]
    .map(([code, pairs]) => {
      let shared = 0;
      for (const pair of wanted) if (pairs.has(pair)) shared++;
      return { code, likeness: shared / (wanted.size + pairs.size) };
    })
    .sort((a, b) => b.likeness - a.likeness || (a.code < b.code ? -1 : 1))
    .slice(0, NEAREST)
    .map(({ code }) => code);
}

function pairsOf(text: string): ReadonlySet<string> {
  const framed = ` ${text} `;
  return new Set(Array.from({ length: framed.length - 1 }, (_, i) => framed.slice(i, i + 2)));
}
