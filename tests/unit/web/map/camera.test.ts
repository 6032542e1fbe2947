import type { Map as MapboxMap } from 'mapbox-gl';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Camera, REST_AFTER_MS } from '../../../../web/map/camera.ts';
import type { View } from '../../../../web/map/view.ts';

const view = (zoom: number): View => ({ center: [0.8, 0.4], zoom, pitch: 40, bearing: 0, width: 800, height: 600 });

/** The part of a map a camera drives, noting what it is told. */
function fakeMap() {
  const listeners = new Map<string, ((event: { originalEvent?: Event }) => void)[]>();
  const told: [how: string, zoom: number][] = [];
  const map = {
    on: (name: string, listener: (event: object) => void) => {
      listeners.set(name, [...(listeners.get(name) ?? []), listener]);
    },
    resize: () => {
      told.push(['resize', 0]);
    },
    jumpTo: ({ zoom }: { zoom: number }) => {
      told.push(['jump', zoom]);
    },
    flyTo: ({ zoom }: { zoom: number }) => {
      told.push(['fly', zoom]);
    },
  };
  const emit = (name: string, byHand: boolean) => {
    for (const listener of listeners.get(name) ?? []) listener(byHand ? { originalEvent: {} as Event } : {});
  };
  return { map: map as unknown as MapboxMap, emit, told };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('camera', () => {
  it('goes back to rest by itself 20 s after the last touch, not before', () => {
    const { map, emit, told } = fakeMap();
    new Camera(map, view(9), () => true);
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
    const camera = new Camera(map, view(9), () => true);
    emit('movestart', true);
    camera.aim(view(10), false);
    camera.refit(view(10));
    expect(told).toEqual([['resize', 0]]);
    camera.aim(view(12), true);
    expect(told.at(-1)).toEqual(['fly', 12]);
    vi.advanceTimersByTime(REST_AFTER_MS * 2);
    expect(told).toHaveLength(2);
  });

  it('jumps where motion is unwanted, and when the map changes its size', () => {
    const { map, told } = fakeMap();
    const camera = new Camera(map, view(9), () => false);
    camera.aim(view(12), true);
    camera.refit(view(11));
    expect(told).toEqual([
      ['jump', 12],
      ['resize', 0],
      ['jump', 11],
    ]);
  });

  it('forgets its timer when disposed of', () => {
    const { map, emit, told } = fakeMap();
    const camera = new Camera(map, view(9), () => true);
    emit('movestart', true);
    camera.dispose();
    vi.advanceTimersByTime(REST_AFTER_MS * 2);
    expect(told).toEqual([]);
  });
});
