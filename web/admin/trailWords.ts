import type { TrailKey } from '../../contract/trailKeys.ts';
import { regionOfCode } from '../../common/divisions.ts';
import { parseRfc3339 } from '../../common/regionTime.ts';
import { date, exactMoney, fileSize, time } from '../i18n/format.ts';
import type { Lang } from '../i18n/lang.ts';
import type { Scopes } from '../shell/useScopes.ts';

type Detail = Readonly<Record<string, unknown>>;

/** What the trail is told with. */
export interface TrailTexts {
  t: (key: string) => string;
  te: (key: string) => boolean;
  lang: Lang;
  scopes: Pick<Scopes, 'nameOf' | 'unitName'>;
}

/** Where the words for the codes of a key are; whatever has none is shown as it is kept, as another release may have written it. */
const CODES: Readonly<Partial<Record<TrailKey, string>>> = {
  role: 'access.roles',
  by: 'access.trail.ways',
  screen: 'access.screens',
  platform: 'codes.platforms',
  tier: 'codes.tiers',
  tiers: 'codes.tiers',
  stage: 'codes.stages',
  channel: 'codes.channels',
  industry: 'codes.industriesShort',
  verdict: 'codes.verdicts',
  outcome: 'codes.outcomes',
  level: 'codes.levels',
  window: 'codes.windows',
  measure: 'codes.measures',
  state: 'access.trail.states',
  sort: 'access.trail.sorts',
  kind: 'access.trail.kinds',
  list: 'access.trail.lists',
  figure: 'access.trail.figures',
};
const PLACES: readonly string[] = ['scope', 'region', 'town'] satisfies TrailKey[];
/** What only machines go by comes last. */
const NUMBERS: readonly string[] = ['event', 'digest'] satisfies TrailKey[];
const MOMENT = /^\d{4}-\d\d-\d\dT/;

/** A verb; one that this release has no words for is shown as it is kept. */
export function verbText(verb: string, { t, te }: Pick<TrailTexts, 't' | 'te'>): string {
  const key = `access.trail.verbs.${verb.replace('.', '-')}`;
  return te(key) ? t(key) : verb;
}

/** The details of an entry in a line. */
export function detailText(detail: Detail | undefined, texts: TrailTexts): string {
  const { t, te } = texts;
  const entries = Object.entries(detail ?? {});
  const last = (key: string) => Number(NUMBERS.includes(key));
  return entries
    .sort(([a], [b]) => last(a) - last(b))
    .map(([key, value]) => {
      const word = te(`access.trail.keys.${key}`) ? t(`access.trail.keys.${key}`) : key;
      // What simply holds is named, without a value.
      return value === true ? word : `${word}${t('access.trail.colon')}${valueText(key, value, detail!, texts)}`;
    })
    .join(' · ');
}

function valueText(key: string, value: unknown, detail: Detail, texts: TrailTexts): string {
  const { t, te, lang, scopes } = texts;
  if (Array.isArray(value)) return value.map((one) => valueText(key, one, detail, texts)).join(t('access.trail.comma'));
  if (value === false) return t('access.trail.no');
  if (typeof value === 'object' && value !== null) return `(${detailText(value as Detail, texts)})`;
  if (typeof value === 'number') {
    if (key === 'amountFen') return exactMoney(value, lang);
    return key === 'bytes' ? fileSize(value) : String(value);
  }
  if (typeof value !== 'string') return JSON.stringify(value);
  if (PLACES.includes(key)) return scopes.nameOf(value);
  if (key === 'unit') return scopes.unitName(regionOfCode(String(detail.region ?? detail.scope ?? '')), value);
  const moment = MOMENT.test(value) ? parseRfc3339(value) : undefined;
  if (moment !== undefined) return `${date(moment, lang)} ${time(moment)}`;
  // What is sorted the other way round has a minus in front.
  const down = key === 'sort' && value.startsWith('-');
  const word = `${CODES[key as TrailKey] ?? ''}.${down ? value.slice(1) : value}`;
  if (word.startsWith('.') || !te(word)) return value;
  return down ? `${t(word)} ↓` : t(word);
}
