/** Ids of entries in Redis streams: `<ms>-<sequence>`. */

/** The smallest stream id after `id`. */
export function nextId(id: string): string {
  const dash = id.indexOf('-');
  return `${id.slice(0, dash)}-${BigInt(id.slice(dash + 1)) + 1n}`;
}

/** Milliseconds of a stream id: when Redis took the entry. */
export function msOfId(id: string): number {
  return Number(id.slice(0, id.indexOf('-')));
}

/** Orders two stream ids. */
export function compareStreamIds(a: string, b: string): number {
  const [aMs, aSeq] = a.split('-').map(Number) as [number, number];
  const [bMs, bSeq] = b.split('-').map(Number) as [number, number];
  return aMs - bMs || aSeq - bSeq;
}
