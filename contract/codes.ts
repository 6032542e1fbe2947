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

/** Stages in which a term runs: past it, the alert is overdue (contract §2). */
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

export const VERDICTS = ['effective', 'false-alarm', 'returned'] as const;
export type AuditVerdict = (typeof VERDICTS)[number];
/** A verdict that stands; `returned` only puts the alert back to `dispatched`. */
export type Verdict = Exclude<AuditVerdict, 'returned'>;

/** Coordinate reference systems accepted in a position (contract §1). */
export const CRS = ['CGCS2000', 'WGS84', 'GCJ02', 'BD09'] as const;
export type Crs = (typeof CRS)[number];

/**
 * Event types. The index is the code under which a type is stored, so new types go to the end.
 */
export const EVENT_TYPES = [
  'wage.alert.raised',
  'wage.alert.amended',
  'wage.alert.dispatched',
  'wage.alert.accepted',
  'wage.alert.handled',
  'wage.alert.audited',
  'wage.alert.closed',
  'wage.wages.recovered',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

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
