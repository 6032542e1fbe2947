import fc from 'fast-check';
import { CHANNELS, type Channel } from '../../../../contract/codes.ts';
import type { Frame } from '../../../../contract/frame.ts';
import type { RulePack } from '../../../../contract/rulePack.ts';
import { dayOf } from '../../../../common/regionTime.ts';
import { SourceBook } from '../../../../server/signals/engine/sourceBook.ts';
import { channelRecords, monitorOf } from '../../../../server/signals/subjects/monitor.ts';
import { SubjectBook } from '../../../../server/signals/subjects/subjectBook.ts';
import { dayOf as dayAgain, stamp } from './civilTime.ts';
import { PACK, TOWNS } from './pack.ts';

/** What is watched in a region beside its alerts, as a server process follows it, and all that it was told. */

export interface WatchedSubject {
  n: number;
  kind: 'enterprise' | 'project';
  /** None: nobody has registered it. */
  town: string | undefined;
  active: boolean;
  watch: boolean;
  unplaced: boolean;
  /** Answers as somebody else, or is gone. */
  shown: boolean;
}
export interface Receipt {
  channel: Channel;
  source: string;
  at: number;
}

/** How often each source should speak, in days; `tax` is in the rules without saying so. */
export const EXPECTED: RulePack['channels'] = {
  water: { cap: 30, everyDays: 1 },
  petition: { cap: 50, everyDays: 0.01 },
  tax: { cap: 20 },
};

export const subjectArb: fc.Arbitrary<WatchedSubject> = fc.record({
  n: fc.nat(9),
  kind: fc.constantFrom('enterprise', 'project'),
  town: fc.constantFrom(undefined, ...TOWNS),
  active: fc.boolean(),
  watch: fc.boolean(),
  unplaced: fc.boolean(),
  shown: fc.boolean(),
});
export const receiptArb: fc.Arbitrary<Omit<Receipt, 'at'>> = fc.record({
  // `grid` has spoken without being in the rules.
  channel: fc.constantFrom<Channel>('water', 'petition', 'tax', 'grid'),
  source: fc.constantFrom('urn:test:a', 'urn:test:b'),
});

export class WatchedWorld {
  readonly subjects = new Map<number, WatchedSubject>();
  readonly receipts: Receipt[] = [];
  private readonly book = new SubjectBook();
  private readonly sources = new SourceBook();

  put(subject: WatchedSubject, now: number): void {
    const { n, kind, town, active, watch, unplaced, shown } = subject;
    this.subjects.set(n, subject);
    const name = `某${n}号`;
    this.book.put({
      // What a number is of never changes.
      key: n % 2 ? `P:${n}` : `U:${n}`,
      n,
      shown,
      registration:
        town === undefined
          ? undefined
          : {
              time: now,
              source: 's',
              id: 'i',
              name,
              project: kind === 'project' ? { id: String(n), name } : undefined,
              town,
              industry: 'C',
              active,
            },
      found: {
        version: 't.1',
        score: watch ? 20 : 0,
        watch,
        workers: 0,
        amountFen: 0,
        months: 0,
        channels: [],
        indicators: [],
        changedAt: now,
        unplaced,
      },
    });
  }

  receive(receipt: Omit<Receipt, 'at'>, now: number): void {
    this.receipts.push({ ...receipt, at: now });
    this.sources.note(receipt.channel, receipt.source, now, now, dayOf(now));
    const meters = { ...this.book.meters, observed: this.receipts.length, version: 't.1' };
    this.book.apply({ rows: [], meters, sources: this.sources.takeTouched() });
  }

  monitor(scope: string, now: number): Frame['monitor'] {
    if (scope !== PACK.code) {
      const { enterprises, projects, watch } = this.book.watchedIn(scope);
      return { enterprises, projects, watch };
    }
    return monitorOf(this.book.watchedIn(), this.book.meters, channelRecords(this.book.sources, now), EXPECTED, now);
  }
}

const DAY_MS = 86_400_000;
/** Signals §5 once more, counted one by one out of all that was told. */
export function monitorAgain(
  { subjects, receipts }: Pick<WatchedWorld, 'subjects' | 'receipts'>,
  scope: string,
  now: number,
): Frame['monitor'] {
  const region = scope === PACK.code;
  const here = [...subjects.values()].filter(({ shown, town }) => shown && (region || town === scope));
  const many = (which: (one: WatchedSubject) => boolean) => here.filter(which).length;
  const registered = ({ town, active }: WatchedSubject) => town !== undefined && active;
  const figures = {
    enterprises: many((one) => registered(one) && one.n % 2 === 0),
    projects: many((one) => registered(one) && one.n % 2 === 1),
    watch: many(({ watch }) => watch),
  };
  if (!region) return figures;
  const today = (some: readonly Receipt[]) => some.filter(({ at }) => dayAgain(at) === dayAgain(now)).length;
  type Told = NonNullable<NonNullable<Frame['monitor']>['sources']>[Channel];
  const told = CHANNELS.flatMap((channel): [Channel, Told][] => {
    const own = receipts.filter((one) => one.channel === channel);
    const every = EXPECTED[channel]?.everyDays;
    if (own.length === 0) return EXPECTED[channel] ? [[channel, { state: 'never', today: 0 }]] : [];
    const lastAt = Math.max(...own.map(({ at }) => at));
    const days = (now - lastAt) / DAY_MS;
    const state = every === undefined || days <= every ? 'ok' : days <= 2 * every ? 'late' : 'silent';
    return [[channel, { state, lastAt: stamp(lastAt), today: today(own) }]];
  });
  return {
    ...figures,
    unplaced: many(({ unplaced }) => unplaced),
    observations: { today: today(receipts), total: receipts.length },
    sources: Object.fromEntries(told),
  };
}
