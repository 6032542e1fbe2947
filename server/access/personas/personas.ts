import { PERSONA_IDS, type Persona, type PersonaId } from '../../../contract/personas.ts';
import type { Principal } from '../../platform/http/principal.ts';
import type { Member } from '../member.ts';
import { hashToken, mintToken } from '../secret.ts';

/** So many browsers may be somebody at once; beyond, the first to have chosen is nobody again. */
const MOST = 1_000;
const CREDENTIAL = 'persona:';

/**
 * Whom anybody may be on an open demonstration: people in the memory of this process, whom nobody signs in as. Whether the program
 * is open is for `AccessControl` to say; it asks here only while it is.
 */
export interface PersonaBook {
  /** Whom one may be; empty where there is no demonstration. */
  readonly items: readonly Persona[];
  /** @returns the secret that its browser keeps, or undefined where there is no such persona */
  choose(id: PersonaId): string | undefined;
  /** @returns whether that was one */
  leave(principal: Principal): boolean;
  /** Calls back when somebody has left, or their place was needed. */
  onEnded(listener: () => void): void;
  /** Who has a secret of this digest. */
  of(hash: string): Principal | undefined;
  /** By what a principal was let in. */
  ofCredential(credential: string): Principal | undefined;
}

export function createPersonaBook(items: readonly Persona[]): PersonaBook {
  const chosen = new Map<string, Principal>();
  const listeners: (() => void)[] = [];
  const end = (hash: string): boolean => {
    const was = chosen.delete(hash);
    if (was) for (const listener of listeners) listener();
    return was;
  };
  const of = (hash: string) => chosen.get(hash);
  const hashOf = (credential: string) =>
    credential.startsWith(CREDENTIAL) ? credential.slice(CREDENTIAL.length) : undefined;
  return {
    items,
    choose(id) {
      const persona = items.find((one) => one.id === id);
      if (!persona) return undefined;
      const secret = mintToken();
      const hash = hashToken(secret);
      const first = chosen.size >= MOST ? chosen.keys().next().value : undefined;
      if (first !== undefined) end(first);
      chosen.set(hash, { ...memberOf(persona), kind: 'persona', credential: `${CREDENTIAL}${hash}` });
      return secret;
    },
    leave: ({ credential }) => end(hashOf(credential) ?? ''),
    onEnded: (listener) => void listeners.push(listener),
    of,
    ofCredential: (credential) => of(hashOf(credential) ?? ''),
  };
}

/** As events name a persona: everybody who is it acts as the same one. */
export function memberOf({ id, role, name, scope, unit }: Persona): Member {
  return { id: `persona-${id}`, role, name, scope, ...(unit === undefined ? {} : { unit }) };
}

/** Which persona somebody is. */
export function personaIdOf({ kind, id = '' }: Pick<Principal, 'kind' | 'id'>): PersonaId | undefined {
  return PERSONA_IDS.find((one) => kind === 'persona' && id === `persona-${one}`);
}
