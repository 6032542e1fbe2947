import { describe, it } from 'vitest';
import { killAgainAndAgain } from '../support/engines.ts';
import { LONG } from './support/form.ts';

/** The full form of what `integration/engine` shows in short. */
describe.runIf(LONG)('the engine of signals', () => {
  it('raises each alert once in 200,000 observations while it is killed 50 times', { timeout: 3_600_000 }, async () => {
    await killAgainAndAgain({ kills: 50, employers: 60_000, observations: 200_000 });
  });
});
