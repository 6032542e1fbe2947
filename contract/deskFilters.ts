import { Type, type Static } from 'typebox';
import { STAGES, TIERS } from './codes.ts';
import { closed, codes, object, Text, TownCode } from './fields.ts';
import { FILTERED_LISTS, MAX_FILTER_NAME, MAX_FILTERS } from './deskFilterLimits.ts';

/** What the desk keeps for a person, and the people of a unit (docs/casework.md §6). */

/** When the term ends of the alerts that are meant: past, by midnight, by the end of Sunday. */
export const DUE_FILTERS = ['late', 'today', 'week'] as const;

/** Filters of a list of the desk; what is left out does not narrow it. */
export const FilterQuerySchema = object({
  town: Type.Optional(TownCode),
  tier: Type.Optional(Type.Array(codes(TIERS), { minItems: 1, maxItems: TIERS.length, uniqueItems: true })),
  unit: Type.Optional(Text),
  stage: Type.Optional(Type.Array(codes(STAGES), { minItems: 1, maxItems: STAGES.length, uniqueItems: true })),
  due: Type.Optional(codes(DUE_FILTERS)),
  supervised: Type.Optional(Type.Boolean()),
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })),
});
export type FilterQuery = Static<typeof FilterQuerySchema>;

export const SavedFilterSchema = object({
  name: Type.String({ minLength: 1, maxLength: MAX_FILTER_NAME, pattern: '\\S' }),
  /** The list of the desk that it narrows. */
  list: codes(FILTERED_LISTS),
  query: FilterQuerySchema,
});
export type SavedFilter = Static<typeof SavedFilterSchema>;

export const SavedFiltersSchema = Type.Object(
  {
    /** Grows with each change: whoever saves says which one they have seen. */
    version: Type.Integer({ minimum: 0 }),
    /** In the order in which the desk shows them. */
    items: Type.Array(SavedFilterSchema, { maxItems: MAX_FILTERS }),
  },
  closed,
);
export type SavedFilters = Static<typeof SavedFiltersSchema>;

/** People of a unit who may be told to work on an alert: how events name them, and their name. Nothing else of them. */
export const UnitPeopleSchema = Type.Object({
  items: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
});
export type UnitPeople = Static<typeof UnitPeopleSchema>;
