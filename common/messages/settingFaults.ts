import { MAX_MESSAGE_BODY, MESSAGE_PLACES, type MessageTemplate } from './constants.ts';
import type { MessageSetting } from '../../contract/connectors.ts';
import { parseTemplate, TemplateFault, type TemplateFaultCode } from './template.ts';

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

/** What the schema cannot say of the setting of a connector for messages, all of it. */
export function messageFaults(setting: MessageSetting): SettingFault[] {
  const faults: SettingFault[] = [];
  const check = (path: string, text: string, of: MessageTemplate) => {
    try {
      parseTemplate(text, MESSAGE_PLACES[of]);
    } catch (error) {
      if (!(error instanceof TemplateFault)) throw error;
      const { code, at, given } = error;
      faults.push({ path, code, at, given, known: MESSAGE_PLACES[of], problem: error.message });
    }
  };
  for (const of of ['text', 'digest', 'line'] as const) {
    const text = setting[of];
    if (text === undefined) continue;
    if (!text.isWellFormed()) faults.push({ path: of, code: 'half', problem: 'holds half of a character' });
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
  const walk = (value: unknown, path: string, depth: number) => {
    if (depth > DEEPEST) faults.push({ path, code: 'deep', problem: `is nested more than ${DEEPEST} deep` });
    else if (typeof value === 'string') check(path, value, 'body');
    else if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) walk(inner, `${path}/${name}`, depth + 1);
  };
  if (setting.body) {
    walk(setting.body, 'body', 0);
    if (JSON.stringify(setting.body).length > MAX_MESSAGE_BODY)
      faults.push({ path: 'body', code: 'long', problem: `has more than ${MAX_MESSAGE_BODY} characters` });
    if (!asksAnywhere(setting.body, ['{text}', '{text.json}']))
      faults.push({ path: 'body', code: 'silent', problem: 'has {text} nowhere: the message would say nothing' });
  }
  if (setting.quiet && setting.quiet.from === setting.quiet.to)
    faults.push({ path: 'quiet', code: 'never', problem: 'begins as it ends: leave it out for none' });
  return faults;
}

function asksAnywhere(value: unknown, texts: readonly string[]): boolean {
  if (typeof value === 'string') return texts.some((text) => value.includes(text));
  return typeof value === 'object' && value !== null && Object.values(value).some((one) => asksAnywhere(one, texts));
}

/** Whether the gateway's key is asked for: without it nothing can be sent. */
export function needsKey({ headers = {}, body }: MessageSetting): boolean {
  return asksAnywhere([headers, body ?? {}], ['{key}']);
}
