/** Limits of what the desk keeps for a person. No schemas here, so that a page does not carry TypeBox. */

/** The lists of the desk that filters can be saved for. */
export const FILTERED_LISTS = ['mine', 'unit', 'open', 'waiting', 'supervised', 'done'] as const;
export const MAX_FILTERS = 20;
/** Characters. */
export const MAX_FILTER_NAME = 20;
