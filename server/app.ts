import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { LogController, type FastifyInstance } from 'fastify';
import type { Authenticator } from './platform/http/authenticator.ts';
import { guardRoutes } from './platform/http/guard.ts';
import type { Feature, Platform } from './feature.ts';
import { trustOf } from './platform/http/address.ts';
import { answerClientError } from './platform/http/clientError.ts';
import { describeProblems, describeProblemType } from './platform/http/describeProblems.ts';
import { answerError, sendProblem, toProblem } from './platform/http/errors.ts';
import { giveUpUnreadBodies, readJsonBodies } from './platform/http/jsonBodies.ts';
import { limitRequests } from './platform/http/limits.ts';
import { servePages } from './platform/http/pages.ts';
import { compileWhenAsked } from './platform/http/routeSchemas.ts';
import { securityHeaders } from './platform/http/securityHeaders.ts';
import { createStrangers, type Strangers } from './platform/http/strangers.ts';
import type { TrailWriter } from './platform/http/trailRecord.ts';
import type { Metrics } from './platform/metrics.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Those who are not let in, as they are counted. */
    strangers: Strangers;
  }
}

export interface AppParts {
  platform: Pick<Platform, 'config' | 'log' | 'metrics' | 'pages'>;
  /** Who is let in, what keeps the trail, and what cursors are signed with. */
  guard: { access: Authenticator; trail?: TrailWriter; cursorKey?: { readonly current: Buffer } };
  /** Those whose routes are served. */
  features: readonly Feature[];
  /** Certificate and key (PEM), for HTTPS. */
  tls?: { cert: Buffer; key: Buffer };
}

/** Builds the HTTP side from the routes of features; nothing listens yet. */
export async function buildApp({ platform, guard, features, tls }: AppParts): Promise<FastifyInstance> {
  const { config, log, metrics, pages } = platform;
  const app = createApp(log, config.trustedProxies, tls);
  measureAnswers(app, metrics);
  // Before the guard: refusals have them, too.
  await securityHeaders(app, { tls: tls !== undefined, page: pageText(pages.folder) });
  // Before the first route: it is asked about each.
  const strangers = createStrangers(config.trustedProxies);
  strangers.connections.watch(app.server);
  app.decorate('strangers', strangers);
  const openToAll = guardRoutes(app, guard.access, guard.trail, guard.cursorKey, strangers);
  await limitRequests(app);
  describeProblems(app);
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'WageWatch', description: '欠薪一体化预警态势: events in, figures out.', version: '1' },
    },
    transformObject: (given) =>
      'openapiObject' in given ? describeProblemType(given.openapiObject) : given.swaggerObject,
  });
  await openToAll(() => app.register(fastifySwaggerUi, { routePrefix: '/docs' }));
  for (const { routes = [] } of features) for (const plugin of routes) await app.register(plugin);
  await servePages(app, config.roles.has('push') ? pages.folder : undefined, openToAll);
  return app;
}

/** The built page, whose own scripts the policy lets in. */
function pageText(folder: string): string {
  const page = join(folder, 'index.html');
  return existsSync(page) ? readFileSync(page, 'utf8') : '';
}

/** A head that takes longer is no request, ms; bodies are watched by whoever reads them. */
const HEAD_MS = 10_000;
const PATIENCE = { headersTimeout: HEAD_MS, connectionsCheckingInterval: 2_000 };

function createApp(
  log: Platform['log'],
  trustedProxies: number | string[] | undefined,
  tls: AppParts['tls'],
): FastifyInstance {
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    // Proxies and browsers keep connections; a stop must not wait for idle ones.
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 600 },
    clientErrorHandler: answerClientError,
    // What is wrong with the URL itself is found before there is a route, and is told like everything else.
    frameworkErrors: (error, _request, reply) => {
      sendProblem(reply, toProblem(error));
    },
    ...(tls ? { https: { ...tls, ...PATIENCE, handshakeTimeout: HEAD_MS } } : { http: PATIENCE }),
    ...(trustedProxies === undefined ? {} : { trustProxy: trustOf(trustedProxies) }),
  }).withTypeProvider<TypeBoxTypeProvider>() as unknown as FastifyInstance;
  compileWhenAsked(app);
  // Frames hold records keyed by codes; plain JSON is exact for them, and schemas still document every answer.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler(answerError);
  readJsonBodies(app);
  giveUpUnreadBodies(app);
  return app;
}

/** By the route, not the URL: what strangers ask for must not become labels. */
function measureAnswers(app: FastifyInstance, metrics: Metrics): void {
  const answers = metrics.histogram(
    'request_seconds',
    'Time from the head of a request to the end of its answer',
    [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5],
    ['route'],
  );
  app.addHook('onResponse', (request, reply, done) => {
    answers.observe({ route: request.routeOptions.url ?? 'none' }, reply.elapsedTime / 1000);
    done();
  });
}
