import { Type, type Static } from 'typebox';
import { CLERK_NUMBER_PATTERN, CLERK_CODE_PATTERN } from './accessLimits.ts';
import { closed } from './fields.ts';
import { AlertBriefSchema } from './frame.ts';

/** A clerk at a paired kiosk (docs/kiosk.md): signing in by number and code, and what they may do there. */

const Code = Type.String({ pattern: CLERK_CODE_PATTERN, description: '4 to 8 digits' });

/** `POST /api/v1/access/clerk`, from a paired kiosk. */
export const ClerkSignInSchema = Type.Object(
  { number: Type.String({ pattern: CLERK_NUMBER_PATTERN, description: '4 to 6 digits' }), code: Code },
  closed,
);
/** Whose session it is, and where. */
export const ClerkSessionSchema = Type.Object({
  name: Type.String(),
  unit: Type.String({ description: 'code of their unit' }),
  scope: Type.String({ description: 'the town of the kiosk' }),
  /** Without a request for so long, the session ends. */
  idleMs: Type.Integer(),
});
export type ClerkSession = Static<typeof ClerkSessionSchema>;
/** `secret`: what the page sends in the header `x-wagewatch-clerk`, beside what the display is let in by; told this once. */
export const ClerkBegunSchema = Type.Object({ ...ClerkSessionSchema.properties, secret: Type.String() });
export type ClerkBegun = Static<typeof ClerkBegunSchema>;

/** `PUT …/people/{id}/clerk-code` (admins) and `PUT …/session/clerk-code` (oneself); without `code`, one is made. */
export const ClerkCodeSchema = Type.Object({ code: Type.Optional(Code) }, closed);
/** `code` is told this once, and only where it was made here. */
export const ClerkCodeMadeSchema = Type.Object({ number: Type.String(), code: Type.Optional(Type.String()) });
export type ClerkCodeMade = Static<typeof ClerkCodeMadeSchema>;

/** `GET /api/v1/clerk/cases`: what waits for the clerk's unit to accept it, in the kiosk's town, the most urgent first. */
export const ClerkCasesSchema = Type.Object({
  total: Type.Integer({ minimum: 0 }),
  items: Type.Array(
    Type.Object({
      alert: AlertBriefSchema,
      /** How many events it has: what `expect` of an action says. */
      events: Type.Integer({ minimum: 1 }),
    }),
  ),
});
export type ClerkCases = Static<typeof ClerkCasesSchema>;
