import { hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { regionOfCode } from '../../common/divisions.ts';
import { MAX_IDEMPOTENCY_KEY } from '../../contract/casework.ts';
import { HttpProblem } from '../platform/http/problem.ts';
import { ownScope, type AlertReadParts } from '../views/regionTables.ts';
import { actorOf } from './casePort.ts';
import { eventIdOf } from './desk/desk.ts';
import type { DeskStore, KeptOutcome } from './desk/deskStore.ts';

/** Printable ASCII, as a header has it. */
const KEY = /^[\x21-\x7e]+$/;

export interface OnceParts extends AlertReadParts {
  store: (region: string) => DeskStore;
}
export interface Answer {
  status: number;
  body: unknown;
}
export interface Answered {
  answer: Answer;
  kept: readonly KeptOutcome[];
  /** Whether anything was done: only then something is kept for who asks the same again. */
  written: boolean;
}
/** The id of the event that a part of a request becomes. */
export type EventIds = (index: number, alertId?: string) => string;

/**
 * Does what a request asks for once, however often it comes with its `Idempotency-Key` (docs/casework.md §2).
 * @param without makes the ids where there is no key
 * @param again answers one that was done before, by what may be seen today
 * @throws HttpProblem 400 for a key of the wrong form, 422 for one that came with another request
 */
export async function once(
  request: FastifyRequest,
  parts: OnceParts,
  without: EventIds,
  work: (eventId: EventIds) => Promise<Answered>,
  again: (kept: readonly KeptOutcome[], eventId: EventIds) => Promise<Answer>,
): Promise<Answer> {
  const key = request.headers['idempotency-key'] as string | undefined;
  if (key === undefined) return (await work(without)).answer;
  if (key.length > MAX_IDEMPOTENCY_KEY || !KEY.test(key))
    throw new HttpProblem(
      400,
      'Parameter is not valid',
      `Idempotency-Key must be 1 to ${MAX_IDEMPOTENCY_KEY} printable characters without spaces`,
      'Idempotency-Key',
    );
  const principal = request.principal!;
  const who = `${actorOf(principal).id} ${key}`;
  const digest = hash('sha256', `${request.url}\n${JSON.stringify(request.body)}`, 'base64url');
  const eventId: EventIds = (index, alertId) => eventIdOf(`${who} ${digest}`, index, alertId);
  // Their own region's, whichever they ask about: nobody writes into what is not theirs.
  const store = parts.store(regionOfCode(ownScope(parts, principal)));
  const kept = await store.answer(who, digest);
  if (kept === 'other')
    throw new HttpProblem(
      422,
      'Key was used before',
      'this Idempotency-Key came with another request within the last day: choose a new one for this',
      'Idempotency-Key',
    );
  if (typeof kept === 'object') return again(kept, eventId);
  let answered: Answered;
  try {
    answered = await work(eventId);
  } catch (error) {
    // Where it is not known whether it was written, the same request carries it on, and only that one.
    if (error instanceof HttpProblem && error.status < 500) await store.forget(who, digest);
    throw error;
  }
  await (answered.written ? store.keepAnswer(who, digest, answered.kept) : store.forget(who, digest));
  return answered.answer;
}
