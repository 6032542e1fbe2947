import type { InboxKind } from '../../contract/supervision.ts';

/** Messages to people by a text-message or government-chat gateway (docs/casework.md §4). No schemas here: pages need this as well. */

/** By which name the connector for messages goes; there is one for each region. */
export const MESSAGE_PLATFORM = 'message';

/** What people can be sent of the inbox, gravest first. Of news of cases only what begins work anew. */
export const MESSAGE_KINDS = [
  'red',
  'urge',
  'supervision',
  'returned',
  'draft',
  'reminder',
  'notice',
] as const satisfies readonly InboxKind[];

/** Of one entry of the inbox. */
const OF_ENTRY = ['kind', 'tier', 'alert', 'town', 'stage', 'due', 'unit', 'employer'] as const;
/** Of the message to a gateway; none of them needs more than ASCII, as headers cannot have it. */
const OF_MESSAGE = ['to', 'role', 'unit', 'id', 'time', 'count', 'region', 'key'] as const;
/** The placeholders that each template may have. */
export const MESSAGE_PLACES = {
  text: OF_ENTRY,
  line: OF_ENTRY,
  digest: ['count', 'lines', 'unit'],
  report: ['report', 'span', 'link', 'unit'],
  headers: OF_MESSAGE,
  body: [...OF_MESSAGE, 'unit.name', 'text', 'text.json'],
} as const;
export type MessageTemplate = keyof typeof MESSAGE_PLACES;

/** What is sent where a connector does not say otherwise: no names of employers, as a phone is no safe place. */
export const MESSAGE_DEFAULTS = {
  text: '【欠薪预警】{kind}：{tier}预警{alert}（{town}），{stage}，时限{due}。',
  digest: '【欠薪预警】{unit}有{count}项提醒：{lines}。',
  line: '{kind}{alert}（{tier}，{town}，时限{due}）',
  report: '【欠薪预警】{report}（{span}）已生成，登录后查看：{link}',
  body: { to: '{to}', text: '{text}', id: '{id}' },
} as const;

export const MAX_TEMPLATE = 500;
/** Letters of the whole body as JSON. */
export const MAX_MESSAGE_BODY = 4_000;
export const MAX_MESSAGE_HEADERS = 20;
export const MAX_GATEWAY_KEY = 500;
/** Escaped as browsers want it in `pattern`, too. */
export const PHONE_PATTERN = '^[0-9+\\(\\) \\-]{3,40}$';
/** A time of day: 00:00 to 23:59. */
export const TIME_OF_DAY_PATTERN = '^([01][0-9]|2[0-3]):[0-5][0-9]$';
