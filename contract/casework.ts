import { Type, type Static } from 'typebox';
import { MAX_GIVEN_FILES } from './attachmentLimits.ts';
import { FileDigest } from './attachments.ts';
import { CASE_ACTIONS, PLATFORMS, SUPERVISION_LEVELS, VERDICTS, type CaseAction } from './codes.ts';
import { ExpectSchema } from './expect.ts';
import { AMENDED_BY_HAND, PersonId, RAISED_BY_HAND } from './events.ts';
import { closed, codes, Fen, MAX_NOTE, MAX_STRING, Note, RegionCode, Text, Timestamp, Workers } from './fields.ts';
import { AlertBriefSchema } from './frame.ts';
import { AlertDetailSchema, ProblemSchema } from './rest.ts';

/** What people do about an alert (docs/casework.md §2): the bodies of `POST /api/v1/alerts/{id}/actions` and `/api/v1/alerts/actions`. */

/** So many actions may come in one request. */
export const MAX_ACTIONS = 200;
/** Longest `Idempotency-Key`. */
export const MAX_IDEMPOTENCY_KEY = 200;

export { ExpectSchema, type Expect } from './expect.ts';

/** A text in which something is said. */
const said = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '\\S' });
const Said = said(MAX_STRING);
const dueAt = Type.Optional(Timestamp);
/** Digests of files that were uploaded in this case. */
const files = Type.Array(FileDigest, { minItems: 1, maxItems: MAX_GIVEN_FILES, uniqueItems: true });
const attachments = Type.Optional(files);

const sent = { platform: codes(PLATFORMS), unit: Text, dueAt, note: Type.Optional(Note) };

/** What each action carries beside `action` and `expect`: the fields of the event that it becomes, less those that are known. */
export const ACTION_FIELDS = {
  raise: RAISED_BY_HAND,
  dispatch: sent,
  transfer: sent,
  accept: { unit: Type.Optional(Text), person: Type.Optional(PersonId) },
  handle: { outcome: Text, note: Type.Optional(Note), attachments },
  recover: { amountFen: Fen, workers: Workers },
  audit: { verdict: codes(VERDICTS), note: Type.Optional(Note) },
  close: { resolution: Type.Optional(Note) },
  reopen: { why: Said, platform: Type.Optional(codes(PLATFORMS)), unit: Type.Optional(Text), dueAt },
  amend: { ...AMENDED_BY_HAND, reason: Said },
  note: { text: said(MAX_NOTE), attachments },
  attach: { text: Type.Optional(said(MAX_NOTE)), attachments: files },
  assign: { person: PersonId },
  extend: { dueAt: Timestamp, reason: Said },
  urge: { text: Type.Optional(Said) },
  supervise: {
    level: codes(SUPERVISION_LEVELS),
    text: Said,
    dueAt,
    number: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  },
  answer: { text: Said },
} as const satisfies Record<CaseAction, object>;

type Fields = { [A in CaseAction]: Static<ReturnType<typeof Type.Object<(typeof ACTION_FIELDS)[A]>>> };
/** An action with what it carries. */
export type GivenAction<A extends CaseAction = CaseAction> = { [K in A]: { action: K; fields: Fields[K] } }[A];

const other = <A extends Exclude<CaseAction, 'raise'>>(action: A) =>
  Type.Object(
    { action: Type.Literal(action), expect: ExpectSchema, ...ACTION_FIELDS[action] },
    { title: action, ...closed },
  );
/** The bodies of `POST /api/v1/alerts/{id}/actions`, by action; `raise` has no alert yet. */
export const ACTION_BODIES = Object.fromEntries(
  CASE_ACTIONS.filter((action) => action !== 'raise').map((action) => [action, other(action)]),
) as unknown as Record<Exclude<CaseAction, 'raise'>, ReturnType<typeof other>>;

/** One of several: the action, and the alert that it is about. */
export const ACTION_ITEMS = Object.fromEntries(
  CASE_ACTIONS.map((action) => {
    const where = { region: Type.Optional(RegionCode) };
    const item =
      action === 'raise'
        ? Type.Object(
            {
              action: Type.Literal(action),
              ...where,
              ...ACTION_FIELDS.raise,
              duplicate: Type.Optional(
                Type.Boolean({ description: 'raise it although an alert of the same employer is open' }),
              ),
            },
            { title: action, ...closed },
          )
        : Type.Object({ alertId: Text, ...where, ...ACTION_BODIES[action].properties }, { title: action, ...closed });
    return [action, item];
  }),
) as unknown as Record<CaseAction, ReturnType<typeof Type.Object>>;

/** What is answered where an action was accepted and is not counted yet. */
export const ActionPendingSchema = Type.Object({
  region: RegionCode,
  alertId: Type.String(),
  event: Type.String({ description: 'id of the event that it has become' }),
});
export type ActionPending = Static<typeof ActionPendingSchema>;

/** A problem with what somebody needs to see: the alert as it is now, the open alerts of the same employer, the rule that forbids it. */
export const ActionProblemSchema = Type.Object(
  {
    ...ProblemSchema.properties,
    rule: Type.Optional(Type.String({ description: 'name of the rule that forbids it' })),
    choose: Type.Optional(Type.String({ description: 'of the rule `persona`: the page where one is chosen' })),
    alert: Type.Optional(AlertDetailSchema),
    alerts: Type.Optional(Type.Array(AlertBriefSchema)),
  },
  { additionalProperties: true },
);

/** What became of one of several actions, as its own request would have been answered. */
export const ActionOutcomeSchema = Type.Object({
  index: Type.Integer({ minimum: 0 }),
  status: Type.Integer(),
  alertId: Type.Optional(Type.String()),
  region: Type.Optional(Type.String()),
  /** Of 200, with the latest 20 events. */
  alert: Type.Optional(AlertDetailSchema),
  /** Of 202: the id of the event. */
  event: Type.Optional(Type.String()),
  /** Of all others. */
  problem: Type.Optional(ActionProblemSchema),
});
export type ActionOutcome = Static<typeof ActionOutcomeSchema>;
export const ActionOutcomesSchema = Type.Object({ outcomes: Type.Array(ActionOutcomeSchema) });
export type ActionOutcomes = Static<typeof ActionOutcomesSchema>;
