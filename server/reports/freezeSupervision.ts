import { toRfc3339 } from '../../common/regionTime.ts';
import { MAX_NAMED_LETTERS } from '../../contract/reportLimits.ts';
import type {
  LetterCounts,
  SupervisedLetter,
  SupervisionSituation,
  SupervisionState,
} from '../../contract/reportSituation.ts';
import type { LocalName, RegionPack } from '../../contract/region.ts';
import type { RegionView } from '../region/region.ts';
import { headOf, type FreezeQuery } from './freeze.ts';
import { briefsOf, comparedSpans } from './freezeUnit.ts';
import { listOf, type ListsToWrite } from './frozenLists.ts';
import type { SupervisedThen, SupervisedWork } from '../views/reports/workPort.ts';

/**
 * What was supervised in a span, and what has come of it.
 * @param work of the spans of `spansOf`, in order
 */
export function freezeSupervision(
  view: RegionView,
  query: FreezeQuery,
  { at, issued, letters }: SupervisedWork,
): { situation: SupervisionSituation; lists: ListsToWrite } {
  const ordered = [...letters].sort(
    (a, b) => rankOf(a) - rankOf(b) || timeOf(a) - timeOf(b) || (a.alertId < b.alertId ? -1 : 1),
  );
  const byLevel: SupervisionSituation['byLevel'] = {};
  for (const { level } of ordered) byLevel[level] = (byLevel[level] ?? 0) + 1;
  const compared = comparedSpans(
    query,
    issued.map((count) => ({ issued: count })),
    view.cube.beginning() ?? query.span.from,
  );
  const situation: SupervisionSituation = {
    ...headOf(view, query, at),
    about: 'supervision',
    ...compared,
    // Those that can be read: of an alert that is gone meanwhile there is nothing to tell.
    figures: { issued: ordered.length },
    state: stateOf(view, ordered),
    byLevel,
    byUnit: unitsOf(view.pack, ordered),
    letters: ordered.slice(0, MAX_NAMED_LETTERS).map((letter) => toldOf(view, letter)),
  };
  const brief = briefsOf(view, at);
  const those = (meant: (letter: SupervisedThen) => boolean) =>
    listOf(ordered.filter(meant), (letter) => ({ at: toRfc3339(letter.at), ...brief(letter.alertId) }));
  return {
    situation,
    lists: {
      supervised: those(() => true),
      answered: those(({ state }) => state === 'answered'),
      answeredLate: those(isAnsweredLate),
      overdue: those(({ state }) => state === 'overdue'),
      open: those(({ state }) => state === 'open'),
      ended: those(({ state }) => state === 'ended'),
    },
  };
}

const isAnsweredLate = ({ state, answeredAt, answerBy }: SupervisedThen): boolean =>
  state === 'answered' && answerBy !== undefined && answeredAt! > answerBy;

/** Late ones first: not answered, then answered late; then what is open, what was answered, and what has ended. */
function rankOf(letter: SupervisedThen): number {
  if (letter.state === 'overdue') return 0;
  if (isAnsweredLate(letter)) return 1;
  return { open: 2, answered: 3, ended: 4 }[letter.state];
}
/** Of those that are late the one first that has been so for longest; of others the latest. */
const timeOf = (letter: SupervisedThen): number => (rankOf(letter) < 2 ? letter.answerBy! : -letter.at);

function countsOf(letters: readonly SupervisedThen[]): LetterCounts {
  const of = (state: SupervisedThen['state']) => letters.filter((one) => one.state === state).length;
  return {
    issued: letters.length,
    answered: of('answered'),
    answeredLate: letters.filter(isAnsweredLate).length,
    overdue: of('overdue'),
    open: of('open'),
    ended: of('ended'),
  };
}

function stateOf(view: RegionView, letters: readonly SupervisedThen[]): SupervisionState {
  const last = new Map<string, SupervisedThen>();
  for (const letter of letters) {
    const known = last.get(letter.alertId);
    if (!known || letter.at > known.at) last.set(letter.alertId, letter);
  }
  const alerts = [...last.values()];
  return {
    ...countsOf(letters),
    alerts: alerts.length,
    closed: alerts.filter(({ alertId }) => view.table?.get(alertId)?.stage === 'closed').length,
    workers: alerts.reduce((sum, { then }) => sum + then.facts.workers, 0),
    amountFen: alerts.reduce((sum, { then }) => sum + then.facts.amountFen, 0),
  };
}

/** A unit by the name that the pack has for it; one that it does not know as the dispatch calls it. */
function unitName({ units = [] }: RegionPack, unit: string): LocalName {
  return units.find(({ code }) => code === unit)?.name ?? { 'zh-CN': unit, en: unit };
}

function unitsOf(pack: RegionPack, letters: readonly SupervisedThen[]): SupervisionSituation['byUnit'] {
  const heaps = new Map<string | undefined, SupervisedThen[]>();
  for (const letter of letters) {
    const heap = heaps.get(letter.unit);
    if (heap) heap.push(letter);
    else heaps.set(letter.unit, [letter]);
  }
  return [...heaps]
    .sort(([a = '', x], [b = '', y]) => y.length - x.length || (a < b ? -1 : 1))
    .map(([unit, some]) => ({ ...(unit === undefined ? {} : { name: unitName(pack, unit) }), ...countsOf(some) }));
}

function toldOf(view: RegionView, letter: SupervisedThen): SupervisedLetter {
  const { alertId, town, level, number, unit, at, answerBy, state, answeredAt, then } = letter;
  const { tier, enterprise, workers, amountFen } = then.facts;
  const row = view.table?.get(alertId);
  return {
    alertId,
    level,
    ...(number === undefined ? {} : { number }),
    ...(unit === undefined ? {} : { unit: unitName(view.pack, unit) }),
    enterprise: enterprise.name,
    area: town,
    tier,
    workers,
    amountFen,
    stage: then.stage,
    late: at > then.dueAt,
    at: toRfc3339(at),
    ...(answerBy === undefined ? {} : { answerBy: toRfc3339(answerBy) }),
    state,
    ...(answeredAt === undefined ? {} : { answeredAt: toRfc3339(answeredAt) }),
    answeredLate: isAnsweredLate(letter),
    stageNow: row?.stage ?? then.stage,
    recoveredFen: row?.recoveredFen ?? 0,
  };
}
