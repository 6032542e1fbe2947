import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CLERK_HEADER, PERSONAS_PAGE } from '../../../contract/accessLimits.ts';
import type { AccessRole, TrailVerb } from '../../../contract/roles.ts';
import type { OnlyTrailKeys, TrailDetail } from '../../../contract/trailKeys.ts';
import { plainAddress } from './address.ts';
import type { Authenticator } from './authenticator.ts';
import { credentialsOf, forged, isOverTls, type Credentials } from './credentials.ts';
import { signCursors } from './cursors.ts';
import { admissionWhileOpen, type Admission } from './openMode.ts';
import { covers, coversRegion, EVERYBODY, viewOf, type Principal } from './principal.ts';
import { isPagePath } from './pagePath.ts';
import { HttpProblem, noLongerLetIn, tooManyRequests } from './problem.ts';
import { RecentReads } from './recentReads.ts';
import { createStrangers, type Strangers } from './strangers.ts';
import { RunningRequests } from './runningRequests.ts';
import type { TrailWriter } from './trailRecord.ts';

/** `public`: anybody; `loopback`: besides, whoever asks from this very machine and not through a proxy. */
export type RouteRole = AccessRole | 'public' | 'loopback';

/**
 * Which division an answer is about, and so whose scope must cover it:
 * - `query`: the parameter `scope`; where it is not given, the asker's own scope
 * - `query-region`: the whole region of that
 * - `region`: the path's `code`, as what all the towns of a region have in common
 * - `region-query`: the same of the parameter `region`
 * - `handler`: the handler finds out and asks `request.mayRead`; an answer without having asked is not sent
 * - `none`: nothing of any one division
 */
export type RouteScope = 'query' | 'query-region' | 'region' | 'region-query' | 'handler' | 'none';

declare module 'fastify' {
  interface FastifyContextConfig {
    roles?: readonly RouteRole[];
    scope?: RouteScope;
    /** What the route puts on the trail before it answers; `none` where no answer holds a name in full, and nothing changes. */
    trail?: TrailVerb | 'none';
    /** What is done is done in somebody's name: where personas are offered, whoever asks must have chosen one. */
    inOnesName?: boolean;
    /** Whether a clerk who is signed in at a kiosk may call it: no other route is for them. */
    clerk?: boolean;
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
    trail: <T extends TrailDetail>(what: TrailVerb, target?: string, detail?: T & OnlyTrailKeys<T>) => Promise<void>;
    /** What the handler has put on the trail. */
    trailed: TrailVerb | undefined;
    /** Whether a browser reached us over TLS, here or at a proxy. */
    overTls: boolean;
    /** What the request is let in by. */
    carried: Credentials['by'];
    /** How the request is met while the program is open. */
    admission: Admission | undefined;
    /** Aborts when what the asker was let in with ends while the request is under way. */
    readonly revoked: AbortSignal;
  }
}

export interface GuardedRoute {
  method: string;
  url: string;
  roles: readonly RouteRole[];
  scope: RouteScope;
  trail: TrailVerb | 'none';
}

/**
 * Lets nobody through who is not named: every route says its roles and what its scope is, or the program does not
 * start. To be called before any route is made. A route that says that it is on the trail answers only once it is.
 * @param strangers counts those who are not let in; a page or its files do not count
 * @param cursorKey what the cursors of lists are signed with; of this app alone where none is given
 * @returns a function within which a library, which knows of no roles, makes routes that are open to everybody
 */
export function guardRoutes(
  app: FastifyInstance,
  access: Authenticator,
  trail?: TrailWriter,
  cursorKey: { readonly current: Buffer } = { current: randomBytes(32) },
  strangers: Strangers = createStrangers(undefined),
): (register: () => PromiseLike<unknown>) => Promise<void> {
  const guarded: GuardedRoute[] = [];
  const recent = new RecentReads();
  const running = new RunningRequests(access);
  let publicLibrary = false;
  app.decorate('guarded', guarded);
  signCursors(app, () => cursorKey.current);
  app.decorateRequest('sender', '');
  app.decorateRequest('principal', undefined);
  app.decorateRequest('scopeAsked', false);
  app.decorateRequest('trailed', undefined);
  app.decorateRequest('admission', undefined);
  app.decorateRequest('overTls', false);
  app.decorateRequest('carried', 'none');
  app.decorateRequest('revoked', {
    getter(this: FastifyRequest) {
      return running.signalOf(this);
    },
  });
  app.decorateRequest('mayRead', function mayRead(this: FastifyRequest, division: string) {
    this.scopeAsked = true;
    return this.principal !== undefined && covers(this.principal, division);
  });

  app.decorateRequest(
    'trail',
    async function add(this: FastifyRequest, what: TrailVerb, target?: string, detail?: TrailDetail) {
      const who = this.principal;
      // Where everybody may read everything, reading is not worth a line.
      const reading = READING.test(what);
      if (who === EVERYBODY && reading) return;
      const read = reading ? JSON.stringify([who?.credential, this.sender, what, target, detail]) : '';
      this.trailed = what;
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
    const open = config.roles.includes('public') || config.roles.includes('loopback');
    if (!open && !config.trail)
      throw new Error(
        `${what} does not say what it puts on the trail: give it config.trail, "none" if no answer holds names in full and nothing changes`,
      );
    config.trail ??= 'none';
    route.config = config;
    for (const method of [route.method].flat())
      guarded.push({ method, url: route.url, roles: config.roles, scope: config.scope, trail: config.trail });
  });

  app.addHook('onRequest', async (request, reply) => {
    request.sender = plainAddress(request.ip ?? '');
    const admission = access.admission(request.raw);
    if (admission?.as === 'refused') throw new HttpProblem(admission.status, 'Not from here', admission.detail);
    request.admission = admission;
    request.overTls = isOverTls(request.raw, access.publicUrl);
    const { token, by } = credentialsOf(request.headers, request.overTls);
    request.carried = by;
    // Before anything is looked up, also for what is not there: guessing must not be cheap.
    const counted = access.recognise(token, admission, by) === undefined && isCounted(request);
    if (counted) {
      const wait = strangers.requests.take(request.sender, budgetOf(request));
      if (wait > 0) throw tooManyRequests(wait);
    }
    if (request.is404) return;
    const { roles = [] } = request.routeOptions.config;
    const strange = SAFE.has(request.method) ? undefined : forged(request.headers, by, access.publicUrl);
    if (strange) {
      request.log.warn(
        { url: request.url.split('?')[0], origin: request.headers.origin, host: request.headers.host },
        `not from here: ${strange}; PUBLIC_URL names the address that people know`,
      );
      throw new HttpProblem(403, 'Not from here', strange);
    }
    request.principal = await access.identify(token, admission, by);
    const clerk = request.headers[CLERK_HEADER];
    if (clerk !== undefined) request.principal = await clerkAt(request.principal, String(clerk), access);
    if (request.principal?.kiosk !== undefined && !request.routeOptions.config.clerk)
      throw forbidden(reply, 'a clerk at a kiosk accepts cases and reports clues, and does nothing else there');
    if (request.principal) {
      strangers.connections.known(request.raw.socket);
      if (counted) strangers.requests.giveBack(request.sender, budgetOf(request));
    }
    if (roles.includes('public')) return;
    if (request.principal && roles.includes(request.principal.role)) {
      if (request.principal === EVERYBODY && request.routeOptions.config.inOnesName && access.offersPersonas())
        throw chooseFirst();
      running.add(request, reply, request.principal);
      return;
    }
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
    // A body may have taken longer than what its sender was let in with lasted.
    if (running.hasEnded(request)) throw noLongerLetIn();
    if (roles.includes('public') || principal?.role === 'admin' || scope === 'none' || scope === 'handler') return;
    if (!principal) throw new HttpProblem(401, 'Who is asking?', 'this needs a token');
    if (scope === 'region' || scope === 'region-query') {
      const { code = '' } = request.params as { code?: string };
      const { region = '' } = request.query as { region?: string };
      const asked = scope === 'region' ? code : region;
      if (!coversRegion(principal, asked))
        throw forbidden(reply, `the scope of this token is ${principal.scope}, not ${asked}`);
      return;
    }
    const query = request.query as { scope?: string };
    query.scope ??= principal.scope;
    const division = scope === 'query-region' ? query.scope.slice(0, 6) : query.scope;
    if (!covers(principal, division))
      throw forbidden(reply, `the scope of this token is ${principal.scope}, not ${division}`);
  });

  app.addHook('onSend', async (request, reply, payload) => {
    // Nobody reads on what somebody sends who is let in no longer.
    if (running.hasEnded(request)) void reply.header('connection', 'close');
    if (request.is404 || reply.statusCode >= 300) return payload;
    const { scope, trail: verb = 'none' } = request.routeOptions.config;
    const what = `${request.method} ${request.routeOptions.url} was about to answer without having`;
    if (scope === 'handler' && !request.scopeAsked) throw new Error(`${what} asked whether it may`);
    if (verb !== 'none' && mustBeTrailed(verb, request.principal) && request.trailed === undefined)
      throw new Error(`${what} put it on the trail`);
    return payload;
  });

  return async (register) => {
    publicLibrary = true;
    await register();
    publicLibrary = false;
  };
}

/** The clerk who is signed in at a kiosk: their secret is good beside that of the kiosk itself, and nowhere else. @throws HttpProblem 401 */
async function clerkAt(kiosk: Principal | undefined, secret: string, access: Authenticator): Promise<Principal> {
  const clerk = kiosk && (await access.clerk?.(secret, kiosk));
  if (!clerk) throw noLongerLetIn('no clerk is signed in at this kiosk by that: sign in again');
  return clerk;
}

/** Each route has a count of its own, and what is not there has one. */
function budgetOf(request: FastifyRequest): string {
  return request.is404 ? '' : (request.routeOptions.url ?? '');
}

/** Not counted: pages and their files, which an office behind one address loads all at once, and what balancers ask. */
function isCounted(request: FastifyRequest): boolean {
  if (!request.is404) return request.routeOptions.config.rateLimit !== false;
  const path = request.url.split('?')[0]!;
  return !isPagePath(request.method, path) && !(request.method === 'OPTIONS' && /^\/(healthz|readyz)$/.test(path));
}

/** Methods that change nothing. */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Verbs of reading; all others change something. */
const READING = /\.(read|list|export|watch)$/;

/** Displays are shown no names, and everybody of an open program has none. */
function mustBeTrailed(verb: TrailVerb, principal: Principal | undefined): boolean {
  if (!principal || principal === EVERYBODY) return false;
  return !READING.test(verb) || viewOf(principal) !== 'masked';
}

function chooseFirst(): HttpProblem {
  const detail = `in an open demonstration whoever acts is one of its people: choose one at ${PERSONAS_PAGE}, or by POST /api/v1/personas`;
  return new HttpProblem(403, 'Choose who you are', detail, undefined, { rule: 'persona', choose: PERSONAS_PAGE });
}

const REALM = 'Bearer realm="WageWatch"';

function forbidden(reply: FastifyReply, detail: string): HttpProblem {
  void reply.header('www-authenticate', `${REALM}, error="insufficient_scope"`);
  return new HttpProblem(403, 'Not allowed', detail);
}

/** Behind a proxy on this machine everybody seems to come from here, and so does a page that has made a name for it. */
function isFromHere({ socket, headers, method = 'GET' }: IncomingMessage): boolean {
  return (
    /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(socket.remoteAddress ?? '') &&
    admissionWhileOpen(method, headers, undefined).as === 'everybody'
  );
}
