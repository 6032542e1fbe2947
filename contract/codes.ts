/**
 * The vocabularies of contract §1 and §3: codes on the wire. Their names in people's
 * languages come from the region pack (towns) and the i18n files (everything else).
 */

/** Alert tiers, gravest first. A region pack says which of them it uses. */
export const TIERS = ['red', 'orange', 'yellow', 'blue'] as const;
export type Tier = (typeof TIERS)[number];

/** Stages of the closed loop, in the order an alert goes through them. */
export const STAGES = ['raised', 'dispatched', 'accepted', 'handled', 'audited', 'closed'] as const;
export type Stage = (typeof STAGES)[number];

/** All but the last: an alert in one of them is open. */
export const OPEN_STAGES = STAGES.slice(0, -1) as readonly Exclude<Stage, 'closed'>[];

/** Stages in which a term runs where a region pack has no terms by stage (contract §2). */
export const TERM_STAGES = ['raised', 'dispatched', 'accepted'] as const satisfies readonly Stage[];

/** Section letters of GB/T 4754 (national economic industry classification). */
export const INDUSTRIES = [
  'A',
  'B',
  'C',
  'D',
  'E',
  'F',
  'G',
  'H',
  'I',
  'J',
  'K',
  'L',
  'M',
  'N',
  'O',
  'P',
  'Q',
  'R',
  'S',
  'T',
] as const;
export type Industry = (typeof INDUSTRIES)[number];

/** Where a signal comes from: the ten sources first, then the further ones. */
export const CHANNELS = [
  'water',
  'electricity',
  'social-insurance',
  'petition',
  'penalty',
  'construction',
  'wage-account',
  'litigation',
  'dishonest',
  'opinion',
  'tax',
  'hotline',
  'grid',
  'arbitration',
  'layoff',
  'other',
] as const;
export type Channel = (typeof CHANNELS)[number];

/** The ten sources a wall shows, even when they are silent. */
export const TEN_SOURCES = CHANNELS.slice(0, 10) as readonly Channel[];

export const PLATFORMS = ['four-platforms', 'tri-colour', 'other'] as const;
export type Platform = (typeof PLATFORMS)[number];
/**
 * The outside platform that somebody speaks for (contract §1, §2): one of the vocabulary; of the platform `other`, each unit of the region's
 * pack is one of its own, `other:` and its code. `other` alone speaks for all of these.
 */
export type SpokenPlatform = Platform | `other:${string}`;
/** The code of the unit of `other` that a platform is; undefined for one of the vocabulary. */
export function unitOfPlatform(platform: string): string | undefined {
  return platform.startsWith('other:') ? platform.slice('other:'.length) : undefined;
}

export const VERDICTS = ['effective', 'false-alarm', 'returned'] as const;
export type AuditVerdict = (typeof VERDICTS)[number];
/** A verdict that stands; `returned` only puts the alert back to `dispatched`. */
export type Verdict = Exclude<AuditVerdict, 'returned'>;

/** How a supervision speaks (casework.md §2): 督办单, 约谈, 通报. */
export const SUPERVISION_LEVELS = ['notice', 'talk', 'circular'] as const;
export type SupervisionLevel = (typeof SUPERVISION_LEVELS)[number];

/** What a handling can come to; a region pack may add codes of its own. */
export const OUTCOMES = [
  'paid-in-full',
  'paid-in-part',
  'plan-agreed',
  'case-filed',
  'moved-to-court',
  'no-arrears',
  'unreachable',
  'other',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What people do about an alert (docs/casework.md §2). */
export const CASE_ACTIONS = [
  'raise',
  'dispatch',
  'transfer',
  'accept',
  'handle',
  'recover',
  'audit',
  'close',
  'reopen',
  'amend',
  'note',
  'attach',
  'assign',
  'extend',
  'urge',
  'supervise',
  'answer',
] as const;
export type CaseAction = (typeof CASE_ACTIONS)[number];

/** What a unit is. */
export const UNIT_KINDS = ['town', 'brigade', 'department', 'court', 'other'] as const;
export type UnitKind = (typeof UNIT_KINDS)[number];

/** Coordinate reference systems accepted in a position (contract §1). */
export const CRS = ['CGCS2000', 'WGS84', 'GCJ02', 'BD09'] as const;
export type Crs = (typeof CRS)[number];

/**
 * The number under which each event type is stored in documents and streams. A number never changes and is never used
 * again. The types of signals, casework and the ledger have theirs before they are accepted, so that none of these parts
 * depends on which is built first.
 */
export const EVENT_TYPE_CODES = {
  'wage.alert.raised': 0,
  'wage.alert.amended': 1,
  'wage.alert.dispatched': 2,
  'wage.alert.accepted': 3,
  'wage.alert.handled': 4,
  'wage.alert.audited': 5,
  'wage.alert.closed': 6,
  'wage.wages.recovered': 7,
  'wage.subject.registered': 8,
  'wage.signal.observed': 9,
  'wage.case.noted': 10,
  'wage.case.assigned': 11,
  'wage.case.extended': 12,
  'wage.case.urged': 13,
  'wage.case.supervised': 14,
  'wage.case.answered': 15,
  'wage.project.reported': 16,
  'wage.account.opened': 17,
  'wage.account.closed': 18,
  'wage.account.moved': 19,
  'wage.payroll.reported': 20,
  'wage.attendance.reported': 21,
  'wage.output.reported': 22,
  'wage.deposit.reported': 23,
} as const satisfies Record<string, number>;

/** The types of the events of an alert (contract §1, §2). */
export const ALERT_EVENT_TYPES = [
  'wage.alert.raised',
  'wage.alert.amended',
  'wage.alert.dispatched',
  'wage.alert.accepted',
  'wage.alert.handled',
  'wage.alert.audited',
  'wage.alert.closed',
  'wage.wages.recovered',
  'wage.case.noted',
  'wage.case.assigned',
  'wage.case.extended',
  'wage.case.urged',
  'wage.case.supervised',
  'wage.case.answered',
] as const satisfies readonly (keyof typeof EVENT_TYPE_CODES)[];
export type AlertEventType = (typeof ALERT_EVENT_TYPES)[number];

/** The types of what is watched and what is observed (signals §1); they go into a stream of their own. */
export const SIGNAL_EVENT_TYPES = [
  'wage.subject.registered',
  'wage.signal.observed',
] as const satisfies readonly (keyof typeof EVENT_TYPE_CODES)[];
export type SignalEventType = (typeof SIGNAL_EVENT_TYPES)[number];

/** The event types that are accepted (contract §1). */
export const EVENT_TYPES = [...ALERT_EVENT_TYPES, ...SIGNAL_EVENT_TYPES] as const;
export type EventType = AlertEventType | SignalEventType;

/** The nine measures of contract §2, in the order in which they are stored. */
export const MEASURES = [
  'raised',
  'workers',
  'amountFen',
  'effective',
  'falseAlarm',
  'recoveredFen',
  'recoveredWorkers',
  'closed',
  'closeMs',
] as const;
export type Measure = (typeof MEASURES)[number];

/** The windows of contract §3. */
export const WINDOWS = ['1h', '24h', '7d', '30d', '365d', 'today', 'week', 'month', 'year', 'all'] as const;
export type WindowName = (typeof WINDOWS)[number];

/** Heat is counted in H3 cells of this resolution (contract §4), about 0.7 km² each; a display is shown positions no finer. */
export const HEAT_RESOLUTION = 8;

/** What can be wrong with a uscc: its form, or its check character by GB 32100. */
export const USCC_FAULTS = ['form', 'check'] as const;
export type UsccFault = (typeof USCC_FAULTS)[number];
