import type { Invite, Session, SessionRequest } from '../../contract/access.ts';
import type {
  Display,
  DisplayChange,
  Pair,
  Pairing,
  PairingState,
  PairingWaiting,
  Person,
  PersonInvited,
  StoredToken,
  TokenAdd,
  TokenAdded,
  Trail,
} from '../../contract/accessAdmin.ts';
import { PAGE_HEADER, PAIRING_HEADER } from '../../contract/accessLimits.ts';
import type { Problem } from '../../contract/rest.ts';

/** Sign-in, pairing and administration (contract/access*.ts), same origin only. */

const TIMEOUT_MS = 10_000;
const ROOT = '/api/v1/access';

/** An answer that is a problem (RFC 9457), or no answer at all (`status` 0). */
export class AccessProblem extends Error {
  readonly status: number;
  /** The field that was wrong. */
  readonly parameter: string | undefined;
  /** From `Retry-After`, ms. */
  readonly retryMs: number | undefined;
  constructor(status: number, problem: Partial<Problem>, retryMs?: number) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.status = status;
    this.parameter = problem.parameter;
    this.retryMs = retryMs;
  }
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

async function call<T>(method: Method, path: string, body?: object, headers: Record<string, string> = {}): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(`${ROOT}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        // Only a page of ours can send it: what the cookie vouches for was asked here.
        ...(method === 'GET' ? {} : { [PAGE_HEADER]: '1' }),
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    throw new AccessProblem(0, {});
  }
  if (!answer.ok) {
    const seconds = Number(answer.headers.get('retry-after'));
    throw new AccessProblem(
      answer.status,
      (await answer.json().catch(() => ({}))) as Partial<Problem>,
      seconds > 0 ? seconds * 1_000 : undefined,
    );
  }
  return (answer.status === 204 || answer.status === 202 ? undefined : await answer.json()) as T;
}

const part = encodeURIComponent;
type Items<T> = { items: T[] };

export const accessApi = {
  session: () => call<Session>('GET', '/session'),
  signIn: (request: SessionRequest) => call<Session>('POST', '/session', request),
  signOut: () => call<undefined>('DELETE', '/session'),
  renew: () => call<unknown>('POST', '/session/renew'),
  changePassword: (change: { old: string; new: string }) => call<Session>('POST', '/session/password', change),

  lookAtInvite: (code: string) => call<Invite>('POST', '/invite/look', { code }),
  acceptInvite: (accept: { code: string; name?: string; password: string }) => call<Session>('POST', '/invite', accept),

  beginPairing: () => call<Pairing>('POST', '/pairings'),
  pairingState: (secret: string) =>
    call<PairingState>('GET', '/pairings/mine', undefined, { [PAIRING_HEADER]: secret }),
  waiting: (code: string) => call<PairingWaiting>('GET', `/pairings/${part(code)}`),
  pair: (code: string, display: Pair) => call<Display>('POST', `/pairings/${part(code)}`, display),

  displays: () => call<Items<Display>>('GET', '/displays'),
  changeDisplay: (id: string, change: DisplayChange) => call<Display>('PATCH', `/displays/${part(id)}`, change),
  revokeDisplay: (id: string) => call<undefined>('DELETE', `/displays/${part(id)}`),
  tellDisplay: (id: string, what: 'reload' | 'identify') => call<undefined>('POST', `/displays/${part(id)}/${what}`),

  people: () => call<Items<Person>>('GET', '/people'),
  addPerson: (person: { name: string; role: Person['role']; scope: string }) =>
    call<PersonInvited>('POST', '/people', person),
  changePerson: (id: string, change: { role?: Person['role']; scope?: string; disabled?: boolean }) =>
    call<Person>('PATCH', `/people/${part(id)}`, change),
  invitePerson: (id: string) => call<PersonInvited>('POST', `/people/${part(id)}/invite`),
  removePerson: (id: string) => call<undefined>('DELETE', `/people/${part(id)}`),
  signOutPerson: (id: string) => call<undefined>('DELETE', `/people/${part(id)}/sessions`),

  tokens: () => call<Items<StoredToken>>('GET', '/tokens'),
  addToken: (token: TokenAdd) => call<TokenAdded>('POST', '/tokens', token),
  revokeToken: (id: string) => call<undefined>('DELETE', `/tokens/${part(id)}`),

  trail: (query: URLSearchParams) => call<Trail>('GET', `/trail?${query.toString()}`),
};
