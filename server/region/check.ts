import { Ajv, type ErrorObject } from 'ajv';
import type { Static, TSchema } from 'typebox';
import { contains, prefixOf } from '../../common/divisions.ts';
import { OWN_SOURCE } from '../../contract/alertLimits.ts';
import { BoundariesSchema, type Boundaries } from '../../contract/boundaries.ts';
import { RegionPackSchema, type RegionPack } from '../../contract/region.ts';
import { parseRfc3339 } from '../../common/regionTime.ts';
import { whenAsked } from '../../common/whenAsked.ts';
import { caseworkProblems } from './caseworkProblems.ts';
import { MapOverlaySchema, type MapOverlay } from './overlay.ts';
import { TRUSTED } from '../../common/trustedSchemas.ts';

/**
 * What must hold of a region pack's files before the program trusts them. Pure: text in, value or
 * sentences out; each sentence names the file and the field.
 */

/** The rest is counted: nobody reads a thousand lines, and all of a province may be wrong for one reason. */
const MAX_TOLD = 20;

/** A file of a region pack that cannot be used; `message` has one sentence a line, the first of them. */
export class RegionPackError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    const further = problems.length - MAX_TOLD;
    super([...problems.slice(0, MAX_TOLD), ...(further > 0 ? [`and ${further} further faults`] : [])].join('\n'));
    this.name = 'RegionPackError';
    this.problems = problems;
  }
}

/** Few texts are checked at a start: code that is not optimized is made in half the time. */
const ajv = whenAsked(() =>
  new Ajv({ allErrors: true, ...TRUSTED, code: { optimize: false } }).addFormat(
    'date-time',
    (text) => parseRfc3339(text) !== undefined,
  ),
);
const compiled = {
  pack: whenAsked(() => ajv().compile(RegionPackSchema)),
  overlay: whenAsked(() => ajv().compile(MapOverlaySchema)),
  boundaries: whenAsked(() => ajv().compile(BoundariesSchema)),
};

/** At most this many faults of a file are told: one missing comma can make hundreds. */
const MAX_PROBLEMS = 10;

/** `/towns/3/seat/0` → `towns[3].seat[0]`. */
function fieldName(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((name, part) => (/^\d+$/.test(part) ? `${name}[${part}]` : name ? `${name}.${part}` : part), '');
}

function sentence(error: ErrorObject): string {
  const missing: unknown = error.params['missingProperty'];
  if (typeof missing === 'string') return `${fieldName(`${error.instancePath}/${missing}`)} is missing`;
  const allowed: unknown = error.params['allowedValues'];
  const where = fieldName(error.instancePath) || 'the whole file';
  return `${where} ${error.message ?? 'is wrong'}${Array.isArray(allowed) ? ` (${allowed.join(', ')})` : ''}`;
}

function parse<T extends TSchema>(schema: keyof typeof compiled & string, text: string, file: string): Static<T> {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new RegionPackError([`${file} is not JSON: ${(cause as Error).message}`]);
  }
  const validate = compiled[schema]();
  if (validate(value)) return value as Static<T>;
  const errors = validate.errors ?? [];
  const sentences = [...new Set(errors.map(sentence))].slice(0, MAX_PROBLEMS).map((fault) => `${file}: ${fault}`);
  if (errors.length > sentences.length) sentences.push(`${file}: and further faults`);
  throw new RegionPackError(sentences);
}

function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

/**
 * A region pack from the text of its `region.json`.
 * @param code what the pack must be for (the name of its folder)
 * @throws RegionPackError
 */
export function parsePack(text: string, file: string, code: string): RegionPack {
  const pack = parse<typeof RegionPackSchema>('pack', text, file);
  const problems: string[] = [];
  if (pack.code !== code) problems.push(`code is ${pack.code}, but the folder is for ${code}`);
  for (const town of repeated(pack.towns.map((t) => t.code))) problems.push(`towns: ${town} is there twice`);
  for (const name of repeated(pack.towns.map((t) => t.name['zh-CN'])))
    problems.push(`towns: the name ${name} is there twice`);
  for (const tier of repeated(pack.tiers.map((t) => t.tier))) problems.push(`tiers: ${tier} is there twice`);
  pack.towns.forEach((town, index) => {
    if (town.code.length !== pack.towns[0]!.code.length) {
      problems.push(
        `towns[${index}].code ${town.code} is not as long as that of the first: the areas of a pack are all towns (9 digits) or all regions (6)`,
      );
    } else if (town.code === pack.code || !contains(pack.code, town.code)) {
      problems.push(`towns[${index}].code ${town.code} does not begin with the region's code ${prefixOf(pack.code)}`);
    }
    const [lng, lat] = town.seat;
    if (Math.abs(lng) > 180 || Math.abs(lat) > 90) {
      problems.push(`towns[${index}].seat is not [lng, lat] in degrees: [${lng}, ${lat}]`);
    }
  });
  problems.push(...caseworkProblems(pack));
  for (const source of Object.keys(pack.sourceNames ?? {}).filter((one) => one.startsWith(OWN_SOURCE)))
    problems.push(`sourceNames: ${source} is the program's own, which has its name already`);
  if (pack.box) {
    const [west, south, east, north] = pack.box;
    if (!(west >= -180 && west < east && east <= 180 && south >= -90 && south < north && north <= 90))
      problems.push(`box is not [west, south, east, north] in degrees: [${pack.box.join(', ')}]`);
  }
  if (pack.map.kind === 'licensed' && !pack.map.reviewNumber) {
    problems.push('map.reviewNumber is missing, and licensed boundaries may not be shown without one');
  }
  if (problems.length) throw new RegionPackError(problems.map((problem) => `${file}: ${problem}`));
  return pack;
}

/** The `map.json` that an import left. @throws RegionPackError */
export function parseOverlay(text: string, file: string): MapOverlay {
  return parse<typeof MapOverlaySchema>('overlay', text, file);
}

/**
 * Boundaries that fit a pack: exactly one Feature a town.
 * @throws RegionPackError
 */
export function parseBoundaries(text: string, file: string, pack: RegionPack): Boundaries {
  const boundaries = parse<typeof BoundariesSchema>('boundaries', text, file);
  const drawn = boundaries.features.map((feature) => feature.properties.code);
  const known = new Set(pack.towns.map((town) => town.code));
  const problems = [
    ...repeated(drawn).map((code) => `town ${code} is drawn twice`),
    ...drawn.filter((code) => !known.has(code)).map((code) => `town ${code} is not in region ${pack.code}`),
    ...pack.towns
      .filter((town) => !drawn.includes(town.code))
      .map((town) => `town ${town.code} ${town.name['zh-CN']} is not drawn`),
  ];
  if (problems.length) throw new RegionPackError(problems.map((problem) => `${file}: ${problem}`));
  return boundaries;
}
