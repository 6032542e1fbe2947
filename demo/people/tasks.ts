import type { Outcome, Verdict } from '../../contract/codes.ts';
import type { EventData } from '../../contract/events.ts';
import type { Step } from '../lifePlan.ts';
import { wordsOf } from '../lifeWords.ts';
import { hashText, Random } from '../random.ts';
import type { World } from '../world.ts';
import type { Task } from './deed.ts';

/** What people do about an alert in the course of its life: its steps, and what they say and decide in between. */

/** Something in between: after which step, and when between it and the next, as a share of that time. */
export interface Extra {
  after: number;
  share: number;
  task: Task;
}

const EXTRAS = hashText('extras');
/** How often a case is noted about, extended, urged, put under supervision; slow ones oftener. */
const CHANCE = { noted: 0.3, extended: 0.05, urged: 0.06, supervised: 0.012 };
const CHANCE_SLOW = { noted: 0.6, extended: 0.4, urged: 0.7, supervised: 0.4 };

/** The steps of a life as tasks, in their order. */
export function tasksOf(world: World, steps: readonly Step[], key: number): Task[] {
  const counts = new Map<string, number>();
  const texts = wordsOf(world.texts).returned;
  return steps.map((step, k) => {
    const nth = (counts.get(step.type) ?? 0) + 1;
    counts.set(step.type, nth);
    if (step.type === 'wage.alert.handled') return { step, nth, outcome: outcomeOf(steps, k) };
    if (step.type === 'wage.alert.audited' && step.data.verdict === 'returned') {
      const note = texts[new Random(world.seed, EXTRAS, key, k).int(0, texts.length - 1)]!;
      return { step: { ...step, data: { ...step.data, note } }, nth };
    }
    return { step, nth };
  });
}

/** What is said and decided between a life's steps. The same seed and key give the same. */
export function extrasOf(world: World, steps: readonly Step[], key: number, slow: boolean): Extra[] {
  const random = new Random(world.seed, EXTRAS, key);
  const chance = slow ? CHANCE_SLOW : CHANCE;
  const words = wordsOf(world.texts);
  const accepted = steps.findIndex(({ type }) => type === 'wage.alert.accepted');
  const { alertId, region } = steps[0]!.data;
  const { tier } = steps[0]!;
  const extras: Extra[] = [];
  const add = <T extends Step['type']>(type: T, share: number, data: Omit<EventData[T], 'alertId' | 'region'>) => {
    // Type and data belong together, which the compiler cannot follow through the union.
    const step = { type, wait: 'handle', tier, data: { alertId, region, ...data } } as unknown as Step;
    extras.push({ after: accepted, share, task: { step, nth: 1 } });
  };
  if (random.chance(chance.noted)) add('wage.case.noted', random.between(0.1, 0.3), { text: random.pick(words.noted) });
  if (random.chance(chance.urged))
    add('wage.case.urged', random.between(0.35, 0.5), { text: random.pick(words.urged) });
  if (random.chance(chance.extended))
    add('wage.case.extended', random.between(0.5, 0.6), { dueAt: '', reason: random.pick(words.extended) });
  if (random.chance(chance.supervised)) {
    add('wage.case.supervised', random.between(0.6, 0.7), { level: 'notice', text: random.pick(words.supervised) });
    add('wage.case.answered', random.between(0.8, 0.95), { text: random.pick(words.answered) });
  }
  return extras;
}

/** What a handling comes to, by what its audit and the wages paid say afterwards. */
function outcomeOf(steps: readonly Step[], k: number): Outcome {
  const audit = steps.slice(k).find((step) => step.type === 'wage.alert.audited');
  const verdict = audit?.data.verdict;
  if (verdict === 'returned') return 'other';
  if ((verdict satisfies Verdict | undefined) === 'false-alarm') return 'no-arrears';
  if (steps.some(({ type }) => type === 'wage.wages.recovered')) return 'paid-in-full';
  const said = (steps[k]!.data as EventData['wage.alert.handled']).outcome;
  return said.includes('立案') ? 'case-filed' : 'plan-agreed';
}
