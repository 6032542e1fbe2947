/** What a display makes of the paths it is told to show. Pure. */

const order = (path: string): string => {
  const url = new URL(path, 'http://display');
  url.searchParams.sort();
  return `${url.pathname}?${url.searchParams.toString()}`;
};

/**
 * Whether a page that was loaded from `loaded` shows what is asked for; the order of settings does not matter. The
 * address it was loaded from counts, not the one it has now: a screen writes its state into that.
 */
export function isAt(loaded: string, asked: string): boolean {
  return order(loaded) === order(asked);
}

/** A path of this site, and nothing that leads elsewhere. */
export function ownPath(path: string): boolean {
  return /^\/(?![/\\])[^\\]*$/.test(path);
}

/** A message for the report: one line, without what an address may carry, 500 characters at most. */
export function errorText(message: string): string {
  return message
    .replace(/\s+/g, ' ')
    .replace(/(https?:\/\/[^\s?#]+)[?#]\S*/g, '$1')
    .trim()
    .slice(0, 500);
}

/** Pictures a second from the times of pictures, ms; undefined for too few. */
export function rateOf(times: readonly number[]): number | undefined {
  const span = times.length < 2 ? 0 : times.at(-1)! - times[0]!;
  return span > 0 ? Math.round(((times.length - 1) * 10_000) / span) / 10 : undefined;
}
