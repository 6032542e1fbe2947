import type { RegionPack } from '../../contract/region.ts';
import type { Texts } from '../scenario.ts';

/** Somebody who works in the demonstration: made up, and never anybody who signs in. */
export interface DemoPerson {
  /** As events name them. */
  id: string;
  /** Plainly fictitious: no family is called 某. */
  name: string;
  role: 'officer' | 'handler' | 'leader';
  scope: string;
  /** Code of a handler's unit. */
  unit?: string;
}

/** Two officers, so that one audits what the other has done; a leader; a handler of each unit. The same for the same pack. */
export function staffOf({ code, units = [] }: RegionPack, { people }: Texts): DemoPerson[] {
  const posts: Pick<DemoPerson, 'role' | 'unit'>[] = [
    { role: 'officer' },
    { role: 'officer' },
    { role: 'leader' },
    ...units.map((unit) => ({ role: 'handler' as const, unit: unit.code })),
  ];
  const [first, second] = [[...people.first], [...people.second]];
  return posts.map((post, n) => {
    const round = Math.floor(n / first.length);
    return {
      id: `demo-${code}-${n + 1}`,
      name: `某${first[n % first.length]!}${second[(n * 3 + round) % second.length]!}`,
      scope: code,
      ...post,
    };
  });
}
