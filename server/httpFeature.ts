import type { Server as TlsServer } from 'node:https';
import type { FastifyInstance } from 'fastify';
import { buildApp, type AppParts } from './app.ts';
import type { Feature, Platform } from './feature.ts';
import { followCertificate, type FollowedCertificate } from './platform/tls.ts';

/** Where this very server listens. */
export interface Listening {
  /** Without a path. Known once it listens. */
  url(): string;
}

export interface CertificateFeature extends Feature {
  certificate(): FollowedCertificate | undefined;
}

/** The certificate and key of HTTPS, where they are configured; found wrong before anything is loaded. */
export function certificateFeature({ config, log }: Platform): CertificateFeature {
  let followed: FollowedCertificate | undefined;
  return {
    name: 'certificate',
    secretFiles: config.tls ? [config.tls.key] : [],
    certificate: () => followed,
    start() {
      followed = config.tls && followCertificate(config.tls, log);
    },
    stop: () => followed?.stop(),
  };
}

/** Serves the routes of all features over HTTP, and says on standard output where. */
export function httpFeature(
  platform: Platform,
  parts: { guard: AppParts['guard']; certificate: CertificateFeature; features: readonly Feature[] },
): Feature & Listening {
  const { config } = platform;
  let app: FastifyInstance | undefined;
  let url = '';
  return {
    name: 'http',
    url: () => url,
    async start() {
      const certificate = parts.certificate.certificate();
      app = await buildApp({
        platform,
        guard: parts.guard,
        features: parts.features,
        ...(certificate ? { tls: certificate.now() } : {}),
      });
      certificate?.serve(app.server as unknown as TlsServer);
      await app.listen({ host: config.host, port: config.port });
      const { port } = app.server.address() as { port: number };
      const host = config.host.includes(':') ? `[${config.host}]` : config.host;
      url = `${certificate ? 'https' : 'http'}://${host}:${port}`;
      process.stdout.write(`WageWatch  ${url}/wall\n`);
    },
    stop: () => app?.close(),
  };
}
