import { OUTCOMES, SUPERVISION_LEVELS, type CaseAction } from '../../contract/codes.ts';
import type { Attachment } from '../../contract/events.ts';
import type { RegionPack } from '../../contract/region.ts';
import type { AlertDetail } from '../../contract/rest.ts';
import { MAX_GIVEN_FILES } from '../../contract/attachmentLimits.ts';
import { MAX_NOTE, MAX_STRING } from '../../contract/textLimits.ts';
import { parseRfc3339, toRfc3339 } from '../../common/regionTime.ts';
import { unitOf, unitsIn } from '../../common/units.ts';
import { instant } from '../http/instant.ts';
import { fenOf, wholeOf } from '../shell/yuan.ts';

/**
 * The form of each action: its fields, and what they come to as typed. The server checks again and has the last word; what is
 * said here is said before anything is sent. Pure.
 */

export type DeskAction = Exclude<CaseAction, 'raise'>;

export interface Choice {
  value: string;
  /** A key of the texts, or the words themselves. */
  words: { key: string } | { text: string };
}
export interface Field {
  name: string;
  kind: 'choice' | 'select' | 'text' | 'yuan' | 'whole' | 'moment' | 'person' | 'files';
  needed?: boolean;
  most?: number;
  /** Of a moment: it must be later than this, epoch ms. */
  after?: number;
  choices?: readonly Choice[];
  /** Of a person: of whom one is chosen. */
  people?: PeopleOf;
}
/** The people of a unit who may work on an alert of a town. */
export interface PeopleOf {
  region: string;
  unit: string;
  town: string;
}

type Pack = Pick<RegionPack, 'units' | 'outcomes' | 'tiers'>;

/** Outcomes with which wages have come back: then the form asks how much. */
export const PAID_OUTCOMES: readonly string[] = ['paid-in-full', 'paid-in-part'];

const coded = (codes: readonly string[], key: string): Choice[] =>
  codes.map((value) => ({ value, words: { key: `${key}.${value}` } }));

const VERDICT_CHOICES: readonly Choice[] = [
  ...coded(['effective', 'false-alarm'], 'codes.verdicts'),
  { value: 'returned', words: { key: 'desk.returned' } },
];

/** The units that alerts of these towns can be sent to: those that are there for all of them. */
function unitChoices({ units }: Pack, towns: readonly string[], lang: 'zh-CN' | 'en', but?: string): Choice[] {
  const [first = [], ...more] = towns.map((town) => unitsIn(units, town));
  return first
    .filter((unit) => more.every((there) => there.includes(unit)) && unit.code !== but)
    .map(({ code, name }) => ({ value: code, words: { text: name[lang] } }));
}

/** The unit that has an alert: it is sent there again only where an audit has returned it (casework §2). */
function unitThatHas(pack: Pack, { unit, events }: Pick<AlertDetail, 'unit' | 'events'>): string | undefined {
  const returned = events.some(({ data }) => (data as { verdict?: unknown }).verdict === 'returned');
  return returned ? undefined : unitOf(pack, unit)?.code;
}

/** What the form of an action asks, for alerts of these towns; `now`: of one alone, as it is. */
export function fieldsOf(
  action: DeskAction,
  {
    pack,
    towns,
    lang,
    typed,
    now,
  }: {
    pack: Pack;
    towns: readonly string[];
    lang: 'zh-CN' | 'en';
    typed: Record<string, string>;
    now?: Pick<AlertDetail, 'region' | 'town' | 'unit' | 'events' | 'recoveredFen' | 'dueAt'>;
  },
): Field[] {
  const note: Field = { name: 'note', kind: 'text', most: MAX_STRING };
  const files: Field = { name: 'attachments', kind: 'files', most: MAX_GIVEN_FILES };
  const money: Field[] = [
    { name: 'workers', kind: 'whole', needed: true },
    { name: 'amount', kind: 'yuan', needed: true },
  ];
  switch (action) {
    case 'dispatch':
    case 'transfer': {
      const has = action === 'transfer' && now ? unitThatHas(pack, now) : undefined;
      return [{ name: 'unit', kind: 'select', needed: true, choices: unitChoices(pack, towns, lang, has) }, note];
    }
    case 'accept':
      return [];
    case 'handle': {
      const own = (pack.outcomes ?? []).map(({ code, name }): Choice => ({ value: code, words: { text: name[lang] } }));
      return [
        { name: 'outcome', kind: 'choice', needed: true, choices: [...coded(OUTCOMES, 'codes.outcomes'), ...own] },
        ...(PAID_OUTCOMES.includes(typed.outcome ?? '')
          ? money.map((field) => ({ ...field, needed: (now?.recoveredFen ?? 0) === 0 }))
          : []),
        note,
        files,
      ];
    }
    case 'recover':
      return money;
    case 'audit':
      return [
        { name: 'verdict', kind: 'choice', needed: true, choices: VERDICT_CHOICES },
        { ...note, needed: typed.verdict === 'returned' },
      ];
    case 'close':
      return [{ name: 'resolution', kind: 'text', most: MAX_STRING }];
    case 'reopen':
      return [{ name: 'why', kind: 'text', needed: true, most: MAX_STRING }];
    case 'amend':
      return [
        {
          name: 'tier',
          kind: 'select',
          choices: coded(
            pack.tiers.map(({ tier }) => tier),
            'codes.tiers',
          ),
        },
        ...money.map((field) => ({ ...field, needed: false })),
        { name: 'reason', kind: 'text', needed: true, most: MAX_STRING },
      ];
    case 'assign': {
      const unit = now && unitOf(pack, now.unit)?.code;
      const people = now && unit !== undefined ? { region: now.region, unit, town: now.town } : undefined;
      return [{ name: 'person', kind: 'person', needed: true, ...(people ? { people } : {}) }];
    }
    case 'note':
      return [{ name: 'text', kind: 'text', needed: true, most: MAX_NOTE }, files];
    case 'attach':
      return [
        { ...files, needed: true },
        { name: 'text', kind: 'text', most: MAX_NOTE },
      ];
    case 'extend':
      return [
        { name: 'dueAt', kind: 'moment', needed: true, ...(now?.dueAt ? { after: instant(now.dueAt) } : {}) },
        { name: 'reason', kind: 'text', needed: true, most: MAX_STRING },
      ];
    case 'urge':
      return [{ name: 'text', kind: 'text', most: MAX_STRING }];
    case 'supervise':
      return [
        { name: 'level', kind: 'choice', needed: true, choices: coded(SUPERVISION_LEVELS, 'codes.levels') },
        { name: 'text', kind: 'text', needed: true, most: MAX_STRING },
        { name: 'dueAt', kind: 'moment' },
      ];
    case 'answer':
      return [{ name: 'text', kind: 'text', needed: true, most: MAX_STRING }];
  }
}

/** What is wrong with a field as typed: a key of the texts below `desk.faults`. */
export type FieldFault =
  | 'needed'
  | 'notWhole'
  | 'notYuan'
  | 'notMoment'
  | 'past'
  | 'notLater'
  | 'tooLong'
  | 'both'
  | 'nothing'
  | 'noFiles'
  | 'badFiles';

/** `2026-11-28T18:30` of a form, in the region's zone, as epoch ms. */
export function momentOf(typed: string): number | undefined {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(typed) ? parseRfc3339(`${typed}:00+08:00`) : undefined;
}

/** Faults by field; empty where it can be sent. @param now epoch ms */
export function faultsOf(
  action: DeskAction,
  fields: readonly Field[],
  typed: Record<string, string>,
  now: number,
  files: readonly { state: string }[] = [],
): Record<string, FieldFault> {
  const faults: Record<string, FieldFault> = {};
  for (const { name, kind, needed, most, after } of fields) {
    if (kind === 'files') {
      if (files.some(({ state }) => state === 'failed')) faults[name] = 'badFiles';
      else if (needed && files.length === 0) faults[name] = 'noFiles';
      continue;
    }
    const text = (typed[name] ?? '').trim();
    if (text === '') {
      if (needed) faults[name] = 'needed';
      continue;
    }
    if (kind === 'whole' && wholeOf(text) === undefined) faults[name] = 'notWhole';
    if (kind === 'yuan' && fenOf(text) === undefined) faults[name] = 'notYuan';
    if (kind === 'moment') {
      const at = momentOf(text);
      if (at === undefined) faults[name] = 'notMoment';
      else if (at <= now) faults[name] = 'past';
      else if (after !== undefined && at <= after) faults[name] = 'notLater';
    }
    if (most !== undefined && [...text].length > most) faults[name] = 'tooLong';
  }
  const has = (name: string) => (typed[name] ?? '').trim() !== '';
  // Wages paid are a sum and a number of people: one without the other says nothing.
  if (action === 'handle' && has('amount') !== has('workers') && fields.some(({ name }) => name === 'amount'))
    faults[has('amount') ? 'workers' : 'amount'] ??= 'both';
  if (action === 'amend' && !['tier', 'workers', 'amount'].some(has)) faults.tier ??= 'nothing';
  return faults;
}

/** One action as it is sent, without `expect`. */
export interface Step {
  action: DeskAction;
  fields: Record<string, unknown>;
}

/**
 * What is sent, in order, for a form without faults: a handling with wages that were paid is two steps, the wages first, so that
 * nobody hands in *paid* without them.
 */
export function stepsOf(
  action: DeskAction,
  fields: readonly Field[],
  typed: Record<string, string>,
  { pack, files = [] }: { pack: Pack; files?: readonly Attachment[] },
): Step[] {
  const carried: Record<string, unknown> = {};
  for (const { name, kind } of fields) {
    if (kind === 'files') {
      if (files.length > 0) carried[name] = files.map(({ digest }) => digest);
      continue;
    }
    const text = (typed[name] ?? '').trim();
    if (text === '') continue;
    if (kind === 'whole') carried[name] = wholeOf(text);
    else if (kind === 'yuan') carried.amountFen = fenOf(text);
    else if (kind === 'moment') carried[name] = toRfc3339(momentOf(text)!);
    else carried[name] = text;
  }
  if (action === 'dispatch' || action === 'transfer') {
    const unit = unitOf(pack, String(carried.unit));
    if (unit) Object.assign(carried, { unit: unit.name['zh-CN'], platform: unit.platform });
  }
  if (action !== 'handle' || carried.amountFen === undefined) return [{ action, fields: carried }];
  const { amountFen, workers, ...handled } = carried;
  return [
    { action: 'recover', fields: { amountFen, workers } },
    { action, fields: handled },
  ];
}

/** Actions that the desk has no form for. */
export function hasForm(action: CaseAction): action is DeskAction {
  return action !== 'raise';
}

/** What somebody may do about an alert, the one that leads on first. */
export function actionsHere({ actions = [] }: Pick<AlertDetail, 'actions'>): DeskAction[] {
  return actions.filter(hasForm);
}
