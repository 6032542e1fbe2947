/** A time that runs, `12:05`, or `1:02:05` from an hour on; dashes while nobody knows. Pure. */
export function clockText(ms: number | undefined): string {
  if (ms === undefined) return '--:--';
  const seconds = Math.floor(ms / 1_000);
  const two = (n: number) => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}
