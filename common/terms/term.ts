/**
 * How terms are written (docs/terms.md): `30m` and `2h` by the clock, `3d` calendar days, `3wd` working days.
 */
export const TERM_UNITS = ['m', 'h', 'd', 'wd'] as const;
export type TermUnit = (typeof TERM_UNITS)[number];

export interface Term {
  /** A whole number from 1 to `MAX_TERM`. */
  count: number;
  unit: TermUnit;
}

/** The most of any unit: ten years of days, and two and a half days of minutes. */
export const MAX_TERM = 3650;
/** What a term looks like; its bounds are told by `parseTerm`. */
export const TERM_FORMS = '30m (minutes), 2h (hours), 3d (calendar days) or 3wd (working days)';

export type ParsedTerm = { ok: true; term: Term } | { ok: false; problem: string };

/** A term from its text, or a sentence that says what is wrong with it and what is allowed. */
export function parseTerm(text: string): ParsedTerm {
  const given = JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
  const fault = (rule: string): ParsedTerm => ({ ok: false, problem: `${given} is no term: ${rule}` });
  const [, number, word] = /^([+-]?[\d.,]*)(.*)$/su.exec(text)!;
  const unit = TERM_UNITS.find((one) => one === word);
  if (unit === undefined) return fault(`write ${TERM_FORMS}`);
  if (number === '') return fault(`a number is missing before ${unit}; write ${TERM_FORMS}`);
  if (!/^\d+$/.test(number!)) return fault('the number must be whole and without a sign');
  if (number!.length > 1 && number!.startsWith('0')) return fault('the number must not begin with 0');
  const count = Number(number);
  if (count < 1) return fault('it must be at least 1');
  if (count > MAX_TERM) return fault(`it must be at most ${MAX_TERM}`);
  return { ok: true, term: { count, unit } };
}

/** A term from a text that has been checked before. @throws Error for one that is none */
export function termOf(text: string): Term {
  const parsed = parseTerm(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.term;
}
