import type { BriefingContent } from '../../../contract/briefings.ts';
import type { RegionAnswer } from '../../../contract/rest.ts';
import { instant } from '../../http/instant.ts';
import { ABSENT, count, dateWithWeekday, decimal, hourMinute, join, monthDay, percent } from '../../i18n/format.ts';
import type { Lang } from '../../i18n/lang.ts';
import { placeName, shortName } from '../../i18n/places.ts';
import { shortMoney } from '../figures.ts';
import { midnightOf, scopeName } from '../words.ts';
import { differenceOf, type Pair, type Unit } from './compared.ts';

/** How two situations, and the figures of both, are named. Pure but for the words handed in. */
type Say = (key: string, values?: Record<string, string>) => string;
const HOURS = 24;

/** What the two differ in, of one of them: `良渚街道`, `本月`, `2026-11-21 周六 09:00`; all of it where they differ in nothing. */
export function sideName(one: BriefingContent, other: BriefingContent, pack: RegionAnswer, lang: Lang, t: Say): string {
  const momentOf = (at: number) => `${dateWithWeekday(at, lang)} ${hourMinute(at)}`;
  const moment = momentOf(instant(one.at));
  const parts = [
    { differs: one.scope !== other.scope, text: scopeName(pack, one.scope, lang) },
    { differs: one.window !== other.window, text: t(`codes.windows.${one.window}`) },
    // Of two situations of now one is read a moment after the other: that is no difference that anybody sees.
    { differs: moment !== momentOf(instant(other.at)), text: moment },
  ];
  const told = parts.filter(({ differs }) => differs);
  return (told.length > 0 ? told : parts).map(({ text }) => text).join(' · ');
}

export function pairName({ of, key }: Pair, pack: RegionAnswer, content: BriefingContent, lang: Lang, t: Say): string {
  switch (of) {
    case 'town':
      return shortName(placeName(pack, key, lang), lang);
    case 'industry':
      return t(`codes.industriesShort.${key}`);
    case 'channel':
      return t(`codes.channels.${key}`);
    case 'stage':
      return t(`codes.stages.${key}`);
    case 'day':
      return key === '0'
        ? t('briefing.outlook.today')
        : monthDay(midnightOf(content.outlook[Number(key)]?.day ?? ''), lang);
    default:
      return t(`briefing.compare.figures.${key}`);
  }
}

/** A figure in its unit; `—` where nobody knows. */
export function valueText(value: number | undefined, unit: Unit, lang: Lang): string {
  if (value === undefined) return ABSENT;
  switch (unit) {
    case 'money':
      return join(shortMoney(value, lang));
    case 'rate':
      return percent(value, 1);
    case 'days':
      return decimal(value / HOURS, 1);
    default:
      return count(value);
  }
}

const SIGNS = { more: '+', fewer: '−', same: '=', bothNone: '=', unknown: '' };

/** `+12`, and in words: `多 12 件（40.0%）`. */
export function differenceText(pair: Pair, lang: Lang, t: Say): { sign: string; words: string } {
  const found = differenceOf(pair);
  if (!('size' in found)) return { sign: SIGNS[found.word], words: t(`briefing.compare.differs.${found.word}`) };
  const n = pair.unit === 'rate' ? decimal(found.size, 1) : valueText(found.size, pair.unit, lang);
  const said = t(`briefing.compare.differs.${pair.unit}.${found.word}`, { n });
  const share =
    found.share === undefined
      ? ''
      : t('briefing.compare.differs.share', { share: `${decimal(found.share * 100, 1)}%` });
  return { sign: `${SIGNS[found.word]}${n}`, words: `${said}${share}` };
}
