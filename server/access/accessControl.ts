import { clerkOf, clerkPrincipal } from './clerks/clerkPrincipal.ts';
import type { Clerks } from './clerks/clerks.ts';
import type { Directory } from './directory.ts';
import { admissionWhileOpen } from '../platform/http/openMode.ts';
import type { Member } from './member.ts';
import type { PersonaBook } from './personas/personas.ts';
import type { FileTokens } from './tokens/fileTokens.ts';
import { EVERYBODY, type Principal } from '../platform/http/principal.ts';
import type { Authenticator } from '../platform/http/authenticator.ts';
import type { Credentials } from '../platform/http/credentials.ts';
import { HOST_COOKIES_FIELD } from './records.ts';
import { hashToken, mintToken } from './secret.ts';
import { grantInForce, sameGrant } from './writeGrant.ts';

/** Who is let in. */
export interface AccessControl extends Authenticator {
  /** Nobody needs to sign in: everybody may do everything (contract §6: on a loopback address only). */
  open(): boolean;
  /** A token of this process alone, kept nowhere. */
  mint(
    grant: Pick<Principal, 'name' | 'role' | 'scope' | 'trusted' | 'source' | 'may' | 'platform' | 'dispatch'>,
  ): string;
  /** The same for somebody who is made up, and acts in their own name. */
  mintFor(member: Member): string;
}

/** Lets everybody do everything. */
export const OPEN_ACCESS: AccessControl = {
  open: () => true,
  admission: () => ({ as: 'everybody' }),
  identify: () => Promise.resolve(EVERYBODY),
  recognise: () => EVERYBODY,
  holds: () => true,
  onEnded: () => () => {},
  mint: () => '',
  mintFor: () => '',
  offersPersonas: () => false,
  publicUrl: undefined,
};

export interface AccessControlParts {
  directory: Directory;
  /** The access file, if there is one. */
  file?: FileTokens;
  /** Whether only this machine can reach the program. */
  loopback: boolean;
  /** Whom anybody may be while the program is open. */
  personas: PersonaBook;
  /** Who is signed in at kiosks. */
  clerks?: Pick<Clerks, 'of'>;
  /** The address of this program as people's browsers know it. */
  publicUrl?: string;
  now: () => number;
  /** Told when a display has used a renewed token for the first time. */
  onRenewed?: (display: string, hash: string) => void;
}

/** Lets in whom the access file lists and who is stored, as both stand now. */
export function createAccessControl(parts: AccessControlParts): AccessControl {
  const { directory, file, loopback, personas, publicUrl, now, onRenewed } = parts;
  const minted = new Map<string, Principal>();
  const listeners = new Set<() => void>();
  const notify = () => {
    for (const listener of listeners) listener();
  };
  directory.onRead(notify);
  file?.onRead(notify);
  personas.onEnded(notify);
  const open = () => loopback && file === undefined && !directory.closed;

  /** Who that credential is for now. */
  function current(credential: string): Principal | undefined {
    if (credential === '') return open() ? EVERYBODY : undefined;
    const colon = credential.indexOf(':');
    const id = credential.slice(colon + 1);
    switch (credential.slice(0, colon)) {
      case 'persona':
        return open() ? personas.ofCredential(credential) : undefined;
      case 'minted':
        return minted.get(id);
      case 'file':
        return file?.get(id);
      case 'token': {
        const token = directory.get('token', id);
        return (
          token && {
            kind: 'token',
            id,
            credential,
            name: token.name,
            role: token.role,
            scope: token.scope,
            ...unitOf(token),
            ...grantInForce(token.role, token),
            ...(token.expires === undefined ? {} : { expires: token.expires }),
          }
        );
      }
      case 'display': {
        const display = directory.get('display', id);
        return (
          display && { kind: 'display', id, credential, name: display.name, role: 'display', scope: display.scope }
        );
      }
      case 'session': {
        const session = directory.get('session', id);
        if (session?.token !== undefined) {
          const token = current(session.token);
          return token && { ...token, credential, expires: Math.min(token.expires ?? Infinity, session.ends) };
        }
        const person = session?.person === undefined ? undefined : directory.get('person', session.person);
        if (!session || !person || person.disabled) return undefined;
        return {
          kind: 'person',
          id: session.person!,
          credential,
          name: person.name,
          role: person.role,
          scope: person.scope,
          ...unitOf(person),
          expires: session.ends,
        };
      }
      case 'clerk':
        return clerkPrincipal(directory, clerkOf(credential)!);
      default:
        return undefined;
    }
  }

  function find(hash: string): Principal | undefined {
    const known = minted.get(hash) ?? file?.get(hash) ?? (open() ? personas.of(hash) : undefined);
    if (known) return known;
    const stored = directory.byHash(hash);
    if (!stored || stored.kind === 'invite' || stored.kind === 'person') return undefined;
    if (stored.kind === 'display') {
      const { tokens } = directory.get('display', stored.id)!;
      const index = tokens.findIndex((token) => token.hash === hash);
      const { ends: expires } = tokens[index]!;
      if (expires <= now()) return undefined;
      if (index > 0) onRenewed?.(stored.id, hash);
      const display = current(`display:${stored.id}`);
      return display && { ...display, expires };
    }
    return current(`${stored.kind}:${stored.id}`);
  }

  /** Whether a secret was made before there were cookies with `__Host-`. */
  function isOld(hash: string): boolean {
    const since = Number(directory.field(HOST_COOKIES_FIELD) ?? Infinity);
    const stored = directory.byHash(hash);
    if (stored?.kind === 'session') return directory.get('session', stored.id)!.at < since;
    const tokens = stored?.kind === 'display' ? directory.get('display', stored.id)!.tokens : [];
    return tokens.some((token) => token.hash === hash && token.issued < since);
  }

  const inForce = (principal: Principal | undefined) =>
    principal !== undefined && (principal.expires === undefined || principal.expires > now());

  function ofToken(token: string, carried: Credentials['by'] | undefined): Principal | undefined {
    const hash = hashToken(token);
    const principal = find(hash);
    return inForce(principal) && (carried !== 'old-cookie' || isOld(hash)) ? principal : undefined;
  }
  const recognise: AccessControl['recognise'] = (token, admission, carried) =>
    (token === undefined ? undefined : ofToken(token, carried)) ??
    (admission?.as === 'everybody' && open() ? EVERYBODY : undefined);

  const keep = (principal: Omit<Principal, 'credential'>) => {
    const token = mintToken();
    const hash = hashToken(token);
    minted.set(hash, { ...principal, credential: `minted:${hash}` });
    return token;
  };

  return {
    open,
    offersPersonas: () => open() && personas.items.length > 0,
    admission: ({ method = 'GET', headers }) => (open() ? admissionWhileOpen(method, headers, publicUrl) : undefined),
    publicUrl,
    recognise,
    async identify(token, admission, carried) {
      const known = token === undefined ? undefined : ofToken(token, carried);
      if (known || token === undefined) return known ?? recognise(undefined, admission);
      // Another process may have made it a moment ago.
      await directory.sync().catch(() => undefined);
      return recognise(token, admission, carried);
    },
    holds(principal) {
      const found = current(principal.credential);
      return (
        found !== undefined &&
        inForce(found) &&
        inForce(principal) &&
        found.role === principal.role &&
        found.scope === principal.scope &&
        found.unit === principal.unit &&
        sameGrant(found, principal)
      );
    },
    clerk: async (secret, kiosk) => parts.clerks?.of(secret, kiosk),
    onEnded(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    mint: (grant) => keep({ ...grant, kind: 'token' }),
    mintFor: (member) => keep({ ...member, kind: 'persona' }),
  };
}

function unitOf({ unit }: { unit?: string | undefined }): Pick<Principal, 'unit'> {
  return unit === undefined ? {} : { unit };
}
