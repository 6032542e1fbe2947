import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request as requestOf } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hashToken, mintToken } from '../../server/access/secret.ts';
import { startServer, until, type RunningServer } from '../support/server.ts';

/** HTTPS by certificate files (issue 5, point 7). */

const dir = mkdtempSync(join(tmpdir(), 'tls-'));
const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
const token = mintToken();
let server: RunningServer;

function makeCertificate(name: string, to: [cert: string, key: string]): void {
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      to[1],
      '-out',
      to[0],
    ],
    { stdio: 'ignore' },
  );
}

function ask(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body = '',
): Promise<{ answer: IncomingMessage; name: string }> {
  return new Promise((resolve, reject) => {
    const request = requestOf(
      `${server.url}${path}`,
      { rejectUnauthorized: false, agent: false, headers, method },
      (answer) => {
        const { subject } = (answer.socket as TLSSocket).getPeerCertificate();
        answer.resume();
        resolve({ answer, name: String(subject.CN) });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

beforeAll(async () => {
  makeCertificate('first.example', [cert, key]);
  const access = join(dir, 'access.json');
  writeFileSync(
    access,
    JSON.stringify({ tokens: [{ name: 'a', role: 'admin', scope: '330110', hash: hashToken(token) }] }),
  );
  server = await startServer({ TLS_CERT: cert, TLS_KEY: key, ACCESS_FILE: access, LOG_LEVEL: 'info' });
});
afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true });
});

it('is spoken, with cookies and headers to match, and the certificate is changed without a restart', async () => {
  expect(server.url).toMatch(/^https:/);
  const { answer, name } = await ask(
    '/api/v1/access/session',
    { 'content-type': 'application/json' },
    'POST',
    JSON.stringify({ token }),
  );
  expect(name).toBe('first.example');
  expect(answer.headers['set-cookie']?.[0]).toMatch(/; HttpOnly; SameSite=Strict; Secure$/);
  expect(answer.headers['strict-transport-security']).toMatch(/max-age=31536000/);
  await expect(fetch(`${server.url.replace('https', 'http')}/healthz`)).rejects.toThrow();

  // Half of a change is none.
  makeCertificate('second.example', [join(dir, 'new.pem'), join(dir, 'new.key')]);
  copyFileSync(join(dir, 'new.pem'), cert);
  await until('the half is noticed', () => server.output().includes('the one before stays'));
  expect((await ask('/healthz')).name).toBe('first.example');
  copyFileSync(join(dir, 'new.key'), key);
  await until('the other half is', async () => (await ask('/healthz')).name === 'second.example');
});
