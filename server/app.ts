import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
} from 'fastify';
import type { Problem } from '../contract/rest.ts';
import { AccessError } from './access/accessError.ts';
import { BusyError } from './access/directory.ts';
import { trustOf } from './platform/http/address.ts';
import type { Mask } from './privacy/mask.ts';
import type { AccessServices } from './access/services.ts';
import { Situation, type Shown } from './situation/situation.ts';
import type { DeadLetterStore } from './streams/intake/deadLetterStore.ts';
import { isUnreachable } from './platform/redis/unreachable.ts';
import type { RegionPacks } from './region/packs.ts';
import type { RegionPack } from '../contract/region.ts';
import type { StoredEvent } from './alerts/state.ts';
import { guardRoutes } from './access/routes/guard.ts';
import { displayRoutes } from './access/displays/displayRoutes.ts';
import { limitRequests } from './platform/http/limits.ts';
import { inviteRoutes } from './access/people/inviteRoutes.ts';
import { oidcRoutes } from './access/sessions/oidcRoutes.ts';
import { pairingRoutes } from './access/displays/pairingRoutes.ts';
import { peopleRoutes } from './access/people/peopleRoutes.ts';
import { securityHeaders } from './platform/http/securityHeaders.ts';
import { sessionRoute } from './access/sessions/sessionRoute.ts';
import { tokenRoutes } from './access/tokens/tokenRoutes.ts';
import { trailRoute } from './access/trail/trailRoute.ts';
import { alertRoutes } from './views/alerts/alertRoutes.ts';
import { alertsExportRoutes } from './views/export/alertsExportRoutes.ts';
import { answerClientError } from './platform/http/clientError.ts';
import { deadLettersRoute } from './streams/intake/routes/deadLettersRoute.ts';
import { enterpriseRoutes } from './views/enterprises/enterpriseRoutes.ts';
import { eventsRoute } from './streams/intake/routes/eventsRoute.ts';
import { healthRoute, type HealthParts } from './platform/http/healthRoute.ts';
import { HttpProblem } from './platform/http/problem.ts';
import { regionsRoute } from './views/regions/regionsRoute.ts';
import type { AlertReadParts } from './views/regionTables.ts';
import { seriesRoute } from './views/series/seriesRoute.ts';
import { snapshotRoute } from './views/snapshot/snapshotRoute.ts';
import type { IntakeRequest } from './streams/intake/intake.ts';

/** A region that is shown here: counted itself, or the sum of others. */
export interface ShownRegion {
  readonly code: string;
  readonly pack: RegionPack;
  situation(): Shown | undefined;
}

export interface AppParts {
  log: FastifyBaseLogger;
  access: AccessServices;
  /** Certificate and key (PEM), for HTTPS. */
  tls?: { cert: Buffer; key: Buffer };
  trustedProxies?: number | string[];
  packs: RegionPacks;
  /** The region that is shown where none is asked for. */
  region: string;
  demo: boolean;
  roles: ReadonlySet<'ingest' | 'worker' | 'push'>;
  regionOf: (scope: string) => ShownRegion | undefined;
  /** The distinct events of an alert of a region, in no order; undefined if there is no such alert. */
  events: (region: string, alertId: string) => Promise<StoredEvent[] | undefined>;
  intake: () => IntakeRequest;
  deadLetters: DeadLetterStore;
  health: HealthParts;
  /** What displays are shown. */
  mask?: Mask;
  now: () => number;
  /** Folder of the built web pages, if they are to be served. */
  webDir?: string;
}

/** Builds the HTTP side from its routes; nothing listens yet. */
export async function buildApp(parts: AppParts): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: parts.log,
    logController: new LogController({ disableRequestLogging: true }),
    // Proxies and browsers keep connections; a stop must not wait for idle ones.
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 600 },
    clientErrorHandler: answerClientError,
    // What is wrong with the URL itself is found before there is a route, and is told like everything else.
    frameworkErrors: (error, _request, reply) => sendProblem(reply as unknown as FastifyReply, toProblem(error)),
    ...(parts.tls ? { https: parts.tls } : {}),
    ...(parts.trustedProxies === undefined ? {} : { trustProxy: trustOf(parts.trustedProxies) }),
    ajv: { customOptions: { coerceTypes: 'array', removeAdditional: false, allErrors: false, strict: false } },
  }).withTypeProvider<TypeBoxTypeProvider>();
  // Frames hold records keyed by codes; plain JSON is exact for them, and schemas still document every answer.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler((error: FastifyError | HttpProblem | AccessError, request, reply) => {
    const problem = toProblem(error);
    if (problem.status >= 500) request.log.error({ error, url: request.url.split('?')[0] }, 'request failed');
    if (error instanceof AccessError && error.retryMs !== undefined)
      void reply.header('retry-after', Math.ceil(error.retryMs / 1000));
    if (problem.status === 413) {
      // Closing while the client still writes would cost it the answer: what it sends is read and thrown away.
      void reply.header('connection', 'keep-alive');
      request.raw.resume();
    }
    return sendProblem(reply, problem);
  });

  // By the route, not the URL: what strangers ask for must not become labels.
  app.addHook('onResponse', (request, reply, done) => {
    parts.health.metrics.answered(request.routeOptions.url ?? 'none', reply.elapsedTime);
    done();
  });
  // Before the guard: refusals have them, too.
  await securityHeaders(app as unknown as FastifyInstance, { tls: parts.tls !== undefined });
  // Before the first route: it is asked about each.
  const openToAll = guardRoutes(app as unknown as FastifyInstance, parts.access.access, parts.access.trail);
  await limitRequests(app as unknown as FastifyInstance);

  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'WageWatch', description: '欠薪一体化预警态势: events in, figures out.', version: '1' },
    },
  });
  await openToAll(() => app.register(fastifySwaggerUi, { routePrefix: '/docs' }));
  const masked = parts.mask ? { mask: parts.mask } : {};
  const situationOf = (scope: string) => situationIn(parts.regionOf, scope);
  if (parts.roles.has('ingest')) {
    const events = { intake: parts.intake, holds: parts.access.access.holds };
    await app.register(eventsRoute(events));
    await app.register(deadLettersRoute({ ...events, store: parts.deadLetters }));
  }
  if (parts.roles.has('push')) {
    await app.register(snapshotRoute({ situationOf, defaultScope: parts.region, now: parts.now, ...masked }));
    await app.register(seriesRoute({ situationOf, defaultScope: parts.region, now: parts.now, ...masked }));
    const reads = alertReads(parts, situationOf);
    for (const route of [alertRoutes, alertsExportRoutes, enterpriseRoutes]) await app.register(route(reads));
    await app.register(regionsRoute({ packs: parts.packs, demo: parts.demo }));
  }
  await app.register(healthRoute(parts.health));
  for (const route of [
    sessionRoute,
    inviteRoutes,
    peopleRoutes,
    tokenRoutes,
    pairingRoutes,
    displayRoutes,
    trailRoute,
    oidcRoutes,
  ])
    await app.register(route(parts.access));

  const page = parts.roles.has('push') && parts.webDir !== undefined && existsSync(join(parts.webDir, 'index.html'));
  if (page) {
    await openToAll(() =>
      app.register(fastifyStatic, {
        root: parts.webDir!,
        wildcard: false,
        // Names of built files hold their hash, so they never change; the page itself is asked for anew each time.
        setHeaders(reply, path) {
          reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
        },
      }),
    );
  }
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]!;
    const isPage = request.method === 'GET' && !/^\/(api|docs|socket\.io|assets)\b|\.[a-z0-9]+$/i.test(path);
    if (page && isPage) return reply.header('cache-control', 'no-cache').sendFile('index.html');
    throw new HttpProblem(404, 'Not found', `there is nothing at ${request.method} ${path.slice(0, 200)}`);
  });
  return app as unknown as FastifyInstance;
}

function situationIn(regionOf: AppParts['regionOf'], scope: string): Shown {
  const runtime = regionOf(scope);
  if (!runtime) throw new HttpProblem(404, 'Unknown scope', `scope ${scope} is not known here`, 'scope');
  const situation = runtime.situation();
  if (!situation) throw new HttpProblem(503, 'Not ready', 'the figures are still being loaded');
  return situation;
}

/** What the reads of alerts and enterprises are made from. */
function alertReads(
  { regionOf, region, now, events, mask }: AppParts,
  situationOf: (scope: string) => Shown,
): AlertReadParts {
  return {
    regions: {
      get(code) {
        const runtime = regionOf(code);
        if (!runtime) return undefined;
        const situation = situationOf(code);
        return {
          lists: situation.lists,
          table: situation instanceof Situation ? situation.table : undefined,
          pack: runtime.pack,
        };
      },
    },
    holders: (scope, alertId) => situationOf(scope).holders(alertId),
    documents: { events },
    defaultRegion: region,
    now,
    ...(mask ? { mask } : {}),
  };
}

function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply.code(problem.status).type('application/problem+json').serializer(JSON.stringify).send(problem);
}

/** Any error as RFC 9457. What went wrong inside is for the log, not for strangers. */
function toProblem(error: FastifyError | HttpProblem | AccessError): Problem {
  if (error instanceof HttpProblem) {
    return {
      type: 'about:blank',
      title: error.title,
      status: error.status,
      detail: error.detail,
      ...(error.parameter === undefined ? {} : { parameter: error.parameter }),
      ...error.extensions,
    };
  }
  if (error instanceof AccessError) {
    return {
      type: 'about:blank',
      title: ACCESS_TITLES[error.status],
      status: error.status,
      detail: error.message,
      ...(error.parameter === undefined ? {} : { parameter: error.parameter }),
    };
  }
  if (error instanceof BusyError) return { type: 'about:blank', title: 'Busy', status: 503, detail: error.message };
  if (isUnreachable(error))
    return {
      type: 'about:blank',
      title: 'Store does not answer',
      status: 503,
      detail: 'this cannot be read or written now; ask again in a moment',
    };
  const status = error.statusCode ?? 500;
  if (error.validation) {
    const first = error.validation[0];
    const params = (first?.params ?? {}) as {
      missingProperty?: string;
      additionalProperty?: string;
      allowedValues?: unknown[];
    };
    const parameter = first?.instancePath.slice(1).split('/')[0] || params.missingProperty || params.additionalProperty;
    const allowed = params.allowedValues ? `: ${params.allowedValues.join(', ')}` : '';
    return {
      type: 'about:blank',
      title: 'Parameter is not valid',
      status: 400,
      detail: `${error.message}${allowed}`,
      ...(parameter ? { parameter } : {}),
    };
  }
  if (status >= 500)
    return {
      type: 'about:blank',
      title: 'Internal error',
      status,
      detail: 'the fault is on our side, and is in the log',
    };
  return { type: 'about:blank', title: TITLES[status] ?? 'Request refused', status, detail: error.message };
}

const TITLES: Record<number, string> = {
  400: 'Bad request',
  413: 'Body is too large',
  414: 'URL is too long',
  415: 'Media type is not supported',
};
const ACCESS_TITLES: Record<AccessError['status'], string> = {
  400: 'Not possible',
  401: 'Not let in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  422: 'Not good enough',
  429: 'Too many attempts',
  503: 'Busy',
};
