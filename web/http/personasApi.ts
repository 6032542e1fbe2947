import type { PersonaId, Personas } from '../../contract/personas.ts';
import { OURS } from './accessApi.ts';
import { read, request } from './client.ts';

/** Whom anybody may be on an open demonstration (docs/casework.md §5). */

const ROOT = '/api/v1/personas';

export const personasApi = {
  list: () => read<Personas>(ROOT),
  choose: (id: PersonaId) => request<Personas>(ROOT, { method: 'POST', body: { id }, headers: OURS }),
  leave: () => request<undefined>(ROOT, { method: 'DELETE', headers: OURS }),
};
