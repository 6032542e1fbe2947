import { TIERS, type Tier } from '../../contract/codes.ts';
import type { MessageSetting } from '../../contract/connectors.ts';
import { MESSAGE_DEFAULTS, MESSAGE_KINDS } from '../../common/messages/constants.ts';
import { messageFaults, type SettingFault, type SettingFaultCode } from '../../common/messages/settingFaults.ts';

/** The connector for messages as the form has it. */
export interface MessageDraft {
  url: string;
  text: string;
  digest: string;
  line: string;
  report: string;
  /** A field a line: `Name: value`. */
  headers: string;
  /** JSON. */
  body: string;
  kinds: readonly (typeof MESSAGE_KINDS)[number][];
  tiers: readonly Tier[];
  quiet: boolean;
  from: string;
  to: string;
  officers: string;
  leaders: string;
}

/** What the form cannot send as it is. */
export interface DraftFault extends Partial<Omit<SettingFault, 'code' | 'path'>> {
  path: string;
  code: SettingFaultCode | 'json' | 'line' | 'none';
}

export function messageDraft(setting: MessageSetting | undefined): MessageDraft {
  const { quiet, phones = {}, headers = {} } = setting ?? {};
  return {
    url: setting?.url ?? '',
    text: setting?.text ?? MESSAGE_DEFAULTS.text,
    digest: setting?.digest ?? MESSAGE_DEFAULTS.digest,
    line: setting?.line ?? MESSAGE_DEFAULTS.line,
    report: setting?.report ?? MESSAGE_DEFAULTS.report,
    headers: Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
    body: JSON.stringify(setting?.body ?? MESSAGE_DEFAULTS.body, null, 1),
    kinds: setting?.kinds ?? MESSAGE_KINDS,
    tiers: setting?.tiers ?? TIERS,
    // A gateway that is set up anew wakes nobody.
    quiet: setting === undefined || quiet !== undefined,
    from: quiet?.from ?? '22:00',
    to: quiet?.to ?? '07:00',
    officers: phones.officers ?? '',
    leaders: phones.leaders ?? '',
  };
}

/** The setting that a form comes to, and what is wrong with it. What is as it would be anyway is left out. */
export function settingOf(draft: MessageDraft): { setting: MessageSetting; faults: DraftFault[] } {
  const faults: DraftFault[] = [];
  const setting: MessageSetting = { kind: 'message', url: draft.url.trim() };
  for (const of of ['text', 'digest', 'line', 'report'] as const)
    if (draft[of].trim() !== MESSAGE_DEFAULTS[of]) setting[of] = draft[of].trim();
  const headers: Record<string, string> = {};
  for (const line of draft.headers.split('\n')) {
    if (line.trim() === '') continue;
    const colon = line.indexOf(':');
    if (colon < 1) faults.push({ path: 'headers', code: 'line', given: line.trim().slice(0, 40) });
    else headers[line.slice(0, colon).trim()] = line.slice(colon + 1).trim();
  }
  if (Object.keys(headers).length) setting.headers = headers;
  const body = bodyOf(draft.body);
  if (!body) faults.push({ path: 'body', code: 'json' });
  else if (!isDefault(body)) setting.body = body;
  for (const [path, chosen] of [
    ['kinds', draft.kinds],
    ['tiers', draft.tiers],
  ] as const)
    if (!chosen.length) faults.push({ path, code: 'none' });
  if (draft.kinds.length < MESSAGE_KINDS.length) setting.kinds = [...draft.kinds];
  if (draft.tiers.length < TIERS.length) setting.tiers = [...draft.tiers];
  if (draft.quiet) setting.quiet = { from: draft.from, to: draft.to };
  const [officers, leaders] = [draft.officers.trim(), draft.leaders.trim()];
  if (officers || leaders) setting.phones = { ...(officers ? { officers } : {}), ...(leaders ? { leaders } : {}) };
  return { setting, faults: [...faults, ...messageFaults(setting)] };
}

/** Looked at flat: what is typed may be nested without end. */
function isDefault(body: Record<string, unknown>): boolean {
  const shipped: Record<string, unknown> = MESSAGE_DEFAULTS.body;
  const names = Object.keys(body);
  return names.length === Object.keys(shipped).length && names.every((name) => body[name] === shipped[name]);
}

function bodyOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
