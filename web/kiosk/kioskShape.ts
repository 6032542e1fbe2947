/** Arrangements of the kiosk by the shape of its screen. Pure. */
export type KioskShape = 'wide' | 'square' | 'tall';

/** CSS px for which 1rem is 10 px: half a metre to one away, the smallest letters (1.5rem) are 4 mm high. */
const DESIGN: Record<KioskShape, readonly [width: number, height: number]> = {
  wide: [1366, 768],
  square: [1280, 1024],
  tall: [1080, 1920],
};

/** The arrangement for a viewport in CSS px, and its root font size in px. */
export function kioskShape(width: number, height: number): { shape: KioskShape; rem: number } {
  const aspect = width / Math.max(1, height);
  const shape = aspect >= 1.5 ? 'wide' : aspect >= 1 ? 'square' : 'tall';
  const [w, h] = DESIGN[shape];
  return { shape, rem: Math.floor(Math.min(width / w, height / h) * 10_000) / 1000 };
}
