import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { request as httpsRequest, type Server } from 'node:https';
import { createSecureContext } from 'node:tls';
import type { BaseLogger } from 'pino';
import { SettingError } from './settings.ts';

/** Certificates are renewed beside a running server: looked at so often, ms. */
const LOOK_MS = 2_000;
/** TLS 1.2 is the oldest that is not broken (GB/T 38636, RFC 8996). */
const MIN_VERSION = 'TLSv1.2' as const;

interface Pem {
  cert: Buffer;
  key: Buffer;
}

/** A certificate and its key, as the files say now. */
export interface FollowedCertificate {
  now(): Pem & { minVersion: 'TLSv1.2' };
  /** From now on, a server's new connections get what the files say. */
  serve(server: Server): void;
  stop(): void;
}

/**
 * Reads certificate and key, and again when they have changed. Files that do not go together (half of them replaced, say)
 * change nothing until they do.
 * @throws SettingError when they cannot be used at the start
 */
export function followCertificate(paths: { cert: string; key: string }, log: BaseLogger): FollowedCertificate {
  let pem: Pem;
  try {
    pem = { cert: readFileSync(paths.cert), key: readFileSync(paths.key) };
    createSecureContext(pem);
  } catch (error) {
    throw new SettingError([
      `TLS_CERT ${paths.cert} and TLS_KEY ${paths.key} cannot be used: ${(error as Error).message}.`,
    ]);
  }
  let trouble = '';
  let timer: NodeJS.Timeout | undefined;

  async function look(server: Server): Promise<void> {
    try {
      const [cert, key] = await Promise.all([readFile(paths.cert), readFile(paths.key)]);
      if (cert.equals(pem.cert) && key.equals(pem.key)) return;
      server.setSecureContext({ cert, key, minVersion: MIN_VERSION });
      pem = { cert, key };
      trouble = '';
      log.info({ cert: paths.cert }, 'TLS: the new certificate is in use');
    } catch (error) {
      const { message } = error as Error;
      if (message !== trouble)
        log.error(
          { cert: paths.cert, reason: message },
          'TLS: the new certificate cannot be used, the one before stays',
        );
      trouble = message;
    }
  }

  return {
    now: () => ({ ...pem, minVersion: MIN_VERSION }),
    serve(server) {
      timer = setInterval(() => void look(server), LOOK_MS);
      timer.unref();
    },
    stop: () => clearInterval(timer),
  };
}

/** `fetch` of this program from itself: whoever's name the certificate has, it is its own. */
export const fetchFromItself: typeof fetch = (input, init) =>
  new Promise((resolve, reject) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const headers = Object.fromEntries(new Headers(init?.headers));
    const request = httpsRequest(
      url,
      {
        method: init?.method ?? 'GET',
        headers,
        rejectUnauthorized: false,
        ...(init?.signal ? { signal: init.signal } : {}),
      },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => {
          parts.push(part);
        });
        answer.on('error', reject);
        answer.on('end', () => {
          const status = answer.statusCode!;
          resolve(
            new Response([204, 304].includes(status) ? null : Buffer.concat(parts), {
              status,
              headers: answer.headers as Record<string, string>,
            }),
          );
        });
      },
    );
    request.on('error', reject);
    request.end(init?.body as string | Uint8Array | undefined);
  });
