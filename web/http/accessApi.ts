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
import type { ClerkCodeMade } from '../../contract/clerk.ts';
import type { Site } from '../../contract/site.ts';
import { PAGE_HEADER, PAIRING_HEADER } from '../../contract/accessLimits.ts';
import { request, type RequestOptions } from './client.ts';

/** Sign-in, pairing and administration (contract/access*.ts). A 401 here may mean a wrong password: it is for the page to judge. */

const ROOT = '/api/v1/access';
/** Only a page of ours can send it: what the cookie vouches for was asked here. */
export const OURS = { [PAGE_HEADER]: '1' };

function call<T>(
  method: NonNullable<RequestOptions['method']>,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<T> {
  return request<T>(`${ROOT}${path}`, {
    method,
    ...(body ? { body } : {}),
    headers: method === 'GET' ? headers : { ...OURS, ...headers },
  });
}

const part = encodeURIComponent;
type Items<T> = { items: T[] };

export const accessApi = {
  /** What a region adds to its walls; what is left out is shown no more. */
  setSite: (region: string, site: Site) =>
    request<Site>(`/api/v1/regions/${part(region)}/site`, { method: 'PUT', body: site, headers: OURS }),

  session: () => call<Session>('GET', '/session'),
  signIn: (request: SessionRequest) => call<Session>('POST', '/session', request),
  signOut: () => call<undefined>('DELETE', '/session'),
  renew: () => call<unknown>('POST', '/session/renew'),
  changePassword: (change: { old: string; new: string }) => call<Session>('POST', '/session/password', change),

  readInvite: (code: string) => call<Invite>('POST', '/invite/look', { code }),
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
  addPerson: (person: { name: string; role: Person['role']; scope: string; unit?: string }) =>
    call<PersonInvited>('POST', '/people', person),
  changePerson: (id: string, change: { role?: Person['role']; scope?: string; unit?: string; disabled?: boolean }) =>
    call<Person>('PATCH', `/people/${part(id)}`, change),
  invitePerson: (id: string) => call<PersonInvited>('POST', `/people/${part(id)}/invite`),
  removePerson: (id: string) => call<undefined>('DELETE', `/people/${part(id)}`),
  signOutPerson: (id: string) => call<undefined>('DELETE', `/people/${part(id)}/sessions`),

  /** @param code one is made where it is not given, and told this once */
  setClerkCode: (id: string, code?: string) =>
    call<ClerkCodeMade>('PUT', `/people/${part(id)}/clerk-code`, code === undefined ? {} : { code }),
  removeClerkCode: (id: string) => call<undefined>('DELETE', `/people/${part(id)}/clerk-code`),
  setOwnClerkCode: (code: string) => call<ClerkCodeMade>('PUT', '/session/clerk-code', { code }),

  tokens: () => call<Items<StoredToken>>('GET', '/tokens'),
  addToken: (token: TokenAdd) => call<TokenAdded>('POST', '/tokens', token),
  revokeToken: (id: string) => call<undefined>('DELETE', `/tokens/${part(id)}`),

  trail: (query: URLSearchParams) => call<Trail>('GET', `/trail?${query.toString()}`),
};
