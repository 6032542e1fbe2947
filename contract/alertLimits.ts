/**
 * How many events an alert may hold before the way in refuses further ones (contract §2). They are counted when they are
 * counted for the figures: at most `MAX_UNCOUNTED` more come through each process that takes events in.
 */
export const MAX_EVENTS_OF_SOURCE = 1_000;
export const MAX_EVENTS_OF_ALERT = 2_000;
/** Events of one alert that a process has accepted and that are not counted yet, at most. */
export const MAX_UNCOUNTED = 500;
/**
 * Sources of the program's own (the desk, the clock, the rules): what it submits under these is never refused for their
 * number, and nobody outside writes under them.
 */
export const OWN_SOURCE = 'urn:wagewatch:';
/** Alerts that the rules have raised have ids that begin so; nobody else raises one of these (signals §4). */
export const ENGINE_ALERTS = 'SG-';
/** Alerts that people have raised here by hand have ids that begin so; nobody outside raises one of these (casework.md §2). */
export const DESK_ALERTS = 'DK-';
/** Under which of its sources the program writes what the rules raise, and what people do at the desk. */
export const ENGINE_SOURCE = `${OWN_SOURCE}signals`;
export const DESK_SOURCE = `${OWN_SOURCE}desk`;
