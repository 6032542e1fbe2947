import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STAGES } from '../../../contract/codes.ts';
import type { AlertRow } from '../../../server/alerts/row.ts';
import { toRow } from '../../../server/alerts/row.ts';
import { Gauges } from '../../../server/aggregations/gauges.ts';
import { stateArb } from './support/arbitrary.ts';
import { TOWNS } from './support/pack.ts';

const NOW = Date.parse('2026-11-21T10:24:07.123Z');
const rowArb = fc
  .nat(30)
  .chain((i) => stateArb(`a${i}`, NOW))
  .map(toRow);

describe('gauges', () => {
  it('follow rows and the clock, whatever is amended and in whichever order terms end', () => {
    const commandArb = fc.oneof(rowArb, fc.integer({ min: -60_000, max: 20 * 86_400_000 }));
    fc.assert(
      fc.property(fc.array(commandArb, { maxLength: 120, size: 'max' }), (commands) => {
        const gauges = new Gauges();
        const rows = new Map<string, AlertRow>();
        let now = NOW;
        gauges.advance(now);
        for (const command of commands) {
          if (typeof command === 'number') {
            // A clock that is set back is not followed.
            gauges.advance(now + command);
            now = Math.max(now, now + command);
          } else {
            gauges.update(rows.get(command.alertId), command);
            rows.set(command.alertId, command);
          }
        }
        for (const town of [undefined, ...TOWNS]) {
          const here = [...rows.values()].filter((row) => !town || row.town === town);
          const { open, byStage, overdue } = gauges.scope(town);
          expect(overdue).toBe(
            here.filter((r) => ['raised', 'dispatched', 'accepted'].includes(r.stage) && now > r.dueAt).length,
          );
          for (const stage of STAGES) expect(byStage[stage]).toBe(here.filter((r) => r.stage === stage).length);
          const opened = here.filter((r) => r.stage !== 'closed');
          expect(open.total).toBe(opened.length);
          for (const code of ['red', 'blue'])
            expect(open.tier(code)).toBe(opened.filter((r) => r.tier === code).length);
          for (const code of ['E', 'T'])
            expect(open.industry(code)).toBe(opened.filter((r) => r.industry === code).length);
          for (const code of ['water', 'tax'])
            expect(open.channel(code)).toBe(opened.filter((r) => r.channel === code).length);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('count an alert as overdue from the first millisecond past its term', () => {
    const gauges = new Gauges();
    const [state] = fc.sample(stateArb('a', NOW), { numRuns: 1, seed: 5 });
    gauges.update(undefined, { ...toRow(state!), stage: 'accepted', dueAt: NOW });
    gauges.advance(NOW);
    expect(gauges.scope().overdue).toBe(0);
    gauges.advance(NOW + 1);
    expect(gauges.scope().overdue).toBe(1);
  });
});
