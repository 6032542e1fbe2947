import { cellToBoundary, isValidCell } from 'h3-js';
import { inBox, type Box } from '../../../common/box.ts';
import type { SubjectHeat } from '../../../contract/subjects.ts';
import { heatCell } from '../../aggregations/heatCell.ts';
import type { SubjectPlace } from './query.ts';

/** Heat of what is watched (signals §5). Pure. */

/** @param box of the region: a position outside it is a mistake of its source, as for alerts (contract §1) */
export function heatOf(
  places: readonly SubjectPlace[],
  box: Box | undefined,
): Pick<SubjectHeat, 'total' | 'cells' | 'unplaced' | 'byTown'> {
  const cells: Record<string, number> = {};
  const byTown: Record<string, number> = {};
  let unplaced = 0;
  for (const { town, location } of places) {
    if (town !== undefined) byTown[town] = (byTown[town] ?? 0) + 1;
    if (!location || (box && !inBox(box, location))) {
      unplaced++;
      continue;
    }
    const cell = heatCell(location);
    cells[cell] = (cells[cell] ?? 0) + 1;
  }
  return { total: places.length, cells, unplaced, byTown };
}

/** Whether a position lies in a cell; nothing lies in one that there is not. A look at its box saves reckoning the cell of most positions. */
export function cellTest(cell: string): (lng: number, lat: number) => boolean {
  if (!isValidCell(cell)) return () => false;
  const corners = cellToBoundary(cell);
  const lats = corners.map(([lat]) => lat);
  const lngs = corners.map(([, lng]) => lng);
  const box: Box = [Math.min(...lngs), Math.min(...lats), Math.max(...lngs), Math.max(...lats)];
  return (lng, lat) => inBox(box, { lng, lat }) && heatCell({ lng, lat }) === cell;
}
