import { MESSAGE_DEFAULTS, MESSAGE_PLACES, type MessageTemplate } from '../../../../common/messages/constants.ts';
import type { MessageSetting } from '../../../../contract/connectors.ts';
import type { RegionPack } from '../../../../contract/region.ts';
import type { InboxEntry, InboxKind } from '../../../../contract/supervision.ts';
import { inSentence } from '../../../../common/bidi.ts';
import { CODE_NAMES } from '../../../../common/codeNames.ts';
import { dateOf, endOfTerm, parseRfc3339 } from '../../../../common/regionTime.ts';
import type { Gathered, Recipient } from './gather.ts';
import { asksFor, fillTemplate, parseTemplate } from '../../../../common/messages/template.ts';

/** What messages say. They leave the program, like the names of codes, so their words are here; gateways in China take Chinese. */

const KINDS: Record<InboxKind, string> = {
  red: '新交派',
  notice: '办理提示',
  reminder: '临期提醒',
  urge: '超期催办',
  draft: '督办待签发',
  supervision: '督办',
  returned: '审核退回',
  sent: '转来',
  assigned: '指定经办',
  extended: '延期',
  answered: '督办回复',
  noted: '批注',
};
const ROLES = { officers: '值班人员', leaders: '负责人' };
/** So many of a digest are named. */
const NAMED = 10;

const two = (figure: number) => String(figure).padStart(2, '0');

/** `11月28日17:00`; the end of a day is its 24:00. */
export function dueWords(dueAt: string | undefined): string {
  const at = dueAt === undefined ? undefined : parseRfc3339(dueAt);
  if (at === undefined) return '未定';
  const { day: moment, minutes } = endOfTerm(at);
  const { month, day } = dateOf(moment);
  return `${month}月${day}日${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** What becomes red while somebody works on it was dispatched long ago. */
const newlyRed = ({ kind, stage }: InboxEntry) => (kind === 'red' && stage === 'accepted' ? '升为红色' : undefined);

export interface Wording {
  pack: Pick<RegionPack, 'towns' | 'units'>;
  /** Name of the employer of an alert; asked only where a template wants it. */
  employerOf: (alertId: string) => string;
}

const templateOf = (setting: MessageSetting, of: 'text' | 'digest' | 'line' | 'report') =>
  parseTemplate(setting[of] ?? MESSAGE_DEFAULTS[of], MESSAGE_PLACES[of as MessageTemplate]);

/** Whether some text names the employer, so that it must be looked up. */
export function namesEmployers(setting: MessageSetting): boolean {
  return (['text', 'line'] as const).some((of) => asksFor(templateOf(setting, of), 'employer'));
}

/** Who is told, in words: the name of a unit, which is its code where the pack has it no more. */
export function recipientName(to: Recipient, { units = [] }: Pick<RegionPack, 'units'>): string {
  if ('role' in to) return ROLES[to.role];
  return units.find(({ code }) => code === to.unit)?.name['zh-CN'] ?? to.unit;
}

/** What a message says: of one entry its text, of several the digest, of a report where it is to be read. */
export function wordsOf({ to, entries, report }: Gathered, setting: MessageSetting, by: Wording): string {
  if (report) {
    const values: Record<string, string> = { ...report, unit: recipientName(to, by.pack) };
    return fillTemplate(templateOf(setting, 'report'), (name) => values[name]!);
  }
  const names = CODE_NAMES['zh-CN'];
  const ofEntry = (entry: InboxEntry) => (name: string) => {
    const values: Record<string, () => string> = {
      // What people urge need not be late.
      kind: () => (entry.kind === 'urge' && entry.rung === undefined ? '催办' : (newlyRed(entry) ?? KINDS[entry.kind])),
      tier: () => names.tiers[entry.tier],
      alert: () => inSentence(entry.alertId),
      town: () => by.pack.towns.find(({ code }) => code === entry.town)?.name['zh-CN'] ?? entry.town,
      stage: () => names.stages[entry.stage],
      due: () => dueWords(entry.dueAt),
      unit: () => recipientName(to, by.pack),
      employer: () => inSentence(by.employerOf(entry.alertId)),
    };
    return values[name]!();
  };
  const [only] = entries;
  if (only && entries.length === 1) return fillTemplate(templateOf(setting, 'text'), ofEntry(only));
  const line = templateOf(setting, 'line');
  const lines = entries.slice(0, NAMED).map((entry) => fillTemplate(line, ofEntry(entry)));
  const values: Record<string, string> = {
    count: String(entries.length),
    lines: lines.join('；') + (entries.length > NAMED ? '等' : ''),
    unit: recipientName(to, by.pack),
  };
  return fillTemplate(templateOf(setting, 'digest'), (name) => values[name]!);
}
