import { CASE_ACTIONS, type CaseAction } from './codes.ts';

/**
 * Roles, screens and trail verbs: each is added here, in one place, and schemas, rules and pages follow. No schemas in
 * this file, so that a page does not carry TypeBox. Words for people are in the i18n files.
 */

interface RoleRules {
  /**
   * Which figures and alerts of its scope it reads: none, masked as displays are, figures and in full the alerts that were
   * dispatched to its unit (casework §1), or all in full.
   */
  reads: 'nothing' | 'masked' | 'own' | 'full';
  /** Whether its scope may be a single town (9 digits); otherwise it is a region (6 digits). */
  town: boolean;
  /** Whether a person can have it; others are for programs and screens. */
  person: boolean;
  /** Whether it belongs to a unit of its region's pack: it must, may, or does not. */
  unit: 'must' | 'may' | 'none';
  /** Requests in ten seconds by one token or session, in each process. Far above what pages and sources need. */
  requests: number;
}

const RULES = {
  /** Writes events of its region, and nothing else. */
  ingest: { reads: 'nothing', town: false, person: false, unit: 'none', requests: 3_000 },
  /** A screen: figures and masked alerts. */
  display: { reads: 'masked', town: true, person: false, unit: 'none', requests: 200 },
  /** A unit's staff (经办人): works on what was dispatched to it, and sees nobody else's alerts. */
  handler: { reads: 'own', town: true, person: true, unit: 'must', requests: 300 },
  officer: { reads: 'full', town: true, person: true, unit: 'may', requests: 300 },
  /** Reads a region in full, urges and supervises. */
  leader: { reads: 'full', town: false, person: true, unit: 'may', requests: 300 },
  /** Everything, of every region. */
  admin: { reads: 'full', town: false, person: true, unit: 'none', requests: 600 },
} as const satisfies Record<string, RoleRules>;

export type AccessRole = keyof typeof RULES;
export type PersonRole = { [R in AccessRole]: (typeof RULES)[R]['person'] extends true ? R : never }[AccessRole];

export const ROLE_RULES: Readonly<Record<AccessRole, RoleRules>> = RULES;
export const ACCESS_ROLES = Object.keys(RULES) as readonly AccessRole[];

const rolesWhere = (holds: (rules: RoleRules) => boolean) => ACCESS_ROLES.filter((role) => holds(ROLE_RULES[role]));

/** Those whose scope may be a single town. */
export const TOWN_ROLES: readonly AccessRole[] = rolesWhere(({ town }) => town);
/** Those that a person can have. */
export const PERSON_ROLES = rolesWhere(({ person }) => person) as readonly PersonRole[];
/** Those that may look at figures and alerts, in full or masked. */
export const VIEWERS: readonly AccessRole[] = rolesWhere(({ reads }) => reads !== 'nothing');
/** Those that may look at all alerts of their scope in full. */
export const READERS: readonly AccessRole[] = rolesWhere(({ reads }) => reads === 'full');
/** Those that may look at alerts in full: at all of their scope, or at those of their unit. Never screens. */
export const CASE_READERS: readonly AccessRole[] = rolesWhere(({ reads }) => reads === 'full' || reads === 'own');

/** What a display can be made to show: the screens that there are. */
export const DISPLAY_SCREENS = ['wall', 'kiosk', 'briefing'] as const;
export type DisplayScreen = (typeof DISPLAY_SCREENS)[number];

/** What the trail records, by the kind of what was done. */
export const TRAIL_VERBS = [
  'snapshot.read',
  'replay.read',
  'alert.read',
  'alerts.list',
  'alerts.export',
  'enterprise.read',
  'subjects.list',
  'subjects.export',
  'subject.read',
  'neighbours.read',
  'wall.watch',
  'deadLetter.read',
  'deadLetter.resend',
  'deadLetter.remove',
  'rules.add',
  'rules.activate',
  'access.close',
  'persona.choose',
  'persona.leave',
  'session.begin',
  'session.fail',
  'session.end',
  'clerk.begin',
  'clerk.end',
  'clerk.code',
  'password.change',
  'invite.make',
  'invite.accept',
  'person.add',
  'person.change',
  'person.remove',
  'person.signOut',
  'token.add',
  'token.revoke',
  'display.pair',
  'display.change',
  'display.revoke',
  'display.reload',
  'display.identify',
  'trail.read',
  'site.change',
  'calendar.import',
  'report.make',
  'report.read',
  'reportSchedule.set',
  'reportSchedule.remove',
  'reportTemplate.set',
  'reportTemplate.remove',
  'reportTemplate.read',
  'supervisions.list',
  'supervision.issue',
  'supervision.drop',
  'letters.list',
  'letters.read',
  'performance.read',
  'connector.set',
  'connector.remove',
  'connector.secret',
  'connector.test',
  'connector.resend',
  'clue.report',
  'clue.addPhoto',
  'clue.readPhoto',
  'filters.change',
  'briefings.list',
  'briefing.read',
  'briefing.freeze',
  'briefing.change',
  'briefing.remove',
  'briefing.present',
  'deck.set',
  'deck.remove',
  'case.act',
  'attachment.add',
  'attachment.read',
  ...CASE_ACTIONS.map(<A extends CaseAction>(action: A) => `case.${action}` as const),
] as const;

/**
 * A feature may name verbs of its own beside its schemas, and they count like those above:
 * `declare module './roles.ts' { interface OwnTrailVerbs { 'note.read': true } }`.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled by features
export interface OwnTrailVerbs {}
export type TrailVerb = (typeof TRAIL_VERBS)[number] | keyof OwnTrailVerbs;
