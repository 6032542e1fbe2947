import type { ILayer } from '@antv/l7';

/** What every layer of the map offers: made once, then given data (never made again). */
export interface MapLayer<T> {
  layers: ILayer[];
  /** Draws new data; the caller has seen that it differs from what is drawn. */
  update: (data: T) => void;
}

export const collection = (features: object[]): object => ({ type: 'FeatureCollection', features });

/** Models of lines and walls have a texture; `clearModels` frees it, and forgets its sampler (l7-renderer 2.29). */
interface Textured {
  texture?: { sampler?: { destroy: () => void } };
}

/**
 * Sets a layer's data without the leak of L7 2.29: `setData` builds a new model with uniform buffers and
 * textures of its own, and nobody frees those of the model before, for as long as a wall runs. The rebuilding is
 * asynchronous, so what belongs to models that are no longer the layer's is freed on the next call: at any time at most
 * one generation waits.
 */
export function dataSetter(layer: ILayer): (data: object) => void {
  type Model = ILayer['layerModel'];
  const known = new Set<Model>();
  return (data) => {
    for (const model of known) {
      if (model === layer.layerModel) continue;
      for (const buffer of model.uniformBuffers) buffer.destroy();
      model.clearModels();
      (model as Textured).texture?.sampler?.destroy();
      known.delete(model);
    }
    // Absent until the layer's first model is built.
    if (layer.layerModel as Model | undefined) known.add(layer.layerModel);
    layer.setData(data);
  };
}
