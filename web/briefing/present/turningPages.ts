/**
 * Which page a display shows by itself. It goes by the server's clock alone: displays with the same settings turn together, and after
 * a reload go on where the others are. Pure.
 * @param now epoch ms by the server's clock; undefined while it is unknown
 * @param pages how many there are
 */
export function pageAt(now: number | undefined, seconds: number, pages: number): number {
  if (now === undefined || pages === 0) return 0;
  return Math.floor(now / (seconds * 1_000)) % pages;
}
