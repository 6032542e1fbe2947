import { createHash } from 'node:crypto';
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/**
 * What browsers are told to do with our answers. The policy lets in nothing that does not come from here, and of scripts
 * inside a page only those of the built page itself, by their digests. Styles: Vue and the map set them on elements (no
 * script can come of that); `blob:` workers are the map's.
 * @param page text of the built page, if there is one
 */
export async function securityHeaders(
  app: FastifyInstance,
  { tls, page = '' }: { tls: boolean; page?: string },
): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", ...inlineDigests(page)],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // Told over plain HTTP, browsers only complain of these.
    crossOriginOpenerPolicy: tls,
    originAgentCluster: tls,
    strictTransportSecurity: tls ? { maxAge: 31_536_000 } : false,
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    xXssProtection: false,
  });
  app.addHook('onSend', async (request, reply) => {
    // Whoever reports a clue may say where they stand, if they let their browser tell.
    void reply.header('permissions-policy', 'camera=(), microphone=(), geolocation=(self), payment=(), usb=()');
    // What holds figures or names is kept by no cache unless it says otherwise.
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control'))
      void reply.header('cache-control', 'no-store');
  });
}

/** The scripts inside a page, as the policy names them. */
export function inlineDigests(page: string): string[] {
  return [...page.matchAll(/<script>([^]*?)<\/script>/g)].map(
    ([, script]) => `'sha256-${createHash('sha256').update(script!).digest('base64')}'`,
  );
}
