/** Constants of access that pages need as well: no schemas here, so that a page does not carry TypeBox. */

/**
 * A page sends this header, with any value, with every request that changes something (POST, PATCH, DELETE). A form or a
 * picture on somebody else's page cannot, so what a browser's cookie vouches for was really asked by a page of ours.
 */
export const PAGE_HEADER = 'x-wagewatch';
/** Carries the secret of a screen that waits to be paired, in `GET /api/v1/access/pairings/mine`. */
export const PAIRING_HEADER = 'x-pairing-secret';

/** Carries the secret of a clerk who is signed in at a paired kiosk, beside what lets the kiosk itself in. */
export const CLERK_HEADER = 'x-wagewatch-clerk';
/** A clerk's number and code, as a keypad has them. */
export const CLERK_NUMBER_PATTERN = '^[1-9][0-9]{3,5}$';
export const CLERK_CODE_PATTERN = '^[0-9]{4,8}$';

/** Letters of a pairing code: none that looks like another letter or a digit, aloud or on a wall. */
export const PAIRING_LETTERS = 'ACDEFHJKMNPRTWXY';
export const PAIRING_LENGTH = 6;
/** A waiting screen asks so often whether it is in, ms. */
export const PAIRING_POLL_MS = 2_000;

/** Shortest password, in characters; there are no rules about which. */
export const MIN_PASSWORD = 10;
export const MAX_PASSWORD = 200;
export const MAX_NAME = 100;
/** How many beginnings of alert ids an `ingest` token can name. */
export const MAX_PREFIXES = 50;
/** Longest address of a connector. */
export const MAX_URL = 500;

/** A display reports so often how it is, ms. */
export const REPORT_MS = 15_000;
/** How long a display shows its name when it is to identify itself, s. */
export const IDENTIFY_S = 10;

/** The page where a persona of the demonstration is chosen; a refused action names it. */
export const PERSONAS_PAGE = '/personas';
