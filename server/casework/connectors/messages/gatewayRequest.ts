import { MESSAGE_DEFAULTS, MESSAGE_PLACES } from '../../../../common/messages/constants.ts';
import type { MessageSetting } from '../../../../contract/connectors.ts';
import type { RegionPack } from '../../../../contract/region.ts';
import { toRfc3339 } from '../../../../common/regionTime.ts';
import type { Recipient } from './gather.ts';
import { fillTemplate, parseTemplate } from '../../../../common/messages/template.ts';
import { recipientName } from './wording.ts';

export interface MessageParts {
  /** Of the message. */
  id: string;
  to: Recipient;
  /** A number in place of the recipient's: of a test. */
  number?: string | undefined;
  text: string;
  /** Entries that it tells. */
  count: number;
  region: string;
  /** Epoch ms. */
  now: number;
  /** What the gateway knows us by. */
  key?: string | undefined;
}

/**
 * What a gateway is sent, by its templates. `{to}` is the number of the unit, or of officers or leaders; of a unit without one its code,
 * which a gateway of a government chat may know.
 * @throws Error a clause that says why, where nobody is there to send it to: officers or leaders whose number was taken out meanwhile
 */
export function gatewayRequest(
  setting: MessageSetting,
  { id, to, number, text, count, region, now, key }: MessageParts,
  pack: Pick<RegionPack, 'units'>,
): { headers: Record<string, string>; body: string } {
  const unit = 'unit' in to ? pack.units?.find(({ code }) => code === to.unit) : undefined;
  const address = 'unit' in to ? (unit?.phone ?? to.unit) : setting.phones?.[to.role];
  const reached = number ?? address ?? '';
  if (reached === '') throw new Error(`there is no number of ${recipientName(to, pack)}`);
  const values: Record<string, string> = {
    to: reached,
    role: 'unit' in to ? 'unit' : to.role,
    unit: 'unit' in to ? to.unit : '',
    'unit.name': recipientName(to, pack),
    id,
    time: toRfc3339(now),
    count: String(count),
    region,
    key: key ?? '',
    text,
    'text.json': JSON.stringify(text).slice(1, -1),
  };
  const filled = (value: unknown): unknown => {
    if (typeof value === 'string')
      return fillTemplate(parseTemplate(value, MESSAGE_PLACES.body), (name) => values[name]!);
    if (Array.isArray(value)) return value.map(filled);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, filled(inner)]));
  };
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(setting.headers ?? {}))
    headers[name] = fillTemplate(parseTemplate(value, MESSAGE_PLACES.headers), (place) => headerSafe(values[place]!));
  return { headers, body: JSON.stringify(filled(setting.body ?? MESSAGE_DEFAULTS.body)) };
}

/** A pack may write a phone in any letters; a header has ASCII only. */
const headerSafe = (value: string) => value.replace(/[^\x20-\x7e]/gu, (letter) => encodeURIComponent(whole(letter)));
/** Of half of a character, the mark for what cannot be read: nothing else can be written of it. */
const whole = (letter: string) => letter.replace(/[\ud800-\udfff]/u, '\ufffd');
