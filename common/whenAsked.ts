/** What `make` makes: made when it is first asked for, so that a start does not wait for what it may never need. */
export function whenAsked<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
