import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServerProcess, type ServerProcess } from '../../testing/serverProcess.ts';

/** The built program as a real process, with its data in a folder of its own. */
export interface RunningServer extends ServerProcess {
  readonly dataDir: string;
  stop(): Promise<void>;
}

export function freshDataDir(): string {
  return mkdtempSync(join(tmpdir(), 'wagewatch-test-'));
}

/** Starts the server (`startServerProcess`), in a folder of its own unless `env` names one. */
export async function startServer(env: Record<string, string> = {}): Promise<RunningServer> {
  const dataDir = env.DATA_DIR ?? freshDataDir();
  const server = await startServerProcess({ ...env, DATA_DIR: dataDir });
  return {
    ...server,
    dataDir,
    async stop() {
      await server.kill('SIGTERM');
      if (env.DATA_DIR === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export const NDJSON = 'application/x-ndjson';
export const BATCH = 'application/cloudevents-batch+json';
export const SINGLE = 'application/cloudevents+json';

export async function post(
  url: string,
  body: string | Buffer | object,
  type = BATCH,
  signal?: AbortSignal,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${url}/api/v1/events`, {
    method: 'POST',
    ...(signal ? { signal } : {}),
    headers: { 'content-type': type },
    body: typeof body === 'string' || Buffer.isBuffer(body) ? (body as BodyInit) : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

export async function get<T>(url: string, path: string): Promise<T> {
  const response = await fetch(`${url}${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** Between two looks at what takes long, ms. */
const LOOK_MS = 100;

/** Tries until `check` holds; the longer it takes, the less often: whoever looks takes time from what is waited for. */
export async function until<T>(
  what: string,
  check: () => Promise<T | undefined | false> | T | undefined | false,
  ms = 20_000,
): Promise<T> {
  const began = Date.now();
  for (;;) {
    const found = await check();
    if (found) return found;
    const waited = Date.now() - began;
    if (waited > ms) throw new Error(`waited ${ms} ms in vain until ${what}`);
    await sleep(Math.min(LOOK_MS, 25 + waited / 20));
  }
}
