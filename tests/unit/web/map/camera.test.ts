import type { Map as MapboxMap } from 'mapbox-gl';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Camera, FLIGHT_MS, REST_AFTER_MS } from '../../../../web/map/camera.ts';
import { cameraOf, type View } from '../../../../web/map/view.ts';

const view = (zoom: number): View => ({ center: [0.8, 0.4], zoom, pitch: 40, bearing: 0, width: 800, height: 600 });
const REST = view(9);

/** The page around the map: hidden or seen. */
class FakePage extends EventTarget {
  visibilityState = 'visible';
  show(seen: boolean): void {
    this.visibilityState = seen ? 'visible' : 'hidden';
    this.dispatchEvent(new Event('visibilitychange'));
  }
}
let page: FakePage;

/**
 * The part of mapbox-gl that a camera drives. Flights take their time and end only if somebody draws: `arrives` false is a page
 * that draws too slowly. It refuses to go below its least zoom, as mapbox-gl does.
 */
function fakeMap({ arrives = true } = {}) {
  const listeners = new Map<string, ((event: { originalEvent?: Event }) => void)[]>();
  const told: [how: string, zoom: number][] = [];
  const start = cameraOf(REST);
  const now = { lng: start.center[0], lat: start.center[1], zoom: REST.zoom };
  let least = 0;
  let flight: ReturnType<typeof setTimeout> | undefined;
  const stand = (zoom: number) => {
    now.zoom = Math.max(least, zoom);
  };
  const map = {
    on: (name: string, listener: (event: object) => void) => {
      listeners.set(name, [...(listeners.get(name) ?? []), listener]);
    },
    resize: () => {
      told.push(['resize', 0]);
    },
    stop: () => {
      clearTimeout(flight);
      flight = undefined;
    },
    isMoving: () => flight !== undefined,
    setMinZoom: (zoom: number) => {
      least = zoom;
    },
    getCenter: () => ({ lng: now.lng, lat: now.lat }),
    getZoom: () => now.zoom,
    getPitch: () => 40,
    getBearing: () => 0,
    jumpTo: ({ zoom }: { zoom: number }) => {
      told.push(['jump', zoom]);
      stand(zoom);
    },
    flyTo: ({ zoom, duration }: { zoom: number; duration: number }) => {
      told.push(['fly', zoom]);
      clearTimeout(flight);
      stand((now.zoom + zoom) / 2);
      flight = setTimeout(
        () => {
          flight = undefined;
          stand(zoom);
        },
        arrives ? duration : 1e9,
      );
    },
  };
  const emit = (name: string, byHand: boolean) => {
    for (const listener of listeners.get(name) ?? []) listener(byHand ? { originalEvent: {} as Event } : {});
  };
  return { map: map as unknown as MapboxMap, emit, told, at: () => now.zoom };
}

beforeEach(() => {
  vi.useFakeTimers();
  page = new FakePage();
  vi.stubGlobal('document', page);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('camera', () => {
  it('goes back to rest by itself 20 s after the last touch, not before', () => {
    const { map, emit, told } = fakeMap();
    new Camera(map, REST, REST, () => true);
    emit('movestart', true);
    vi.advanceTimersByTime(REST_AFTER_MS - 1);
    emit('moveend', true);
    vi.advanceTimersByTime(REST_AFTER_MS - 1);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(told).toEqual([['fly', 9]]);
    emit('moveend', false);
    vi.advanceTimersByTime(REST_AFTER_MS * 2);
    expect(told).toHaveLength(1);
  });

  it('leaves the map to the hand that holds it, but follows a call to look', () => {
    const { map, emit, told } = fakeMap();
    const camera = new Camera(map, REST, REST, () => true);
    emit('movestart', true);
    camera.aim(view(10), REST, false);
    camera.refit(view(10), REST);
    expect(told).toEqual([['resize', 0]]);
    camera.aim(view(12), REST, true);
    expect(told.at(-1)).toEqual(['fly', 12]);
    vi.advanceTimersByTime(REST_AFTER_MS * 2);
    expect(told).toHaveLength(2);
  });

  it('jumps where motion is unwanted, and when the map changes its size', () => {
    const { map, told } = fakeMap();
    const camera = new Camera(map, REST, REST, () => false);
    camera.aim(view(12), REST, true);
    camera.refit(view(11), REST);
    expect(told).toEqual([
      ['jump', 12],
      ['resize', 0],
      ['jump', 11],
    ]);
  });

  it('arrives even where the page does not draw the flight to its end', () => {
    const { map, at } = fakeMap({ arrives: false });
    const camera = new Camera(map, REST, REST, () => true);
    camera.aim(view(12), REST, true);
    vi.advanceTimersByTime(FLIGHT_MS + 1_000);
    expect(at()).toBe(12);
    camera.aim(REST, REST, true);
    page.show(false);
    page.show(true);
    expect(at()).toBe(9);
  });

  it('comes home also when it was made while an alert was looked at', () => {
    const { map, at } = fakeMap();
    const camera = new Camera(map, view(12), REST, () => false);
    camera.refit(view(12), REST);
    camera.aim(REST, REST, true);
    expect(at()).toBe(9);
  });

  it('forgets its timers when disposed of', () => {
    const { map, emit, told } = fakeMap({ arrives: false });
    const camera = new Camera(map, REST, REST, () => true);
    emit('movestart', true);
    camera.aim(view(10), REST, true);
    camera.dispose();
    page.show(false);
    vi.advanceTimersByTime(REST_AFTER_MS * 2);
    expect(told).toEqual([['fly', 10]]);
  });

  it('stands, once all is still, where it was last sent, whatever came between', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('aim'), zoom: fc.integer({ min: 8, max: 13 }) }),
      fc.record({ kind: fc.constant('refit'), zoom: fc.integer({ min: 8, max: 13 }) }),
      fc.record({ kind: fc.constantFrom('hand', 'hide', 'show', 'calm', 'lively', 'wait'), zoom: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), fc.boolean(), (steps, arrives) => {
        const { map, emit, at } = fakeMap({ arrives });
        let lively = true;
        let last = REST.zoom;
        const camera = new Camera(map, REST, REST, () => lively);
        for (const { kind, zoom } of steps) {
          if (kind === 'aim') camera.aim(view((last = zoom)), view(8), true);
          else if (kind === 'refit') camera.refit(view((last = zoom)), view(8));
          else if (kind === 'hand') emit('movestart', true);
          else if (kind === 'wait') vi.advanceTimersByTime(700);
          else if (kind === 'hide' || kind === 'show') page.show(kind === 'show');
          else lively = kind === 'lively';
        }
        vi.advanceTimersByTime(REST_AFTER_MS + 2 * FLIGHT_MS);
        expect(at()).toBe(last);
        camera.dispose();
        page.show(true);
      }),
      { numRuns: 200 },
    );
  });
});
