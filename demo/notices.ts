import type { WageEvent } from '../contract/events.ts';
import { observed } from './facts.ts';
import { hashText, Random } from './random.ts';
import { signalScenario } from './signalScenario.ts';
import { MONTH_MS, MONTHS, type Strained } from './strain.ts';
import { PAID, type Watched } from './year.ts';

/** The observations of the feed that raise nothing: sources speak of those under strain, and banks of wages paid. */

export interface Notice {
  /** When in the schedule: ms of activity since the anchor, ascending. */
  at: number;
  /** @param time when it happens, epoch ms */
  events(time: number): WageEvent<'wage.signal.observed'>[];
}

const NOTICE = hashText('notice');
/** Share of what banks say of wage accounts. */
const BANKS = 0.2;

/**
 * The schedule after the point `after`, without end; notice k is a function of the seed, k and its time alone.
 * @param since when the year of past observations ended, epoch ms
 */
export function* noticeSchedule(watched: Watched, since: number, after = -1): Generator<Notice, never, undefined> {
  const { plan, register, distress } = watched;
  const { seed, scale, pack } = plan.world;
  const every = (signalScenario().everySeconds * 1000) / scale;
  const random = new Random();

  const events = (k: number, time: number) => {
    random.reseed(seed, NOTICE, k, 1);
    const site = random.chance(BANKS) ? random.pick(register.sites) : undefined;
    if (site)
      return [
        observed(
          pack.code,
          { uscc: site.contractor.uscc!, projectId: site.project.id, bank: site.bank },
          PAID,
          `B${k}`,
          time,
        ),
      ];
    const subject: Strained | undefined = distress.subjects.length ? random.pick(distress.subjects) : undefined;
    if (!subject) return [];
    const month = MONTHS + Math.max(0, Math.floor((time - since) / MONTH_MS));
    const facts = distress.facts(subject, month);
    if (!facts.length) return [];
    return [observed(pack.code, subject, random.pick(facts), `B${k}`, time)];
  };

  for (let k = Math.max(0, Math.floor(after / every) - 1); ; k++) {
    const at = (k + new Random(seed, NOTICE, k).between(0.05, 0.95)) * every;
    if (at > after) yield { at, events: (time) => events(k, time) };
  }
}
