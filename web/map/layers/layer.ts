import type { ILayer } from '@antv/l7';

/** What every layer of the map offers: made once, then given data (never made again). */
export interface MapLayer<T> {
  layers: ILayer[];
  /** Draws new data; the caller has seen that it differs from what is drawn. */
  update: (data: T) => void;
}

export const collection = (features: object[]): object => ({ type: 'FeatureCollection', features });
