import type { FastifyRequest } from 'fastify';
import { EVERYBODY } from '../platform/http/principal.ts';
import { actorOf } from './casePort.ts';
import type { Asker } from './desk/asker.ts';

/** Whoever makes a request, as the desk needs to know them. */
export function askerOf(request: FastifyRequest): Asker {
  const principal = request.principal!;
  const actor = actorOf(principal);
  return {
    principal,
    actor,
    named: { id: actor.id, isPerson: principal !== EVERYBODY },
    mayRead: (division) => request.mayRead(division),
    trail: (what, target, detail) => request.trail(what, target, detail),
    signed: (detail) =>
      detail.cursor === undefined ? detail : { ...detail, cursor: request.signCursor(detail.cursor) },
  };
}
