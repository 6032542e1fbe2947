import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';

/** The built program as a real process, with its data in a folder of its own. */
export interface RunningServer {
  readonly url: string;
  readonly dataDir: string;
  readonly child: ChildProcess;
  /** What it wrote on standard output and standard error. */
  output(): string;
  kill(signal: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

const MAIN = join(PROJECT_ROOT, 'dist/server/main.js');

export function freshDataDir(): string {
  return mkdtempSync(join(tmpdir(), 'wagewatch-test-'));
}

/** Starts the server; resolves when it has printed its address. Standard variables of the environment do not get in. */
export async function startServer(env: Record<string, string> = {}): Promise<RunningServer> {
  if (!existsSync(MAIN)) throw new Error('The tests need the build: npm run build');
  const dataDir = env.DATA_DIR ?? freshDataDir();
  const child = spawn(process.execPath, [MAIN], {
    cwd: PROJECT_ROOT,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DATA_DIR: dataDir,
      PORT: '0',
      DEMO: 'off',
      LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (part: Buffer) => {
    output += part.toString();
  });
  child.stderr.on('data', (part: Buffer) => {
    output += part.toString();
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    const look = () => {
      const match = /WageWatch {2}(https?:\S+)\/wall/.exec(output);
      if (match) resolve(match[1]!);
    };
    child.stdout.on('data', look);
    void ended.then(() => reject(new Error(`the server ended before it was up:\n${output}`)));
  });
  const kill = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended;
  };
  return {
    url,
    dataDir,
    child,
    output: () => output,
    kill,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) await kill('SIGTERM');
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

/** Tries until `check` holds. */
export async function until<T>(
  what: string,
  check: () => Promise<T | undefined | false> | T | undefined | false,
  ms = 20_000,
): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain until ${what}`);
    await sleep(25);
  }
}
