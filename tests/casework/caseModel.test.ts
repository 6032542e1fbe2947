import fc from 'fast-check';
import { afterAll, beforeAll, it } from 'vitest';
import { closing, COMMANDS, KILLS, type Model } from './commands.ts';
import { OTHER_TOWN, TOWN } from './people.ts';
import { World } from './world.ts';

/**
 * Casework as a whole against the law of docs/casework.md: random people, platforms, clocks and kills, with the running program and a
 * model side by side. `npm run test:cases` is the long form (`CASES_MINUTES`); `CASES_SEED` repeats a run.
 */

const MINUTES = Number(process.env.CASES_MINUTES ?? 0);
const SEED = process.env.CASES_SEED === undefined ? Date.now() % 0x7fffffff : Number(process.env.CASES_SEED);
const LONG = MINUTES > 0;

const world = new World();
beforeAll(() => world.start(), 120_000);
afterAll(() => world.stop());

let runs = 0;
async function setup(): Promise<{ model: Model; real: World }> {
  const run = `${++runs}号`;
  const alerts = [
    await world.raise('trusted', { tier: 'yellow', town: TOWN, enterprise: `某${run}甲公司` }),
    await world.raise('marked', { tier: 'red', town: OTHER_TOWN, enterprise: `某${run}乙公司` }),
    await world.raise('marked', { tier: 'yellow', town: TOWN, enterprise: `某${run}丙公司` }),
  ];
  return { model: { alerts, run }, real: world };
}

it(
  `what is done, shown and late is what the law says, whoever does what, when, and whatever is killed (CASES_SEED=${SEED})`,
  { timeout: (MINUTES + 6) * 60_000 },
  async () => {
    const steps = { minLength: 1, size: 'max' as const, maxCommands: LONG ? 40 : 16 };
    const life = fc.commands(COMMANDS, steps);
    const killed = fc.commands([...COMMANDS, ...KILLS, ...KILLS], steps);
    const check = (commands: fc.Arbitrary<Iterable<fc.AsyncCommand<Model, World>>>) =>
      fc.asyncProperty(commands, async (given) => {
        const state = await setup();
        await fc.asyncModelRun(() => Promise.resolve(state), given);
        await closing(state.model, world);
      });
    const runOf = (numRuns: number) => ({ seed: SEED, numRuns, endOnFailure: true });
    if (LONG) {
      const end = Date.now() + MINUTES * 60_000;
      for (let round = 0; Date.now() < end; round++)
        await fc.assert(check(killed), { ...runOf(1), seed: (SEED + round) % 0x7fffffff });
      console.log(`cases: ${runs} runs, ${world.alerts.size} alerts, seeds from ${SEED}`);
    } else {
      await fc.assert(check(life), runOf(2));
      await fc.assert(check(killed), runOf(1));
    }
    const random = fc.sample(fc.infiniteStream(fc.nat()), { seed: SEED, numRuns: 1 })[0]!;
    await world.accounts((items) =>
      items
        .map((item) => ({ item, place: random.next().value as number }))
        .sort((a, b) => a.place - b.place)
        .map(({ item }) => item),
    );
  },
);
