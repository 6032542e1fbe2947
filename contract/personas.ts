import { Type, type Static } from 'typebox';
import { closed, codes } from './fields.ts';
import { LocalNameSchema } from './region.ts';
import { PERSON_ROLES } from './roles.ts';

/** Whom anybody may be on an open demonstration (docs/casework.md §5): `/api/v1/personas`. */
export const PERSONA_IDS = ['officer', 'handler-1', 'handler-2', 'leader'] as const;
export type PersonaId = (typeof PERSONA_IDS)[number];

export const PersonaSchema = Type.Object({
  id: codes(PERSONA_IDS),
  role: codes(PERSON_ROLES),
  /** Plainly fictitious, the same in all languages. */
  name: Type.String(),
  scope: Type.String(),
  /** Code of a handler's unit. */
  unit: Type.Optional(Type.String()),
  unitName: Type.Optional(LocalNameSchema),
});
export type Persona = Static<typeof PersonaSchema>;

export const PersonasSchema = Type.Object({
  items: Type.Array(PersonaSchema),
  /** Whom this browser is. */
  current: Type.Optional(codes(PERSONA_IDS)),
});
export type Personas = Static<typeof PersonasSchema>;

export const PersonaChoiceSchema = Type.Object({ id: codes(PERSONA_IDS) }, closed);
