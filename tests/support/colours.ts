/** Colours as the eye has them: contrast (WCAG 2.1) and what colour blindness leaves of them. Hex colours, `#rrggbb`. */
type Vector = readonly [number, number, number];

const channel = (byte: number): number => {
  const c = byte / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
};
const linear = (hex: string): Vector => {
  const value = Number.parseInt(hex.slice(1), 16);
  return [channel(value >> 16), channel((value >> 8) & 255), channel(value & 255)];
};

/** WCAG 2.1: 1…21. */
export function contrast(a: string, b: string): number {
  const [high, low] = [a, b]
    .map((hex) => {
      const [r, g, blue] = linear(hex);
      return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
    })
    .sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** Complete colour blindness, in linear RGB (Machado, Oliveira and Fernandes 2009, severity 1). */
const SEEN = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
} as const;
export type Blindness = keyof typeof SEEN;
export const BLINDNESS = Object.keys(SEEN) as Blindness[];

/** OKLab (Ottosson 2020), in which equal distances look equal. */
function oklab([r, g, b]: Vector): Vector {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** How far apart two colours look with a kind of blindness: OKLab distance; about 0.02 is just told apart side by side. */
export function distance(a: string, b: string, blindness: Blindness): number {
  const seen = (hex: string): Vector => {
    const colour = linear(hex);
    return oklab(
      SEEN[blindness].map((row) =>
        Math.min(1, Math.max(0, row[0] * colour[0] + row[1] * colour[1] + row[2] * colour[2])),
      ) as unknown as Vector,
    );
  };
  const [p, q] = [seen(a), seen(b)];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}
