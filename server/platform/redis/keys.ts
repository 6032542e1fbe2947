/**
 * Names of keys. Each key has one owner: the folder that declares it beside its scripts. All keys of a region carry its
 * hash tag, so that a region lives on one slot of a Redis Cluster and one script may touch all of them (invariant 4).
 */
const claimed = new Map<string, string>();

/**
 * Declares the keys that a folder owns in every region.
 * @param names by property: the name of a key after `{region}:`. One that ends with a colon is a prefix, and owns all that begins so.
 * @returns the keys of a region by property
 * @throws when another owner has declared a name, or a prefix of it
 */
export function declareRegionKeys<Property extends string>(
  owner: string,
  names: Record<Property, string>,
): (region: string) => Record<Property, string> {
  const entries = Object.entries<string>(names) as [Property, string][];
  for (const [, name] of entries) {
    for (const [other, otherOwner] of claimed) {
      const clash =
        name === other ||
        (other.endsWith(':') && name.startsWith(other)) ||
        (name.endsWith(':') && other.startsWith(name));
      if (clash) throw new Error(`key ${name} of ${owner} belongs to ${otherOwner} already, as ${other}`);
    }
    claimed.set(name, owner);
  }
  return (region) =>
    Object.fromEntries(entries.map(([property, name]) => [property, `{${region}}:${name}`])) as Record<
      Property,
      string
    >;
}
