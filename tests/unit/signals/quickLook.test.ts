import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Stage, Tier } from '../../../contract/codes.ts';
import { fromThousandths } from '../../../common/decimal.ts';
import { HOUR_MS } from '../../../common/regionTime.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import { assess } from '../../../server/signals/assess/assess.ts';
import { NO_UNTIL, retain } from '../../../server/signals/assess/observation.ts';
import { QuickAssessment } from '../../../server/signals/assess/quickAssess.ts';
import { ByteReader, ByteWriter } from '../../../server/signals/engine/bytes.ts';
import type { EngineEvent } from '../../../server/signals/engine/engineEvents.ts';
import { FactColumns, MOST_FACTS } from '../../../server/signals/engine/factColumns.ts';
import type { KeptObservation } from '../../../server/signals/engine/subject.ts';
import { writeObservation } from '../../../server/signals/engine/subjectCodec.ts';
import { Words } from '../../../server/signals/engine/words.ts';
import { EngineBox } from './engineBox.ts';
import { alert, fed, newFeed, noon, NOW, observed, registered } from './engineEvents.ts';
import { compileAll } from './oracleRun.ts';
import { twoVersions } from './oracleWorlds.ts';
import { compiled, DAY, EVENT, STATE } from './support.ts';

/** The short way of looking at subjects says what the long one says, which is the law: to the byte, whatever comes, in whatever pieces. */

const observation = (codes: number): fc.Arbitrary<KeptObservation> =>
  fc.record({
    indicator: fc.nat(codes - 1),
    ref: fc.constantFrom('', 'a', '7', '007', '户号'),
    time: fc
      .tuple(fc.oneof(fc.integer({ min: 0, max: 420 }), fc.constantFrom(0, 1, 44, 45, 60, 400, 401)), fc.nat(3))
      .map(([age, part]) => noon(DAY - age) + part),
    source: fc.constantFrom('urn:test:a', 'urn:test:b', 'urn:test:B'),
    id: fc.constantFrom('1', '2', '10', '9', '010', 'x', '甲', '🈂'),
    value: fc.constantFrom(0, 1, 500, 1_000, 15_000, 60_000, 1_000_000_000_000),
    amountFen: fc.constantFrom(0, 1, 12_345, 1_000_000_000_000),
    workers: fc.constantFrom(0, 1, 30, 100_000),
    until: fc.constantFrom(NO_UNTIL, DAY - 1, DAY, DAY + 1),
    more: fc.constantFrom(undefined, { town: '330110001' }),
  });

describe('an assessment of columns', () => {
  it('keeps and finds what the law keeps and finds', () => {
    fc.assert(
      fc.property(
        twoVersions.map((versions) => compileAll(versions)),
        fc.array(observation(5), { maxLength: MOST_FACTS }),
        fc.option(fc.nat(100), { nil: undefined }),
        fc.constantFrom(-Infinity, noon(DAY - 30), noon(DAY - 1)),
        (packs, all, headcount, settledAt) => {
          const [first] = packs;
          const observations = all.filter(({ indicator }) => first!.byNumber[indicator] !== undefined);
          const words = new Words();
          const writer = new ByteWriter();
          for (const one of observations) writeObservation(writer, one, words);
          const bytes = writer.take();
          const reader = new ByteReader(bytes);
          const facts = new FactColumns(reader, words);
          for (const one of observations) {
            const before = facts.count;
            facts.read(bytes);
            expect(facts.lastIsRepeat).toBe(
              observations.slice(0, before).some(({ id, source }) => id === one.id && source === one.source),
            );
          }
          const kindOf = (number: number) => first!.byNumber[number]!.kind;
          facts.retain(DAY, (number) => kindOf(number) === 'state');
          const kept = retain(observations, DAY, kindOf);
          expect([...facts.order.subarray(0, facts.kept)].map((i) => observations[i])).toEqual(kept);
          const quick = new QuickAssessment();
          // The second time places are not empty any more.
          for (const pack of [...packs, ...packs]) {
            quick.of(facts, headcount, settledAt, pack, DAY);
            const law = assess(kept, { headcount }, settledAt, pack, DAY);
            const { channels } = pack;
            expect({
              score: fromThousandths(quick.score),
              ...(quick.rule ? { tier: quick.rule.tier, rule: quick.rule.id } : {}),
              watch: quick.watch,
              channels: quick.speaking,
              channelPoints: quick.channel
                .slice(0, quick.speaking)
                .map((at, i) => ({ channel: channels[at]!.code, points: fromThousandths(quick.channelPoints[i]!) })),
              indicators: quick.indicator
                .slice(0, quick.indicators)
                .map(({ code }, i) => ({ code, points: fromThousandths(quick.points[i]!) })),
              workers: quick.workers,
              amountFen: quick.amountFen,
              months: fromThousandths(quick.months),
              ...(quick.indicators ? { changesOn: quick.changesOn } : {}),
            }).toEqual({ ...law, indicators: law.indicators.map(({ code, points }) => ({ code, points })) });
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});

const tier = (id: string, of: Tier, score: number) => ({
  id,
  tier: of,
  name: { 'zh-CN': id, en: id },
  when: ['score', '>=', score] as const,
});
const indicators = {
  'water.overdue': STATE,
  'petition.received': EVENT,
  'penalty.given': { ...EVENT, windowDays: 5, months: true },
};
const PACK = compiled({ indicators, tiers: [tier('R1', 'red', 50), tier('Y1', 'yellow', 30)] });
/** The same codes, other findings. */
const EAGER = compiled({ version: 'test.2', indicators, tiers: [tier('O1', 'orange', 15)], watch: 5 });
const KEYS = ['U:91330110MA0000001X', 'U:91330110MA0000002X', 'N:某甲', 'N:某乙', 'P:p1', 'P:"工地"\n2'] as const;
const key = fc.constantFrom<SubjectKey>(...KEYS);

const event: fc.Arbitrary<EngineEvent> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record({
        key,
        code: fc.constantFrom('water.overdue', 'petition.received', 'penalty.given'),
        age: fc.integer({ min: 0, max: 410 }),
        ref: fc.constantFrom('', 'a'),
        id: fc.integer({ min: 0, max: 40 }),
        value: fc.constantFrom(0, 1000, 20_000, 70_000),
        workers: fc.integer({ min: 0, max: 9 }),
        more: fc.constantFrom(
          undefined,
          { name: '某甲', town: '330110002', industry: 'H' as const },
          { name: '某乙' },
          { projectName: '某工地' },
        ),
      })
      // One id may be repeated about somebody else, or with something else in it: the first one counts.
      .map(({ key: of, code, age, id, ...rest }) => observed(PACK, of, code, age, { ...rest, id: String(id) })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({
        key,
        name: fc.constantFrom('某甲', '某乙'),
        active: fc.boolean(),
        hours: fc.nat(5),
        headcount: fc.nat(9),
      })
      .map(({ key: of, name, active, hours, headcount }) =>
        registered(of, name, { time: NOW - hours * HOUR_MS, active, headcount }),
      ),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({
        key,
        id: fc.constantFrom('A1', 'A2', 'SG-2026-7'),
        tier: fc.constantFrom<Tier>('red', 'orange', 'yellow'),
        stage: fc.constantFrom<Stage>('raised', 'closed'),
        age: fc.integer({ min: 0, max: 40 }),
        wrong: fc.boolean(),
      })
      .map(({ key: of, id, tier: given, stage, age, wrong }): EngineEvent => {
        const at = noon(DAY - age);
        const closed = stage === 'closed' ? { closedAt: at, ...(wrong ? { falseAt: at } : {}) } : {};
        const { key: heard, mark } = alert(of, id, given, stage, closed);
        // Its place in the feed is given when it is sent.
        return { kind: 'fed', id: '', previous: '', alerts: [{ key: heard, mark }] };
      }),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ version: fc.constantFrom(PACK.version, EAGER.version), settle: fc.boolean() })
      .map(({ version, settle }): EngineEvent => ({ kind: 'activated', version, at: NOW - 50 * 24 * HOUR_MS, settle })),
  },
);

describe('the engine, in the short way', () => {
  it('decides, keeps and tells what it does in the long way', () => {
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 1, maxLength: 60 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 1_000 })),
        fc.boolean(),
        (events, stream, decides) => {
          const random = stream[Symbol.iterator]();
          const next = (below: number) => (random.next().value as number) % below;
          newFeed();
          const boxes = [true, false].map((quick) => new EngineBox([PACK, EAGER], { decides, quick }));
          const [quick, long] = boxes as [EngineBox, EngineBox];
          const steps: ((box: EngineBox) => unknown)[] = [
            (box) => box.fold([{ kind: 'activated', version: PACK.version, at: 0, settle: false }], NOW),
          ];
          let now = NOW;
          for (let at = 0; at < events.length;) {
            const piece = 1 + next(12);
            const part = events.slice(at, at + piece).map((one) => (one.kind === 'fed' ? fed(...one.alerts) : one));
            const when = now;
            steps.push((box) => box.fold(structuredClone(part), when));
            at += piece;
            if (next(6) === 0) steps.push((box) => box.restart());
            if (next(4) === 0) {
              now += next(3) * 24 * HOUR_MS;
              const later = now;
              steps.push((box) => box.settle([], later));
            }
          }
          steps.push(
            (box) => box.settle([], noon(DAY + 30)),
            (box) => box.settle([], noon(DAY + 420)),
          );
          for (const step of steps) {
            const outcomes = boxes.map((box) => step(box) as { raw: unknown; digests: unknown } | undefined);
            const [ours, law] = outcomes.map((one) => one && { raw: one.raw, digests: one.digests });
            expect(ours).toEqual(law);
            expect(quick.emitted).toEqual(long.emitted);
            expect(quick.counts).toEqual(long.counts);
            expect(quick.subjects()).toEqual(long.subjects());
            const all = { sort: 'score', limit: 50 } as const;
            expect(quick.book.page(all)).toEqual(long.book.page(all));
            expect(quick.book.watchedIn()).toEqual(long.book.watchedIn());
            expect(quick.book.page(all)).toEqual(quick.loaded().page(all));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
