import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { HttpProblem } from './problem.ts';

/** Serves the built pages in `folder`, if they are there; whatever else there is nothing at, is answered with a problem. */
export async function servePages(
  app: FastifyInstance,
  folder: string | undefined,
  openToAll: (register: () => PromiseLike<unknown>) => Promise<void>,
): Promise<void> {
  const built = folder !== undefined && existsSync(join(folder, 'index.html'));
  if (built) {
    await openToAll(() =>
      app.register(fastifyStatic, {
        root: folder,
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
    if (built && isPage) return reply.header('cache-control', 'no-cache').sendFile('index.html');
    throw new HttpProblem(404, 'Not found', `there is nothing at ${request.method} ${path.slice(0, 200)}`);
  });
}
