/** Whether a path that no route is at is one of the pages, which choose themselves what they show. */
export function isPagePath(method: string, path: string): boolean {
  return (
    (method === 'GET' || method === 'HEAD') && !/^\/(api|docs|socket\.io|assets|legacy)\b|\.[a-z0-9]+$/i.test(path)
  );
}
