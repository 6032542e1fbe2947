import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyMergePatch } from '../../../common/mergePatch.ts';
import type { RegionRow } from '../../../server/alerts/row.ts';
import { toRow } from '../../../server/alerts/row.ts';
import { Briefs } from '../../../server/aggregations/briefs.ts';
import { briefsOf } from '../../../server/aggregations/figures.ts';
import { stateArb } from './support/arbitrary.ts';
import { PACK } from './support/pack.ts';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const HOUR = 3_600_000;
/** Ids as platforms give them, and such as objects treat in a way of their own. */
const IDS = ['BN000000001', '2026-0001', '7', '10', '4294967295', '预警"一"', 'a\\b', '__proto__', 'toString'];
const textArb = fc.constantFrom(undefined, 'tri-colour', '某街道综合信息指挥室', '"引号"\n');
const rowArb: fc.Arbitrary<RegionRow> = fc
  .record({
    state: fc.constantFrom(...IDS).chain((id) => stateArb(id, NOW)),
    platform: textArb,
    unit: textArb,
    project: fc.constantFrom(undefined, { id: 'P1', name: '某安置房"一期"' }, { id: 'P2', name: '某工地' }),
    name: fc.constantFrom(undefined, '某建筑"公司"', 'Ltd.'),
  })
  .map(({ state, platform, unit, project, name }) => {
    const row: RegionRow = { ...toRow(state), region: PACK.code };
    if (platform !== undefined) row.platform = platform as NonNullable<RegionRow['platform']>;
    if (unit !== undefined) row.unit = unit;
    if (project) row.project = project;
    if (name !== undefined) row.enterprise = { ...row.enterprise, name };
    return row;
  });
/** Several moments; a row may stay the same object from one to the next, or come in another form. */
const momentsArb = fc.uniqueArray(rowArb, { maxLength: 12 }).chain((rows) =>
  fc.array(fc.record({ after: fc.integer({ min: 0, max: 200 * HOUR }), rows: fc.subarray(rows) }), {
    minLength: 2,
    maxLength: 5,
  }),
);

describe('briefs of one moment after another', () => {
  it('change by what their patches say, and the text of a patch is its JSON, byte by byte', () => {
    fc.assert(
      fc.property(momentsArb, (moments) => {
        const briefs = new Briefs(PACK);
        let at = NOW - 100 * HOUR;
        let shown = {};
        for (const { after, rows } of moments) {
          at += after;
          const unique = [...new Map(rows.map((row) => [row.alertId, row])).values()];
          const changes = briefs.moveTo(unique, at);
          if (changes) {
            const patch = changes.patch();
            expect(Buffer.from(changes.text(), 'latin1').toString()).toBe(JSON.stringify(patch));
            shown = applyMergePatch(shown, JSON.parse(JSON.stringify(patch)) as never);
          }
          const wanted = JSON.parse(JSON.stringify(briefsOf(PACK, unique, at))) as object;
          expect(shown).toEqual(wanted);
          expect(JSON.parse(JSON.stringify(briefs.record()))).toEqual(wanted);
        }
      }),
      { numRuns: 500 },
    );
  });
});
