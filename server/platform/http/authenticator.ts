import type { IncomingMessage } from 'node:http';
import type { Credentials } from './credentials.ts';
import type { Admission } from './openMode.ts';
import type { Principal } from './principal.ts';

/** Says who somebody is, and for how long. */
export interface Authenticator {
  /** How a request is met while the program is open; undefined while it is closed. */
  admission(request: Pick<IncomingMessage, 'method' | 'headers'>): Admission | undefined;
  /**
   * Whom a secret lets in: a token or a session's, undefined if none was sent; for anything else, everybody where
   * `admission` says so. Undefined for a stranger.
   * @param carried an old cookie holds only what was made before there were new ones
   */
  identify(
    secret: string | undefined,
    admission?: Admission,
    carried?: Credentials['by'],
  ): Promise<Principal | undefined>;
  /** The same from what this process knows by now, without asking Redis: it may miss what was made a moment ago. */
  recognise(secret: string | undefined, admission?: Admission, carried?: Credentials['by']): Principal | undefined;
  /** Whom the secret of a clerk lets in at the kiosk that sends it beside its own; undefined for nobody. */
  clerk?(secret: string, kiosk: Principal): Promise<Principal | undefined>;
  /** Whether what somebody was let in with still holds. */
  holds(principal: Principal): boolean;
  /** Calls back when some may no longer hold. */
  onEnded(listener: () => void): () => void;
  /** Whether the program is open and lets everybody choose whom they act as: then nobody acts without having chosen. */
  offersPersonas(): boolean;
  /** The address of this program as people's browsers know it. */
  readonly publicUrl: string | undefined;
}
