import type { FeatureCollection } from 'geojson';
import type { Tier } from '../../../contract/codes.ts';
import type { Frame } from '../../../contract/frame.ts';
import type { RegionAnswer } from '../../../contract/rest.ts';
import type { Lang } from '../../i18n/lang.ts';
import { shortName } from '../../i18n/places.ts';
import { bounds, centroid, disc, toPlane } from '../geometry.ts';
import type { Point, Polygon } from '../types.ts';

/** Towns: their shapes (once per boundaries) and their figures (with every frame). Pure. */

export interface TownShape {
  code: string;
  polygons: Polygon[];
  /** Where its label goes. */
  anchor: Point;
  bounds: [number, number, number, number];
  /** The same polygons in degrees, as the layers take them. */
  coordinates: [number, number][][][];
}

export interface TownFigures {
  code: string;
  /** In the language of the screen, in full. */
  name: string;
  /** Without 街道 or Subdistrict, for where room is short. */
  shortName: string;
  /** Open alerts; absent where the frame says nothing about this town (another scope). */
  open?: number;
  tiers: Partial<Record<Tier, number>>;
}

const isPair = (value: unknown): value is [number, number] =>
  Array.isArray(value) && value.length >= 2 && typeof value[0] === 'number' && typeof value[1] === 'number';

/**
 * The shapes of the pack's towns, from boundaries (degrees, WGS-84) joined by `properties.code`. A town without a
 * boundary gets a disc of its area around its seat: a wall never loses a town because a file lacks it.
 */
export function townShapes(pack: RegionAnswer | undefined, boundaries: FeatureCollection | undefined): TownShape[] {
  const found = new Map<string, { coordinates: [number, number][][][]; label?: [number, number] }>();
  for (const feature of boundaries?.features ?? []) {
    const code: unknown = feature.properties?.['code'];
    if (typeof code !== 'string') continue;
    const geometry = feature.geometry;
    const coordinates =
      geometry.type === 'Polygon'
        ? [geometry.coordinates]
        : geometry.type === 'MultiPolygon'
          ? geometry.coordinates
          : [];
    const label: unknown = feature.properties?.['label'];
    if (coordinates.length) {
      found.set(code, {
        coordinates: coordinates as [number, number][][][],
        ...(isPair(label) ? { label } : {}),
      });
    }
  }
  const towns = pack?.towns ?? [];
  return towns.map(({ code, seat, areaKm2 }) => {
    const coordinates = found.get(code)?.coordinates ?? [[disc(seat[0], seat[1], areaKm2)]];
    const polygons = coordinates.map((polygon) => polygon.map((ring) => ring.map(([lng, lat]) => toPlane(lng, lat))));
    const label = found.get(code)?.label;
    const anchor = label ? toPlane(...label) : (centroid(polygons) ?? toPlane(...seat));
    return { code, polygons, coordinates, anchor, bounds: bounds(polygons.flatMap((p) => p[0] ?? []))! };
  });
}

/** The figures drawn for every town of the pack. One that is withheld is given as 0, which nobody must take for none: there is none. */
export function townFigures(pack: RegionAnswer | undefined, frame: Frame | undefined, lang: Lang): TownFigures[] {
  return (pack?.towns ?? []).map(({ code, name }) => {
    const row = frame?.byTown[code];
    const isWithheld = frame?.withheld !== undefined && row?.open === 0;
    return {
      code,
      name: name[lang],
      shortName: shortName(name[lang], lang),
      ...(row && !isWithheld ? { open: row.open } : {}),
      tiers: row?.tiers ?? {},
    };
  });
}

/** Steps that places rise by; each has a height and a shade. */
export const STEPS = 4;

/**
 * The step of every place with open red or orange alerts, 1 to `STEPS`: by its open red alerts, then by the orange ones, as the
 * worst place is found (worst.ts). The highest step is for the gravest alone and whoever equals it, so that what stands out
 * most on a map is what its call-out names; the others share the steps below.
 */
export function graveSteps(places: readonly Pick<TownFigures, 'code' | 'tiers'>[]): Map<string, number> {
  const found = places
    .map(({ code, tiers: { red = 0, orange = 0 } }) => ({ code, red, orange, key: `${red}/${orange}` }))
    .filter(({ red, orange }) => red + orange > 0)
    .sort((a, b) => b.red - a.red || b.orange - a.orange);
  const keys = [...new Set(found.map(({ key }) => key))];
  const below = keys.length - 1;
  const stepOf = (rank: number) =>
    rank === 0 ? STEPS : STEPS - 1 - Math.floor(((rank - 1) * (STEPS - 1)) / Math.max(1, below));
  return new Map(found.map(({ code, key }) => [code, stepOf(keys.indexOf(key))]));
}

/** Names longer than this are cut with an ellipsis on the map: 9 Chinese characters, 18 Latin letters. */
function clipName(name: string, lang: Lang): string {
  const most = lang === 'zh-CN' ? 9 : 18;
  const letters = [...name];
  return letters.length > most
    ? `${letters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`
    : name;
}

/**
 * The name as a label carries it: in full where there is room; the short one in a brief label, in English (whose
 * "Subdistrict" says nothing on a map of subdistricts), and where the full one would have to be cut.
 */
export function labelName(
  { name, shortName: short }: Pick<TownFigures, 'name' | 'shortName'>,
  brief: boolean,
  lang: Lang,
): string {
  const full = clipName(name, lang);
  return brief || lang === 'en' || full !== name ? clipName(short, lang) : full;
}

/**
 * The edges of all towns, each once: those between two towns, and the region's own outline. An edge is shared when
 * two rings hold the same two corners (neighbours fit exactly, or the edge counts as outline for both).
 * @returns lines in degrees
 */
export function townEdges(shapes: readonly TownShape[]): { inner: [number, number][][]; outer: [number, number][][] } {
  const seen = new Map<string, number>();
  const key = ([ax, ay]: [number, number], [bx, by]: [number, number]) => {
    const a = `${ax.toFixed(6)},${ay.toFixed(6)}`;
    const b = `${bx.toFixed(6)},${by.toFixed(6)}`;
    return a < b ? `${a};${b}` : `${b};${a}`;
  };
  const rings = shapes.flatMap((t) => t.coordinates.flat());
  for (const ring of rings) {
    for (let i = 0; i + 1 < ring.length; i++) {
      const k = key(ring[i]!, ring[i + 1]!);
      seen.set(k, (seen.get(k) ?? 0) + 1);
    }
  }
  const lines = { inner: [] as [number, number][][], outer: [] as [number, number][][] };
  const done = new Set<string>();
  for (const ring of rings) {
    let current: { kind: 'inner' | 'outer'; line: [number, number][] } | undefined;
    for (let i = 0; i + 1 < ring.length; i++) {
      const k = key(ring[i]!, ring[i + 1]!);
      if (done.has(k)) {
        current = undefined;
        continue;
      }
      done.add(k);
      const kind = seen.get(k)! > 1 ? 'inner' : 'outer';
      if (current?.kind !== kind) {
        current = { kind, line: [ring[i]!] };
        lines[kind].push(current.line);
      }
      current.line.push(ring[i + 1]!);
    }
  }
  return lines;
}
