import { Type, type Static } from 'typebox';
import { STAGES } from './codes.ts';
import { codes, object } from './fields.ts';

/** The alert as whoever acts has seen it: its stage, and how many events it had (`eventsTotal` of its detail). */
export const ExpectSchema = object({
  stage: codes(STAGES),
  events: Type.Integer({ minimum: 1, description: 'eventsTotal of the detail' }),
});
export type Expect = Static<typeof ExpectSchema>;
