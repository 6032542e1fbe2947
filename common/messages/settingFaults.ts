import { MAX_MESSAGE_BODY, MESSAGE_PLACES, type MessageTemplate } from './constants.ts';
import type { MessageSetting } from '../../contract/connectors.ts';
import { asksFor, parseTemplate, TemplateFault, type Template, type TemplateFaultCode } from './template.ts';

export type SettingFaultCode =
  TemplateFaultCode | 'half' | 'header' | 'own' | 'twice' | 'ascii' | 'deep' | 'long' | 'silent' | 'never';

export interface SettingFault {
  /** Of the field: `text`, `body/content`. */
  path: string;
  code: SettingFaultCode;
  /** Of a template: the character from 1, the name that is none, and those that there are. */
  at?: number;
  given?: string;
  known?: readonly string[];
  /** A clause that goes on from it. */
  problem: string;
}

/** Names of header fields (RFC 9110 §5.1) that a setting may have. */
const HEADER = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
/** What belongs to the request itself, or signs it. */
const OWN_HEADER =
  /^(host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|keep-alive|cookie|webhook-.*)$/i;
const DEEPEST = 8;
/** Half of a character. Not `isWellFormed`: browsers below Chromium 111, which pages run in, have none. */
const HALF = /[\ud800-\udfff]/u;

/** A text within a value: where, and what it says; no text where the value goes on too deep. */
interface Found {
  path: string;
  text?: string;
}

/** All texts of a value, down to `DEEPEST`: how deep it goes on is up to whoever has sent it. */
function* textsIn(value: unknown, path: string, depth = 0): Generator<Found> {
  if (depth > DEEPEST) yield { path };
  else if (typeof value === 'string') yield { path, text: value };
  else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value)) yield* textsIn(inner, `${path}/${name}`, depth + 1);
}

/** What the schema cannot say of the setting of a connector for messages, all of it. */
export function messageFaults(setting: MessageSetting): SettingFault[] {
  const faults: SettingFault[] = [];
  /** @returns the template; nothing where it is none */
  const check = (path: string, text: string, of: MessageTemplate): Template | undefined => {
    try {
      return parseTemplate(text, MESSAGE_PLACES[of]);
    } catch (error) {
      if (!(error instanceof TemplateFault)) throw error;
      const { code, at, given } = error;
      faults.push({ path, code, at, given, known: MESSAGE_PLACES[of], problem: error.message });
      return undefined;
    }
  };
  for (const of of ['text', 'digest', 'line', 'report'] as const) {
    const text = setting[of];
    if (text === undefined) continue;
    if (HALF.test(text)) faults.push({ path: of, code: 'half', problem: 'holds half of a character' });
    check(of, text, of);
  }
  const names = new Set<string>();
  for (const [name, value] of Object.entries(setting.headers ?? {})) {
    const path = `headers/${name}`;
    if (!HEADER.test(name)) faults.push({ path, code: 'header', problem: 'is no name of a header field' });
    else if (OWN_HEADER.test(name)) faults.push({ path, code: 'own', problem: 'is set by the program itself' });
    if (names.has(name.toLowerCase())) faults.push({ path, code: 'twice', problem: 'is there twice' });
    names.add(name.toLowerCase());
    if (!/^[\x20-\x7e]*$/.test(value)) faults.push({ path, code: 'ascii', problem: 'may have printable ASCII only' });
    check(path, value, 'headers');
  }
  if (setting.body) bodyFaults(setting.body, faults, check);
  if (setting.quiet && setting.quiet.from === setting.quiet.to)
    faults.push({ path: 'quiet', code: 'never', problem: 'begins as it ends: leave it out for none' });
  return faults;
}

/** What is wrong with the body that a gateway gets. Of one that cannot be read to its end, no more is said. */
function bodyFaults(
  body: Record<string, unknown>,
  faults: SettingFault[],
  check: (path: string, text: string, of: 'body') => Template | undefined,
): void {
  const before = faults.length;
  let speaks = false;
  for (const { path, text } of textsIn(body, 'body')) {
    if (text === undefined) {
      faults.push({ path, code: 'deep', problem: `is nested more than ${DEEPEST} deep` });
      continue;
    }
    const template = check(path, text, 'body');
    speaks ||= template !== undefined && (asksFor(template, 'text') || asksFor(template, 'text.json'));
  }
  if (faults.length > before) return;
  if (JSON.stringify(body).length > MAX_MESSAGE_BODY)
    faults.push({ path: 'body', code: 'long', problem: `has more than ${MAX_MESSAGE_BODY} characters` });
  if (!speaks)
    faults.push({ path: 'body', code: 'silent', problem: 'has {text} nowhere: the message would say nothing' });
}

/** Whether the gateway's key is asked for: without it nothing can be sent. A text that is no template asks for nothing. */
export function needsKey({ headers = {}, body = {} }: MessageSetting): boolean {
  const asks = (text: string | undefined, of: 'headers' | 'body') => {
    try {
      return text !== undefined && asksFor(parseTemplate(text, MESSAGE_PLACES[of]), 'key');
    } catch (error) {
      if (error instanceof TemplateFault) return false;
      throw error;
    }
  };
  return (
    Object.values(headers).some((text) => asks(text, 'headers')) ||
    [...textsIn(body, 'body')].some(({ text }) => asks(text, 'body'))
  );
}
