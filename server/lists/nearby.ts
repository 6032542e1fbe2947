import type { LngLat } from '../../contract/frame.ts';
import { NO_CELL } from './alertColumns.ts';
import { cellsAround, haversine } from './geo.ts';
import type { AlertStore } from './store.ts';

/** Calls `visit` with every alert within `metres` of a position (haversine) and its distance. */
export function nearby(
  store: AlertStore,
  centre: LngLat,
  metres: number,
  visit: (slot: number, distance: number) => void,
): void {
  const { columns, byCell } = store;
  const { lng, lat, cell } = columns;
  const look = (slot: number) => {
    const distance = haversine(centre.lng, centre.lat, lng[slot]!, lat[slot]!);
    if (distance <= metres) visit(slot, distance);
  };
  const ranges = cellsAround(centre, metres);
  const near = (slot: number) => {
    const at = cell[slot]!;
    if (at !== NO_CELL && ranges.some(([first, last]) => at >= first && at <= last)) look(slot);
  };
  store.want(byCell);
  if (!byCell.ready) {
    for (let slot = 0; slot < store.size; slot++) near(slot);
    return;
  }
  byCell.forEachPending(near);
  for (const [first, last] of ranges) {
    byCell.walk(
      (key) => key >= first,
      false,
      (slot) => {
        if (cell[slot]! > last) return false;
        look(slot);
        return true;
      },
    );
  }
}
