import type { Attachment } from '../../contract/events.ts';
import type { AlertState } from '../../server/alerts/state.ts';
import { PACK, PEOPLE, unitMeant, type Person, type Who } from './people.ts';

/**
 * What docs/casework.md §2 allows, read once more, as a list of what forbids something. Shares nothing with the program.
 */

/** An alert as it stands in the model. */
export interface Standing {
  state: AlertState;
  /** Who made the last effective `handled`. */
  handledBy: string | undefined;
  /** How many effective extensions. */
  extensions: number;
  /** Whom it was sent to since it was last raised, handled, returned, audited or closed, but for whoever has it now. */
  hadBefore: readonly { platform: string; unit: string }[];
  /** What was uploaded in it, by digest. */
  files: ReadonlyMap<string, Attachment>;
}
export interface Refused {
  status: number;
  rule: string;
}
export type Fields = Readonly<Record<string, unknown>>;

const TABLE: Record<string, { who: string; from: string }> = {
  dispatch: { who: 'officer', from: 'raised' },
  transfer: { who: 'officer', from: 'dispatched accepted' },
  accept: { who: 'handler officer', from: 'dispatched' },
  handle: { who: 'handler officer', from: 'dispatched accepted' },
  recover: { who: 'handler officer', from: 'dispatched accepted handled audited closed' },
  audit: { who: 'officer', from: 'handled' },
  close: { who: 'officer', from: 'audited' },
  reopen: { who: 'officer', from: 'closed' },
  amend: { who: 'officer', from: 'raised dispatched accepted handled audited closed' },
  note: { who: 'handler officer leader', from: 'raised dispatched accepted handled audited closed' },
  attach: { who: 'handler officer leader', from: 'raised dispatched accepted handled audited closed' },
  assign: { who: 'handler officer', from: 'dispatched accepted' },
  extend: { who: 'officer leader', from: 'dispatched accepted' },
  urge: { who: 'officer leader', from: 'raised dispatched accepted handled audited' },
  supervise: { who: 'leader', from: 'raised dispatched accepted handled audited' },
  answer: { who: 'handler officer', from: 'raised dispatched accepted handled audited' },
};
export const VERBS = Object.keys(TABLE);
const OUTCOMES = [
  'paid-in-full',
  'paid-in-part',
  'plan-agreed',
  'case-filed',
  'moved-to-court',
  'no-arrears',
  'unreachable',
  'other',
];

const inScope = (scope: string, town: string) => town.startsWith(scope);

/** Whether an alert is there for somebody. */
export function sees(person: Person, { facts, unit }: Pick<AlertState, 'facts' | 'unit'>): boolean {
  if (person.role === 'admin') return true;
  if (!inScope(person.scope, facts.town)) return false;
  return person.role !== 'handler' || unitMeant(unit) === person.unit;
}

/** The rules that a verb breaks without anything that it carries. */
export function forbidden(verb: string, who: string, person: Person, standing: Standing): Refused[] {
  const { who: roles, from } = TABLE[verb]!;
  const { state, handledBy, extensions } = standing;
  const broken: Refused[] = [];
  const admin = person.role === 'admin';
  if (!admin && !roles.split(' ').includes(person.role)) broken.push({ status: 403, rule: 'role' });
  if (!from.split(' ').includes(state.stage)) broken.push({ status: 422, rule: 'stage' });
  if (verb === 'extend') {
    if (person.role === 'officer' && extensions > 0) broken.push({ status: 403, rule: 'extension' });
    if (person.role === 'leader' && extensions === 0) broken.push({ status: 403, rule: 'extension' });
  }
  // Several officers are let in for every town, so nobody is alone.
  if (verb === 'audit' && handledBy === who) broken.push({ status: 403, rule: 'own-work' });
  return broken;
}

/** Everything that forbids it. @param id of whoever acts; `people`: everybody by id */
export function broken(
  verb: string,
  id: string,
  person: Person,
  standing: Standing,
  fields: Fields,
  now: number,
  people: ReadonlyMap<string, Who>,
): Refused[] {
  const all = forbidden(verb, id, person, standing);
  const { state } = standing;
  const no = (rule: string, status = 422) => all.push({ status, rule });
  const { platform, unit, dueAt, outcome, verdict, note, town, tier, person: given } = fields as Record<string, string>;
  const known = PACK.units!.find(({ code }) => code === unitMeant(unit));
  if (unit !== undefined && !known) no('unknown-unit');
  if (dueAt !== undefined && Date.parse(dueAt) <= now) no('past');
  if (['dispatch', 'transfer', 'reopen'].includes(verb) && known) {
    if (known.platform !== platform) no('unit-platform');
    if (known.towns && !known.towns.includes(state.facts.town)) no('unit-town');
  }
  if (verb === 'transfer' && known) {
    const isIt = (one: { platform?: string; unit?: string }) =>
      one.platform === platform && unitMeant(one.unit) === known.code;
    if (isIt(state) && !(state.returned && dueAt === undefined)) no('extension');
    if (!isIt(state) && dueAt !== undefined && standing.hadBefore.some(isIt)) no('extension');
  }
  if (verb === 'reopen') {
    if ((unit === undefined) !== (platform === undefined)) no('where-to');
    if (unit === undefined && (state.unit === undefined || state.platform === undefined)) no('where-to');
  }
  if (verb === 'accept' && known && person.role === 'handler' && known.code !== person.unit) no('unit', 403);
  if ((verb === 'accept' || verb === 'assign') && given !== undefined && given !== id) {
    const who = people.get(given);
    const them: Person | undefined = who && PEOPLE[who];
    if (!them) no('unknown-person');
    else {
      if (!['handler', 'officer', 'admin'].includes(them.role)) no('person');
      if (person.role === 'handler' && them.unit !== person.unit) no('person', 403);
      if (!sees(them, state)) no('person');
    }
  }
  if (filesIn(fields).some((digest) => !standing.files.has(digest))) no('attachment');
  if (verb === 'handle' && !OUTCOMES.includes(outcome!)) no('outcome');
  if (verb === 'audit' && verdict === 'returned' && !note?.trim()) no('what-is-missing');
  if (verb === 'amend') {
    if (Object.keys(fields).every((name) => name === 'reason')) no('nothing-amended');
    wrongPlace(town, person, no);
    if (tier !== undefined && !PACK.tiers.some((rule) => rule.tier === tier)) no('tier');
  }
  return all;
}

/** Of one that is raised by hand. */
export function raiseBroken(person: Person, { town, tier }: { town: string; tier: string }): Refused[] {
  const all: Refused[] = [];
  const no = (rule: string, status = 422) => all.push({ status, rule });
  if (person.role !== 'officer' && person.role !== 'admin') no('role', 403);
  wrongPlace(town, person, no);
  if (!PACK.tiers.some((rule) => rule.tier === tier)) no('tier');
  return all;
}

function wrongPlace(town: string | undefined, person: Person, no: (rule: string, status?: number) => void): void {
  if (town === undefined) return;
  if (!PACK.towns.some(({ code }) => code === town)) no('town');
  else if (person.role !== 'admin' && !inScope(person.scope, town)) no('town', 403);
}

const filesIn = ({ attachments = [] }: Fields) => attachments as readonly string[];

/** What the event of an action holds (casework.md §2, contract §1). */
export function dataOf(
  verb: string,
  fields: Fields,
  { state: { unit, platform }, files }: Standing,
  id: string,
): Fields {
  const named = filesIn(fields).map((digest) => files.get(digest));
  if (named.length > 0) return { ...(verb === 'attach' ? { text: '' } : {}), ...fields, attachments: named };
  if (verb === 'accept') return { unit: fields.unit ?? unit, person: fields.person ?? id };
  if (verb === 'assign') return { unit, person: fields.person };
  if (verb !== 'reopen') return fields;
  const { why, ...where } = fields;
  return { platform, unit, ...where, note: why };
}

const BECOMES: Record<string, string> = {
  dispatch: 'alert.dispatched',
  transfer: 'alert.dispatched',
  accept: 'alert.accepted',
  handle: 'alert.handled',
  recover: 'wages.recovered',
  audit: 'alert.audited',
  close: 'alert.closed',
  reopen: 'alert.dispatched',
  amend: 'alert.amended',
  note: 'case.noted',
  attach: 'case.noted',
  assign: 'case.assigned',
  extend: 'case.extended',
  urge: 'case.urged',
  supervise: 'case.supervised',
  answer: 'case.answered',
};
export const typeOf = (verb: string) => `wage.${BECOMES[verb]!}`;
