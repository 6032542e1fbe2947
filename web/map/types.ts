/** What the parts of the map say to one another. */

/**
 * What a press on the map opens: the code of a town, an H3 cell of the frame's heat, the `alertKey` of an alert. `place`: an area
 * whose alerts are counted here is looked at itself, where they stand single.
 */
export interface MapTarget {
  kind: 'town' | 'place' | 'cell' | 'alert';
  code: string;
}

export type Quality = 'high' | 'low';

/** A point of the plane in which the map is computed: web mercator, both axes 0…1, y to the south. */
export type Point = readonly [x: number, y: number];
/** A closed ring (first point = last point). */
export type Ring = readonly Point[];
/** Outer ring, then holes. */
export type Polygon = readonly Ring[];

/** CSS pixels from the top left of the map. */
export interface ScreenPoint {
  x: number;
  y: number;
}

/** A box in CSS pixels. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}
