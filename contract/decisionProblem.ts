import { Type } from 'typebox';
import { ActionProblemSchema } from './casework.ts';
import { SupervisionSchema } from './supervision.ts';

/** Why a decision was not carried out, with the supervision where somebody has decided, and the alert where that has changed. */
export const DecisionProblemSchema = Type.Object(
  {
    ...ActionProblemSchema.properties,
    supervision: Type.Optional(SupervisionSchema),
  },
  { additionalProperties: true },
);
