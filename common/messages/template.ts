/** A text with named placeholders: `{alert}`; `{{` and `}}` are braces. */
export type Template = readonly (string | { name: string })[];

/** A placeholder that there is none of, a brace that is not ended, or one that ends nothing. */
export type TemplateFaultCode = 'unknown' | 'open' | 'alone';

/** What is wrong with a template: a clause that says where. */
export class TemplateFault extends Error {
  readonly code: TemplateFaultCode;
  /** The character, from 1. */
  readonly at: number;
  /** Of an unknown placeholder, its name. */
  readonly given: string;

  constructor(code: TemplateFaultCode, at: number, given: string, problem: string) {
    super(problem);
    this.code = code;
    this.at = at;
    this.given = given;
  }
}

/** So much of a name that is none is said. */
const MAX_GIVEN = 40;

/**
 * @param names of the placeholders that it may have
 * @throws TemplateFault
 */
export function parseTemplate(text: string, names: readonly string[]): Template {
  const parts: (string | { name: string })[] = [];
  let plain = '';
  const place = (at: number) => [...text.slice(0, at)].length + 1;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!;
    if (letter !== '{' && letter !== '}') {
      plain += letter;
      continue;
    }
    if (text[at + 1] === letter) {
      plain += letter;
      at++;
      continue;
    }
    const n = place(at);
    if (letter === '}')
      throw new TemplateFault(
        'alone',
        n,
        '',
        `has a } at character ${n} that ends nothing: a brace itself is written }}`,
      );
    const end = text.indexOf('}', at);
    const name = text.slice(at + 1, end);
    if (end < 0 || name.includes('{'))
      throw new TemplateFault(
        'open',
        n,
        '',
        `has a { at character ${n} that is not ended: a brace itself is written {{`,
      );
    if (!names.includes(name)) {
      const given = name.slice(0, MAX_GIVEN);
      const known = names.map((one) => `{${one}}`).join(' ');
      const problem = `has {${given}} at character ${n}, which is no placeholder here: there are ${known}`;
      throw new TemplateFault('unknown', n, given, problem);
    }
    if (plain) parts.push(plain);
    plain = '';
    parts.push({ name });
    at = end;
  }
  if (plain) parts.push(plain);
  return parts;
}

/** @param valueOf of each placeholder that the template has */
export function fillTemplate(template: Template, valueOf: (name: string) => string): string {
  return template.map((part) => (typeof part === 'string' ? part : valueOf(part.name))).join('');
}

/** Whether a template asks for something. */
export const asksFor = (template: Template, name: string) =>
  template.some((part) => typeof part !== 'string' && part.name === name);
