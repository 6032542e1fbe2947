import type { Clue, ClueAnswer } from '../../../contract/clues.ts';
import { CLUE_INDICATOR } from '../../../contract/clues.ts';
import { DESK_SOURCE } from '../../../contract/alertLimits.ts';
import { inBox } from '../../../common/box.ts';
import { normalName, normalUscc } from '../../../common/identity.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import { toBrief, type RegionRow } from '../../alerts/row.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import type { Region } from '../../region/region.ts';
import type { Intake } from '../../streams/intake/intake.ts';
import { toWgs84 } from '../../streams/intake/position.ts';
import { isTheirs, type Actor } from '../rules/mayAct.ts';
import type { PhotoStore } from './photoStore.ts';

export interface CluesParts {
  intake: Pick<Intake, 'submit'>;
  photos: (region: string) => Pick<PhotoStore, 'name' | 'giveBack'>;
  /** Epoch ms. */
  now: () => number;
  /** After so long a clue that no rule has looked at yet is answered all the same, ms. */
  patienceMs: number;
}

/** An alert that the rules raise is in the lists a moment after they have decided. */
const LISTED_MS = 1_200;
const LOOK_MS = 100;
/** Alerts of employers of a like name that are looked through. */
const ROWS = 50;

/**
 * Why a clue cannot be taken, by its field.
 * @param box of the region's positions
 */
export function clueFault(
  { town, location }: Pick<Clue, 'town' | 'location'>,
  { pack }: Pick<Region, 'pack'>,
): HttpProblem | undefined {
  if (!pack.towns.some(({ code }) => code === town))
    return new HttpProblem(422, 'Cannot be done', `${town} is no town of region ${pack.code}`, 'town', {
      rule: 'town',
    });
  if (location && pack.box) {
    const { lng, lat } = toWgs84(location);
    if (!inBox(pack.box, { lng, lat }))
      return new HttpProblem(
        422,
        'Cannot be done',
        `${lng}, ${lat} is not in ${pack.name.en}, which lies within ${pack.box.join(', ')} (west, south, east, north): choose the place on the map`,
        'location',
        { rule: 'outside' },
      );
  }
  return undefined;
}

/** The observation that a clue becomes (signals §1). It has no field for pictures: they are kept by its id. @param id of the event @param now epoch ms */
export function clueEvent(clue: Clue, region: string, id: string, now: number): object {
  const data = { region, indicator: CLUE_INDICATOR, ...clue, text: clue.text.trim() };
  delete data.photos;
  return {
    specversion: '1.0',
    id,
    source: DESK_SOURCE,
    type: 'wage.signal.observed',
    time: toRfc3339(now),
    data,
  };
}

/**
 * Takes a clue in as an observation, and tells what became of it as far as that is known in time.
 * @param id of the event: the same counts once
 * @throws HttpProblem 422 where the intake refuses it, or a picture is not one that they have uploaded, naming the field
 */
export async function reportClue(
  clue: Clue,
  { region, id, actor }: { region: Region; id: string; actor: Actor },
  { intake, photos, now, patienceMs }: CluesParts,
): Promise<ClueAnswer> {
  const at = now();
  const store = photos(region.code);
  const named = clue.photos ?? [];
  const whose = { id, town: clue.town, by: actor.id };
  // Before the observation: whoever sees that one sees them. Where it is not known whether it was taken, the same request goes on.
  const missing = named.length > 0 ? await store.name(whose, named, at) : undefined;
  if (missing)
    throw new HttpProblem(
      422,
      'Cannot be done',
      `${missing.unknown} is no picture that you have uploaded for a clue here, or it was removed after a day: upload it again`,
      'photos',
      { rule: 'photo' },
    );
  const submission = await intake.submit([clueEvent(clue, region.code, id, at)]);
  const [refused] = submission.refused;
  if (refused && named.length > 0) await store.giveBack(whose, named, at);
  if (refused)
    throw new HttpProblem(422, 'Cannot be done', refused.problem, fieldOf(refused.problem), { rule: 'event' });
  const answer: ClueAnswer = { region: region.code, town: clue.town, event: id, state: 'kept' };
  const patience = AbortSignal.timeout(patienceMs);
  try {
    await submission.settled(patience);
  } catch (error) {
    if (patience.aborted) return answer;
    throw error;
  }
  const found = await alertOf(clue, { region, actor, since: at }, now);
  return { ...answer, state: 'assessed', ...(found ? { alert: found } : {}) };
}

/** `/data/enterprise/uscc "x" is no …` is about `enterprise`. */
function fieldOf(problem: string): string | undefined {
  return /^\/data\/(\w+)/.exec(problem)?.[1];
}

/** The alert of a clue's employer that is open and theirs to see: one that was raised since, or else another. */
async function alertOf(
  { enterprise }: Clue,
  { region, actor, since }: { region: Region; actor: Actor; since: number },
  now: () => number,
): Promise<ClueAnswer['alert']> {
  const name = normalName(enterprise.name);
  const uscc = enterprise.uscc === undefined ? undefined : normalUscc(enterprise.uscc);
  const isOf = ({ enterprise: of }: RegionRow) =>
    normalName(of.name) === name || (uscc !== undefined && of.uscc === uscc);
  const look = (): ClueAnswer['alert'] => {
    const moment = now();
    const rows =
      region.view()?.lists.query({ scope: region.code, q: enterprise.name, open: true, limit: ROWS }, moment).rows ??
      [];
    const theirs = rows
      .filter(isOf)
      .map((row) => toBrief(row, moment))
      .filter(({ unit, town }) =>
        isTheirs({ ...(unit === undefined ? {} : { unit }), facts: { town } }, actor, region.pack),
      );
    const raisedSince = theirs.find(({ raisedAt }) => Date.parse(raisedAt) >= since);
    const one = raisedSince ?? theirs[0];
    return (
      one && {
        region: region.code,
        alertId: one.alertId,
        tier: one.tier,
        stage: one.stage,
        fresh: raisedSince !== undefined,
      }
    );
  };
  for (const end = performance.now() + LISTED_MS; ;) {
    const found = look();
    if (found?.fresh || performance.now() > end) return found;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
