import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccessRole, TrailVerb } from '../../../contract/roles.ts';
import { credentialsOf, forged } from './credentials.ts';
import { covers, coversRegion, EVERYBODY, type Principal } from './principal.ts';
import { HttpProblem } from './problem.ts';
import type { TrailWriter } from './trailRecord.ts';

/** `public`: anybody; `loopback`: besides, whoever asks from this very machine and not through a proxy. */
export type RouteRole = AccessRole | 'public' | 'loopback';

/**
 * Which division an answer is about, and so whose scope must cover it:
 * - `query`: the parameter `scope`; where it is not given, the asker's own scope
 * - `query-region`: the whole region of that
 * - `region`: the path's `code`, as what all the towns of a region have in common
 * - `handler`: the handler finds out and asks `request.mayRead`; an answer without having asked is not sent
 * - `none`: nothing of any one division
 */
export type RouteScope = 'query' | 'query-region' | 'region' | 'handler' | 'none';

declare module 'fastify' {
  interface FastifyContextConfig {
    roles?: readonly RouteRole[];
    scope?: RouteScope;
  }
  interface FastifyInstance {
    /** Every route, with who may call it. */
    guarded: GuardedRoute[];
  }
  interface FastifyRequest {
    /** The address it came from; '' if the sender had left when it was read. `ip` is lost as soon as the sender leaves. */
    sender: string;
    /** Who asks; undefined for a stranger on a route that lets strangers in. */
    principal: Principal | undefined;
    /** Whether the asker may read all of a division (6 or 9 digits). */
    mayRead: (division: string) => boolean;
    /** Whether `mayRead` has been asked. */
    scopeAsked: boolean;
    /** Puts on the trail what is about to be done; what cannot be put there must not be done. */
    trail: (what: TrailVerb, target?: string, detail?: Record<string, unknown>) => Promise<void>;
  }
}

/** Says who somebody is. */
export interface Authenticator {
  /** Whom a secret lets in: a token or a session's, undefined if none was sent. Undefined for a stranger. */
  identify(secret: string | undefined): Promise<Principal | undefined>;
}

export interface GuardedRoute {
  method: string;
  url: string;
  roles: readonly RouteRole[];
  scope: RouteScope;
}

/**
 * Lets nobody through who is not named: every route says its roles and what its scope is, or the program does not
 * start. To be called before any route is made.
 * @returns a function within which a library, which knows of no roles, makes routes that are open to everybody
 */
export function guardRoutes(
  app: FastifyInstance,
  access: Authenticator,
  trail?: TrailWriter,
): (register: () => PromiseLike<unknown>) => Promise<void> {
  const guarded: GuardedRoute[] = [];
  const recent = new RecentReads();
  let publicLibrary = false;
  app.decorate('guarded', guarded);
  app.decorateRequest('sender', '');
  app.decorateRequest('principal', undefined);
  app.decorateRequest('scopeAsked', false);
  app.decorateRequest('mayRead', function mayRead(this: FastifyRequest, division: string) {
    this.scopeAsked = true;
    return this.principal !== undefined && covers(this.principal, division);
  });

  app.decorateRequest(
    'trail',
    async function add(this: FastifyRequest, what: TrailVerb, target?: string, detail?: Record<string, unknown>) {
      const who = this.principal;
      const reading = READING.test(what);
      // Where everybody may read everything, reading is not worth a line.
      if (who === EVERYBODY && reading) return;
      const read = reading ? JSON.stringify([who?.credential, what, target, detail]) : '';
      if (reading && recent.has(read)) return;
      await trail?.add({
        who,
        from: this.sender,
        what,
        ...(target === undefined ? {} : { target }),
        ...(detail === undefined ? {} : { detail }),
      });
      if (reading) recent.add(read);
    },
  );

  app.addHook('onRoute', (route) => {
    const config = { ...route.config };
    if (publicLibrary) {
      config.roles ??= ['public'];
      config.rateLimit ??= false;
    }
    const what = `${String(route.method)} ${route.url}`;
    if (!config.roles?.length)
      throw new Error(`${what} names no role that may call it: give it config.roles, "public" if everybody may`);
    // Nobody but an admin or a stranger has, or lacks, a scope.
    if (config.roles.every((role) => role === 'admin' || role === 'public' || role === 'loopback'))
      config.scope ??= 'none';
    if (!config.scope)
      throw new Error(
        `${what} does not say which division it is about: give it config.scope, "none" if it is about none`,
      );
    route.config = config;
    for (const method of [route.method].flat())
      guarded.push({ method, url: route.url, roles: config.roles, scope: config.scope });
  });

  app.addHook('onRequest', async (request, reply) => {
    request.sender = request.ip ?? '';
    if (request.is404) return;
    const { roles = [] } = request.routeOptions.config;
    const { token, by } = credentialsOf(request.headers);
    const problem = SAFE.has(request.method) ? undefined : forged(request.headers, by);
    if (problem) throw new HttpProblem(403, 'Not from here', problem);
    request.principal = await access.identify(token);
    if (roles.includes('public')) return;
    if (request.principal && roles.includes(request.principal.role)) return;
    if (roles.includes('loopback') && isFromHere(request.raw)) {
      request.principal ??= EVERYBODY;
      return;
    }
    if (request.principal)
      throw forbidden(reply, `${request.principal.role} may not do this; it is for ${roles.join(', ')}`);
    void reply.header('www-authenticate', token === undefined ? REALM : `${REALM}, error="invalid_token"`);
    throw new HttpProblem(
      401,
      'Who is asking?',
      token === undefined
        ? 'this needs a token: send it as "Authorization: Bearer …", or sign in at /login'
        : 'the token is not known here, or no longer valid',
    );
  });

  // Only now are the parameters known to be well-formed.
  app.addHook('preHandler', async (request, reply) => {
    if (request.is404) return;
    const { scope, roles = [] } = request.routeOptions.config;
    const { principal } = request;
    if (roles.includes('public') || principal?.role === 'admin' || scope === 'none' || scope === 'handler') return;
    if (!principal) throw new HttpProblem(401, 'Who is asking?', 'this needs a token');
    if (scope === 'region') {
      const { code = '' } = request.params as { code?: string };
      if (!coversRegion(principal, code))
        throw forbidden(reply, `the scope of this token is ${principal.scope}, not ${code}`);
      return;
    }
    const query = request.query as { scope?: string };
    query.scope ??= principal.scope;
    const division = scope === 'query-region' ? query.scope.slice(0, 6) : query.scope;
    if (!covers(principal, division))
      throw forbidden(reply, `the scope of this token is ${principal.scope}, not ${division}`);
  });

  app.addHook('onSend', async (request, reply, payload) => {
    if (
      request.is404 ||
      request.routeOptions.config.scope !== 'handler' ||
      request.scopeAsked ||
      reply.statusCode >= 300
    )
      return payload;
    throw new Error(
      `${request.method} ${request.routeOptions.url} was about to answer without having asked whether it may`,
    );
  });

  return async (register) => {
    publicLibrary = true;
    await register();
    publicLibrary = false;
  };
}

/** Methods that change nothing. */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Verbs of reading; all others change something. */
const READING = /\.(read|list|export|watch)$/;
/** A page that reads the same again and again is on the trail once, for so long, ms. */
const SAME_READ_MS = 10 * 60_000;
const MAX_READS = 20_000;

class RecentReads {
  private readonly at = new Map<string, number>();

  has(read: string): boolean {
    const at = this.at.get(read);
    return at !== undefined && performance.now() - at < SAME_READ_MS;
  }

  add(read: string): void {
    this.at.delete(read);
    this.at.set(read, performance.now());
    // The oldest first: maps keep the order in which they were filled.
    for (const oldest of this.at.keys()) {
      if (this.at.size <= MAX_READS) break;
      this.at.delete(oldest);
    }
  }
}

const REALM = 'Bearer realm="WageWatch"';

function forbidden(reply: FastifyReply, detail: string): HttpProblem {
  void reply.header('www-authenticate', `${REALM}, error="insufficient_scope"`);
  return new HttpProblem(403, 'Not allowed', detail);
}

/** Behind a proxy on this machine everybody seems to come from here: whoever names another sender does not count. */
function isFromHere({ socket, headers }: IncomingMessage): boolean {
  const forwarded = headers['x-forwarded-for'] ?? headers['forwarded'] ?? headers['x-real-ip'];
  return forwarded === undefined && /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(socket.remoteAddress ?? '');
}
