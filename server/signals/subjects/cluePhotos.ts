import type { CluePhoto } from '../../../contract/attachments.ts';
import { DESK_SOURCE } from '../../../contract/alertLimits.ts';
import { CLUE_INDICATOR } from '../../../contract/clues.ts';
import type { ShownObservation } from '../../../contract/subjects.ts';

/** The pictures of clues, which casework keeps by the id of the observation that a clue has become. */

/** Of those observations that have pictures, these, by id, with the town of the clue. */
export type CluePhotos = (
  region: string,
  clues: readonly Pick<ShownObservation, 'id'>[],
) => Promise<ReadonlyMap<string, { town: string; photos: CluePhoto[] }>>;

/** Whether an observation is a clue that was reported here: no other has pictures. */
export const isClue = ({ source, indicator }: Pick<ShownObservation, 'source' | 'indicator'>): boolean =>
  source === DESK_SOURCE && indicator === CLUE_INDICATOR;

/** An observation with its pictures. @param maySee whether its reader may see those of a clue about a town */
export function withPhotos(
  found: Awaited<ReturnType<CluePhotos>>,
  maySee: (town: string) => boolean = () => true,
): <T extends ShownObservation>(one: T) => T {
  return (one) => {
    const known = isClue(one) ? found.get(one.id) : undefined;
    return known && maySee(known.town) ? { ...one, photos: known.photos } : one;
  };
}
