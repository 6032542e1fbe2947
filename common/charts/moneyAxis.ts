import type { NameLang } from '../codeNames.ts';
import { decimal } from '../format.ts';

/** The unit of a money axis, chosen once for all its labels. */
export interface MoneyUnit {
  /** Fen in one unit. */
  fen: number;
  /** Goes before the number: `¥`. */
  prefix: string;
  /** Goes after the number: `万`, `K`; may be empty. */
  unit: string;
}

const UNITS: Record<NameLang, MoneyUnit[]> = {
  'zh-CN': [
    { fen: 1e10, prefix: '', unit: '亿' },
    { fen: 1e6, prefix: '', unit: '万' },
    { fen: 100, prefix: '', unit: '' },
  ],
  en: [
    { fen: 1e11, prefix: '¥', unit: 'B' },
    { fen: 1e8, prefix: '¥', unit: 'M' },
    { fen: 1e5, prefix: '¥', unit: 'K' },
    { fen: 100, prefix: '¥', unit: '' },
  ],
};

/** The largest unit of which `maxFen` is at least a half; an empty axis is in the usual unit. */
export function moneyUnit(maxFen: number, lang: NameLang): MoneyUnit {
  const units = UNITS[lang];
  if (maxFen <= 0) return units[1]!;
  return units.find((unit) => maxFen * 2 >= unit.fen) ?? units.at(-1)!;
}

/** An axis label: `20万`, `1.5亿`; in English `¥1.5M`. Nothing needs no unit. */
export function moneyTick(value: number, unit: MoneyUnit): string {
  const digits = Number.isInteger(value) ? 0 : Number.isInteger(Math.round(value * 1e6) / 1e5) ? 1 : 2;
  return value === 0 ? '0' : `${unit.prefix}${decimal(value, digits)}${unit.unit}`;
}
