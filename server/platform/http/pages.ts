import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { pageBuildFor } from './browsers.ts';
import { isPagePath } from './pagePath.ts';
import { HttpProblem } from './problem.ts';

/** The file of `webDir` for browsers that can run no build. */
const UNSUPPORTED = 'unsupported.html';

/** Names of built files hold their hash, so they never change; the page itself is asked for anew each time. */
const setHeaders = (reply: FastifyReply, path: string): void => {
  void reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
};

/**
 * Serves the built pages. Every path that is no file and no API is a page: which one it shows is the router's business
 * in the browser. Old browsers get the build made for them (beside `webDir`, in `legacy`; it may be built while the
 * server runs), older ones a plain page that says so.
 * @param webDir folder of the built pages; where there are none, only the answer for unknown paths is set
 * @param openToAll registers what needs no sign-in
 */
export async function servePages(
  app: FastifyInstance,
  webDir: string | undefined,
  openToAll: (register: () => PromiseLike<unknown>) => Promise<void>,
): Promise<void> {
  const root = webDir !== undefined && existsSync(join(webDir, 'index.html')) ? webDir : undefined;
  const legacyDir = root && join(root, '../legacy');
  if (root && legacyDir) {
    await openToAll(async () => {
      // The first page is chosen below, like all others.
      await app.register(fastifyStatic, { root, wildcard: false, globIgnore: ['assets/**'], index: false, setHeaders });
      // One route for all of a folder: one for each file took a twentieth of a start.
      const folder = {
        decorateReply: false,
        index: false as const,
        // It may be built a little later.
        suppressWarning: true,
      };
      for (const [prefix, built] of [
        ['/assets/', root],
        ['/legacy/assets/', legacyDir],
      ] as const)
        await app.register(fastifyStatic, { ...folder, root: join(built, 'assets'), prefix, setHeaders });
    });
  }
  app.setNotFoundHandler(({ url, method, headers }, reply) => {
    const path = url.split('?')[0]!;
    if (method === 'OPTIONS') {
      const methods = methodsAt(app, path, root !== undefined);
      if (methods.length) return reply.code(204).header('allow', methods.join(', ')).send();
    }
    if (!root || !legacyDir || !isPagePath(method, path))
      throw new HttpProblem(404, 'Not found', `there is nothing at ${method} ${path.slice(0, 200)}`);
    void reply.header('cache-control', 'no-cache').header('vary', 'User-Agent');
    const build = pageBuildFor(headers['user-agent']);
    if (build === 'legacy' && existsSync(join(legacyDir, 'index.html'))) return reply.sendFile('index.html', legacyDir);
    return reply.sendFile(build === 'none' ? UNSUPPORTED : 'index.html', root);
  });
}

/** What can be asked of a path, for those who ask before they ask (OPTIONS), as some health checks do. */
function methodsAt(app: FastifyInstance, path: string, pages: boolean): string[] {
  const parts = path.split('/');
  const fits = (url: string) => {
    const pattern = url.split('/');
    return pattern.length === parts.length && pattern.every((part, i) => part.startsWith(':') || part === parts[i]);
  };
  const methods = new Set(app.guarded.filter(({ url }) => fits(url)).map(({ method }) => method));
  if (!methods.size && pages && isPagePath('GET', path)) for (const method of ['GET', 'HEAD']) methods.add(method);
  return methods.size ? [...methods, 'OPTIONS'].sort() : [];
}
