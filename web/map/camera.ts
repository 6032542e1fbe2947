import type { Map as MapboxMap } from 'mapbox-gl';
import { cameraOf, type View } from './view.ts';

/** Where the drawn map looks, and that it comes back by itself. */

/** After the last touch the map goes back to rest, ms. */
export const REST_AFTER_MS = 20_000;
const FLIGHT_MS = 1600;

export class Camera {
  private readonly map: MapboxMap;
  private readonly moves: () => boolean;
  private target: View;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Somebody has moved the map by hand and it is theirs for now. */
  private held = false;

  /** @param moves whether the camera may be animated; asked at every move */
  constructor(map: MapboxMap, target: View, moves: () => boolean) {
    this.map = map;
    this.target = target;
    this.moves = moves;
    // Only moves by hand carry the browser's own event.
    map.on('movestart', (event) => {
      if (event.originalEvent) this.touched();
    });
    map.on('moveend', (event) => {
      if (event.originalEvent) this.touched();
    });
  }

  private touched(): void {
    this.held = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.held = false;
      this.go();
    }, REST_AFTER_MS);
  }

  /** A new place to be. Someone's hand on the map is respected, but not past a call to look somewhere. */
  aim(target: View, urgent: boolean): void {
    this.target = target;
    if (urgent) {
      this.held = false;
      clearTimeout(this.timer);
    }
    if (!this.held) this.go();
  }

  /** After a change of size: no animation, the map just fits again. */
  refit(target: View): void {
    this.target = target;
    this.map.resize();
    if (!this.held) this.map.jumpTo(cameraOf(target));
  }

  private go(): void {
    const camera = cameraOf(this.target);
    if (this.moves()) this.map.flyTo({ ...camera, duration: FLIGHT_MS, curve: 1.2, essential: true });
    else this.map.jumpTo(camera);
  }

  dispose(): void {
    clearTimeout(this.timer);
  }
}
