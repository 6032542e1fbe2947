import { setImmediate as turn } from 'node:timers/promises';
import { contains } from '../../../common/divisions.ts';
import type { Span } from '../../../common/report/spans.ts';
import { createUnitFinder } from '../../../common/units.ts';
import type { Region } from '../../region/region.ts';
import type { DoneDeed, SupervisedThen, UnitWork, WorkPort } from '../../views/reports/workPort.ts';
import { hasCasework } from '../clock/hasCasework.ts';
import type { Histories } from './histories.ts';
import { historyOf, type CaseHistory, type Deed, type LetterFacts, type PastLetter } from './history.ts';
import { letterState } from './letterRoutes.ts';
import { figuresOf } from './performance.ts';

/** For so long histories are looked through before other work gets its turn, ms. */
const TURN_MS = 8;

/** What reports are told of casework: how a unit has done, and what was supervised. */
export function createReportWork(histories: (region: Region) => Histories, now: () => number): WorkPort {
  /** The histories of a scope as they stand at one moment, and that moment. */
  async function momentOf(region: Region, scope: string): Promise<{ at: number; all: CaseHistory[] }> {
    const all = [...(await histories(region).all()).values()];
    return { at: now(), all: all.filter(({ town }) => contains(scope, town)) };
  }
  async function forEach(all: readonly CaseHistory[], see: (history: CaseHistory) => void): Promise<void> {
    let began = performance.now();
    for (const history of all) {
      see(history);
      if (performance.now() - began < TURN_MS) continue;
      await turn();
      began = performance.now();
    }
  }

  return {
    worksOn: ({ pack }) => hasCasework(pack),

    async unitWork(region, { scope, unit, spans }) {
      const { at, all } = await momentOf(region, scope);
      const found = spans.map((): (Deed & Pick<DoneDeed, 'alertId' | 'town'>)[] => []);
      const held: UnitWork['held'] = [];
      await forEach(all, ({ alertId, town, deeds, with: stay }) => {
        if (stay?.unit === unit) held.push({ alertId, dueAt: stay.dueAt });
        for (const deed of deeds) {
          if (deed.unit !== unit) continue;
          spans.forEach((span, i) => {
            if (isIn(span, deed.at)) found[i]!.push({ ...deed, alertId, town });
          });
        }
      });
      return { at, spans: found.map((deeds) => ({ deeds, figures: figuresOf(deeds) })), held };
    },

    async supervised(region, { scope, spans }) {
      const { at, all } = await momentOf(region, scope);
      const issued = spans.map(() => 0);
      const found: { history: CaseHistory; letters: PastLetter[] }[] = [];
      await forEach(all, (history) => {
        const letters = history.letters.filter(({ kind }) => kind === 'supervised');
        for (const letter of letters)
          spans.forEach((span, i) => {
            if (isIn(span, letter.at)) issued[i] = issued[i]! + 1;
          });
        const first = letters.filter((letter) => isIn(spans[0]!, letter.at));
        if (first.length > 0) found.push({ history, letters: first });
      });
      const letters: SupervisedThen[] = [];
      for (const { history, letters: some } of found) {
        const facts = await factsOf(region, history.alertId);
        for (const letter of some) {
          const then = facts.get(keyOf(letter));
          if (then) letters.push(toldOf(region, history, letter, then, at));
        }
      }
      return { at, issued, letters };
    },
  };
}

const isIn = ({ from, to }: Span, at: number): boolean => at >= from && at < to;
const keyOf = ({ source, event }: PastLetter): string => `${source} ${event}`;

/** The facts of an alert as they stood when each of its letters was issued. */
async function factsOf(region: Region, alertId: string): Promise<Map<string, LetterFacts>> {
  const facts = new Map<string, LetterFacts>();
  const events = await region.events(alertId);
  const rules = { fold: region.rules(), unitOf: createUnitFinder(region.pack) };
  if (events) historyOf(alertId, events, rules, (letter, then) => facts.set(keyOf(letter), then));
  return facts;
}

function toldOf(
  { pack }: Region,
  { alertId, town }: CaseHistory,
  { level, number, unit, at, answerBy, answer, ended }: PastLetter,
  then: LetterFacts,
  now: number,
): SupervisedThen {
  const code = createUnitFinder(pack)(unit) ?? unit;
  return {
    alertId,
    town,
    level: level ?? 'notice',
    ...(number === undefined ? {} : { number }),
    ...(code === undefined ? {} : { unit: code }),
    at,
    ...(answerBy === undefined ? {} : { answerBy }),
    state: letterState({ ...(answer ? { answer } : {}), ended, answerBy }, now),
    ...(answer ? { answeredAt: answer.at } : {}),
    then,
  };
}
