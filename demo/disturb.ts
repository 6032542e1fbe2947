import type { WageEvent } from '../contract/events.ts';
import { hashText, Random } from './random.ts';

/**
 * The same events as a bad network would deliver them: some twice, some late. For tests; the demonstration
 * itself is in order. The set of distinct events stays the same.
 * @param duplicates share of events that come again, up to `reach` events later
 * @param late share of events that come up to `reach` events too late
 */
export function* disturb(
  events: Iterable<WageEvent>,
  {
    seed,
    duplicates = 0,
    late = 0,
    reach = 1000,
  }: { seed: number; duplicates?: number; late?: number; reach?: number },
): Generator<WageEvent, void, undefined> {
  const random = new Random(seed, hashText('disturb'));
  const held: { event: WageEvent; at: number }[] = [];
  let i = 0;
  for (const event of events) {
    i++;
    if (random.chance(late)) held.push({ event, at: i + random.int(1, reach) });
    else yield event;
    if (random.chance(duplicates)) held.push({ event, at: i + random.int(1, reach) });
    for (let k = held.length - 1; k >= 0; k--) {
      if (held[k]!.at <= i) yield held.splice(k, 1)[0]!.event;
    }
  }
  for (const { event } of held) yield event;
}
