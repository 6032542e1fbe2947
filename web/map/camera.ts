import type { Map as MapboxMap } from 'mapbox-gl';
import { cameraOf, type View } from './view.ts';

/**
 * Where the drawn map looks. It always arrives: a flight is only the way there, and whatever becomes of it (another call,
 * a hand, a hidden page, a change of quality), the map stands where it was sent as soon as the flight is over or its time is up.
 */

/** After the last touch the map goes back to rest, ms. */
export const REST_AFTER_MS = 20_000;
export const FLIGHT_MS = 1600;
/** A flight that has not arrived by then is ended, ms: a page that draws slowly, or not at all, does not finish one. */
const LATEST_MS = FLIGHT_MS + 600;
/** How far the map can be drawn away by hand, in steps of zoom. */
const FARTHER = 0.6;

export class Camera {
  private readonly map: MapboxMap;
  private readonly moves: () => boolean;
  private target: View;
  private resting: ReturnType<typeof setTimeout> | undefined;
  private arrival: ReturnType<typeof setTimeout> | undefined;
  /** Somebody has moved the map by hand and it is theirs for now. */
  private held = false;
  private readonly onVisibility = () => {
    // A hidden page draws no flight, and one that comes back must not show where it was.
    if (!this.held) this.arrive();
  };

  /** @param moves whether the camera may be animated; asked at every move */
  constructor(map: MapboxMap, target: View, rest: View, moves: () => boolean) {
    this.map = map;
    this.target = target;
    this.moves = moves;
    this.limit(rest);
    // Only moves by hand carry the browser's own event.
    map.on('movestart', (event) => {
      if (event.originalEvent) this.touched();
    });
    map.on('moveend', (event) => {
      if (event.originalEvent) this.touched();
    });
    document.addEventListener('visibilitychange', this.onVisibility);
  }

  private touched(): void {
    this.held = true;
    clearTimeout(this.arrival);
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      this.held = false;
      this.go();
    }, REST_AFTER_MS);
  }

  /** The map may be drawn away from its rest only a little; measured from rest, wherever it looks just now. */
  private limit(rest: View): void {
    this.map.setMinZoom(Math.max(0, rest.zoom - FARTHER));
  }

  /** A new place to be. Someone's hand on the map is respected, but not past a call to look somewhere. */
  aim(target: View, rest: View, urgent: boolean): void {
    this.target = target;
    this.limit(rest);
    if (urgent) this.release();
    if (!this.held) this.go();
  }

  /** After a change of size or quality: no animation, the map just stands where it should. */
  refit(target: View, rest: View): void {
    this.target = target;
    this.limit(rest);
    this.map.resize();
    if (!this.held) this.arrive();
  }

  private release(): void {
    this.held = false;
    clearTimeout(this.resting);
  }

  private go(): void {
    clearTimeout(this.arrival);
    if (!this.moves() || document.visibilityState === 'hidden') {
      this.arrive();
      return;
    }
    this.map.flyTo({ ...cameraOf(this.target), duration: FLIGHT_MS, curve: 1.2, essential: true });
    this.arrival = setTimeout(() => {
      this.arrive();
    }, LATEST_MS);
  }

  /** Stands where it was sent, whatever was under way. */
  private arrive(): void {
    clearTimeout(this.arrival);
    const { center, zoom, pitch, bearing } = cameraOf(this.target);
    const at = this.map.getCenter();
    const there =
      !this.map.isMoving() &&
      Math.abs(at.lng - center[0]) < 1e-9 &&
      Math.abs(at.lat - center[1]) < 1e-9 &&
      Math.abs(this.map.getZoom() - zoom) < 1e-6 &&
      this.map.getPitch() === pitch &&
      this.map.getBearing() === bearing;
    if (there) return;
    this.map.stop();
    this.map.jumpTo({ center, zoom, pitch, bearing });
  }

  dispose(): void {
    clearTimeout(this.resting);
    clearTimeout(this.arrival);
    document.removeEventListener('visibilitychange', this.onVisibility);
  }
}
