import type { PackIndicator, RulePack } from '../../contract/rulePack.ts';
import { CHANNELS, type Channel } from '../../contract/codes.ts';
import type { Lang } from '../i18n/lang.ts';

/** A rule pack in words, for the pages that show it. Pure. */

/** From which value on there are how many points. */
export interface PackStep {
  /** Above `threshold`, not from it on. */
  over: boolean;
  threshold: number;
  points: number;
}

/**
 * The steps of an indicator. A pack writes "more than 20" as 20.001: all values are whole thousandths (signals §3).
 */
export function stepsOf(points: PackIndicator['points']): PackStep[] {
  return points.map(([from, worth]) => {
    const thousandths = Math.round(from * 1_000);
    const over = thousandths % 10 === 1;
    return { over, threshold: over ? (thousandths - 1) / 1_000 : from, points: worth };
  });
}

/** A number as a pack has it, with separators and without zeros at its end. */
export function packNumber(value: number): string {
  const [whole = '0', fraction] = String(value).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction ? `${grouped}.${fraction}` : grouped;
}

/** What a number of the pack is based on; `site` stands for a starting value of our own. */
export function basisText(basis: string | undefined, siteWords: string): string {
  return basis === undefined ? '' : basis.replaceAll(/(?<![\w-])site(?![\w-])/g, siteWords);
}

/** Days that an observation counts: of a state how long it holds, of an event how far back. */
export function daysOf({ kind, validDays, windowDays }: PackIndicator): number {
  return (kind === 'state' ? validDays : windowDays) ?? 0;
}

/** Name of an indicator, its code where neither the pack nor the name is there. */
export function indicatorName(pack: Pick<RulePack, 'indicators'> | undefined, code: string, lang: Lang): string {
  return pack?.indicators[code]?.name?.[lang] ?? code;
}

/**
 * An indicator's text with figures put in.
 * @param figures by name, as they are to be shown; what is not given becomes `…`
 */
export function indicatorText(
  indicator: PackIndicator,
  lang: Lang,
  figures: Partial<Record<'value' | 'count' | 'workers' | 'amountYuan', string>> = {},
): string {
  const all: Record<string, string | undefined> = { ...figures, days: String(daysOf(indicator)) };
  return indicator.text[lang].replaceAll(/\{(\w+)\}/g, (_, name: string) => all[name] ?? '…');
}

export interface PackChannelView {
  code: Channel;
  cap: number;
  everyDays?: number;
  basis?: string;
  indicators: { code: string; indicator: PackIndicator }[];
}

/** The channels of a pack in the vocabulary's order, each with its indicators in the order of the pack. */
export function packChannels(pack: RulePack): PackChannelView[] {
  return CHANNELS.flatMap((code) => {
    const channel = pack.channels[code];
    if (!channel) return [];
    const indicators = Object.entries(pack.indicators)
      .filter(([, indicator]) => indicator.channel === code)
      .map(([name, indicator]) => ({ code: name, indicator }));
    return [{ code, ...channel, indicators }];
  });
}

/** Key of a unit's words in the texts: `working-day`. */
export function unitKey(unit: string): string {
  return unit.replaceAll(' ', '-');
}
