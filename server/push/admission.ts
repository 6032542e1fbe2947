import type { IncomingMessage } from 'node:http';
import type { BaseLogger } from 'pino';
import { VIEWERS } from '../../contract/roles.ts';
import type { AccessControl } from '../access/accessControl.ts';
import { credentialsOf, isOverTls, sameOrigin } from '../platform/http/credentials.ts';
import { EVERYBODY } from '../platform/http/principal.ts';
import type { Strangers } from '../platform/http/strangers.ts';
import type { ScreenNamespace, ScreenSocket } from './screens.ts';

/** Connections by one token or session; a display needs one. */
const MAX_SOCKETS = 50;

export interface AdmissionParts {
  access: AccessControl;
  strangers: Strangers;
  /** The address of whoever connects, behind what proxies are trusted. */
  addressOf: (request: IncomingMessage) => string;
  log: Pick<BaseLogger, 'warn'>;
}

/** Who may connect as a screen. */
export interface Admission {
  /** Decides before anything is kept of whoever connects, for each request of a long poll as well. */
  allow(request: IncomingMessage, decide: (refused: string | null, allowed: boolean) => void): void;
  /** Lets a screen in, and notes who it is in `socket.data`; the refusal for one that is not let in. */
  admit(socket: ScreenSocket, wall: ScreenNamespace): Promise<Error | undefined>;
}

export function createAdmission({ access, strangers, addressOf, log }: AdmissionParts): Admission {
  /** Whether a request shows by itself that it is let in, as the cookie of a display does. */
  const recognised = (request: IncomingMessage) => {
    const { token, by } = credentialsOf(request.headers, isOverTls(request, access.publicUrl));
    return access.recognise(token, access.admission(request), by) !== undefined;
  };

  return {
    allow(request, decide) {
      // While the program is open.
      const admission = access.admission(request);
      if (admission?.as === 'refused') return decide(admission.detail, false);
      if (recognised(request)) strangers.connections.known(request.socket);
      else if (!isPoll(request) && strangers.requests.take(addressOf(request), 'handshake') > 0)
        return decide('too many requests: come back in some seconds', false);
      decide(null, true);
    },
    async admit(socket, wall) {
      const { headers, auth } = socket.handshake;
      const carried = credentialsOf(headers, isOverTls(socket.request, access.publicUrl));
      // Whatever a stranger sends: only a text can be a token.
      const given = (auth as Record<string, unknown> | undefined)?.['token'];
      if (given === undefined && carried.by !== 'header' && !sameOrigin(headers, access.publicUrl)) {
        const reason = 'a page of another site cannot use this session';
        log.warn(
          { origin: headers.origin, host: headers.host },
          `screen refused: ${reason}; a proxy must keep the host and its port, or PUBLIC_URL name the address that people know`,
        );
        return denied(403, reason);
      }
      const from = addressOf(socket.request);
      const unknown = !recognised(socket.request);
      // Over one connection, too, somebody could guess without end.
      if (unknown && strangers.requests.take(from, 'handshake') > 0) {
        socket.conn.close();
        return denied(401, 'too many attempts: come back in some seconds');
      }
      const principal = await access.identify(
        given === undefined ? carried.token : typeof given === 'string' ? given : '',
        access.admission(socket.request),
        given === undefined ? carried.by : 'header',
      );
      if (!principal) return denied(401, 'this needs a token that is valid');
      strangers.connections.known(socket.request.socket);
      // The handshake was counted, and the attempt.
      if (unknown) for (let i = 0; i < 2; i++) strangers.requests.giveBack(from, 'handshake');
      if (!VIEWERS.includes(principal.role)) return denied(403, `${principal.role} may not watch`);
      const same =
        principal === EVERYBODY
          ? 0
          : [...wall.sockets.values()].filter(({ data }) => data.principal.credential === principal.credential).length;
      if (same >= MAX_SOCKETS) return denied(403, `${MAX_SOCKETS} connections with the same token are enough`);
      socket.data = { principal, from, watches: { since: performance.now(), n: 0 }, scope: undefined };
      return undefined;
    },
  };
}

/** A request of a long poll that goes on; its handshake was counted. */
function isPoll({ url = '' }: IncomingMessage): boolean {
  return /[?&]sid=/.test(url);
}

/** A refused connection; `data` is what the client's `connect_error` gets. */
export function denied(status: 401 | 403, detail: string): Error {
  return Object.assign(new Error(detail), { data: { status } });
}
