/**
 * Whether a cache has an answer already: `If-None-Match` names its tag, among others and however weak (RFC 9110 §13.1.2). A proxy
 * that compresses makes strong tags weak.
 * @param etag strong, quotes included
 */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === '*' || [...ifNoneMatch.matchAll(/"[^"]*"/g)].some(([tag]) => tag === etag);
}
