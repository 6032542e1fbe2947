import type { Measure } from '../../contract/codes.ts';
import { ExactSums } from '../../common/exactSums.ts';
import { toRfc3339 } from '../../common/regionTime.ts';
import type { SeriesAnswer } from '../../contract/rest.ts';
import { MEASURE_SHIFT } from './bucketCodec.ts';
import { eachSum } from './columns.ts';
import type { CubeView } from './cubeView.ts';
import { channelOf, industryOf, tierOf, townOf, type Dictionary } from './dictionary.ts';
import { bucketStart, type Grain } from './grains.ts';
import { MEASURE_INDEX } from './increments.ts';
import { stepStart, type Step } from './windows.ts';

export const SPLITS = ['tier', 'town', 'industry', 'channel'] as const;
export type Split = (typeof SPLITS)[number];
export const STEPS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const satisfies readonly Step[];

export interface SeriesQuery {
  measure: Measure;
  split?: Split;
  /** Region (6 digits) or town (9). */
  scope: string;
  /** Span `from ≤ t < to`, epoch ms. */
  from: number;
  to: number;
  step: Step;
}

/** The span begins before the oldest bucket that is fine enough for the step. */
export class NotKeptError extends Error {
  override name = 'NotKeptError';
  readonly grain: Grain;
  /** Start of the oldest bucket kept, epoch ms. */
  readonly keptFrom: number;

  constructor(grain: Grain, keptFrom: number) {
    const coarser = grain === 'minute' ? 'hour' : 'day';
    super(
      `Figures by the ${grain} are kept for ${grain === 'minute' ? '50 hours' : '70 days'}, since ${toRfc3339(keptFrom)}. ` +
        `Let the span begin later, or use the step "${coarser}".`,
    );
    this.grain = grain;
    this.keptFrom = keptFrom;
  }
}

interface Splitter {
  numberOf: (cell: number) => number;
  names: (dictionary: Dictionary) => readonly string[];
}
const SPLITTERS: Record<Split, Splitter> = {
  tier: { numberOf: tierOf, names: ({ tiers }) => tiers.names },
  town: { numberOf: townOf, names: ({ towns }) => towns.names },
  industry: { numberOf: industryOf, names: ({ industries }) => industries.names },
  channel: { numberOf: channelOf, names: ({ channels }) => channels.names },
};
const UNSPLIT: Splitter = { numberOf: () => 0, names: () => ['all'] };

/**
 * One measure over a span, by step and, if asked, by one dimension (`GET /api/v1/series`): steps with something in
 * them, by their start; without a split the one code is `all`.
 *
 * The span is made of whole buckets (minutes for the step minute, hours for hour, days for all others): from the
 * bucket in which `from` lies to the last that starts before `to`. Its first and last step hold only what lies in the span.
 * Throws `NotKeptError` and `UnknownScopeError`.
 */
export function querySeries(cube: CubeView, query: SeriesQuery): SeriesAnswer {
  const { measure, split, scope, from, to, step } = query;
  const town = cube.townOfScope(scope);
  const grain: Grain = step === 'minute' || step === 'hour' ? step : 'day';
  const range = { lo: bucketStart(grain, from), hi: to };
  const kept = cube.keptFrom(grain);
  if (range.lo < kept) throw new NotKeptError(grain, kept);

  const wanted = MEASURE_INDEX[measure];
  const { numberOf, names } = split ? SPLITTERS[split] : UNSPLIT;
  const steps = new Map<number, ExactSums>();
  cube.visit(grain, range, { town, cellsOnly: true }, (start, { cells }) => {
    const key = stepStart(step, start);
    const sums = steps.get(key) ?? new ExactSums(0);
    eachSum(cells, (place, low, high) => {
      if ((place & 15) !== wanted) return;
      const cell = place >>> MEASURE_SHIFT;
      if (town !== undefined && townOf(cell) !== town) return;
      const number = numberOf(cell);
      if (sums.length <= number) sums.grow(number + 1);
      sums.add(number, low, high);
    });
    steps.set(key, sums);
  });

  const answer: SeriesAnswer = { measure, step, from: toRfc3339(from), to: toRfc3339(to), steps: {} };
  if (split) answer.split = split;
  for (const [start, sums] of [...steps].sort(([a], [b]) => a - b)) {
    const codes = names(cube.dictionary);
    const some = Array.from(sums.low, (_, number) => [codes[number]!, sums.value(number)] as const).filter(
      ([, sum]) => sum !== 0,
    );
    if (some.length > 0) answer.steps[toRfc3339(start)] = Object.fromEntries(some);
  }
  return answer;
}
