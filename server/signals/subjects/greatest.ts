/** The first `limit`, in order. @param before positive when its first argument comes before its second */
export function greatest(
  numbers: readonly number[],
  limit: number,
  before: (a: number, b: number) => number,
): number[] {
  const order = (a: number, b: number) => -before(a, b);
  if (numbers.length <= 4 * limit) return [...numbers].sort(order).slice(0, limit);
  let best: number[] = [];
  for (const n of numbers) {
    if (best.length >= limit && order(n, best[limit - 1]!) > 0) continue;
    best.push(n);
    if (best.length >= 4 * limit) best = best.sort(order).slice(0, limit);
    else if (best.length === limit) best.sort(order);
  }
  return best.sort(order).slice(0, limit);
}
