/** Limits of an import of a calendar; without schemas, so that a page does not carry TypeBox. */

/** Largest file, bytes: a year takes three thousand. */
export const CALENDAR_FILE_LIMIT = 24_576;
/** Longest reason, in characters. */
export const CALENDAR_WHY_LIMIT = 500;
