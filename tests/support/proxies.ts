import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { until } from './server.ts';

/** A proxy in front of a server of this machine. */
export interface Proxy {
  readonly port: number;
  stop(): Promise<void>;
}

/** What deploy/README.md advises, so that the tests try what people copy. */
function documented(language: 'nginx' | 'haproxy'): string {
  const readme = readFileSync(join(PROJECT_ROOT, 'deploy/README.md'), 'utf8');
  const block = new RegExp(`\`\`\`${language}\n([^]*?)\n\`\`\``).exec(readme);
  if (!block) throw new Error(`deploy/README.md has no configuration for ${language}`);
  return block[1]!;
}

async function run(
  program: string,
  folder: string,
  args: string[],
  port: number,
): Promise<{ child: ChildProcess; stop(): Promise<void> }> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await until(`${program} listens`, () => {
    if (child.exitCode !== null) throw new Error(`${program} ended:\n${output}`);
    return new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
  });
  return {
    child,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** nginx as documented, over plain HTTP on a port of ours. `change` edits the documented text. */
export async function startNginx(
  target: number,
  port: number,
  change: (text: string) => string = (text) => text,
): Promise<Proxy> {
  const folder = await mkdtemp(join(tmpdir(), 'wagewatch-nginx-'));
  await mkdir(join(folder, 'temp'));
  const advised = documented('nginx')
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
    .replace(/^\s*ssl_certificate.*$/gm, '')
    .replaceAll('/opt/wagewatch', PROJECT_ROOT)
    .replaceAll('http://127.0.0.1:8080', `http://127.0.0.1:${target}`);
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/temp;`);
  await writeFile(
    join(folder, 'nginx.conf'),
    `daemon off;\npid ${folder}/pid;\nerror_log stderr;\nuser root;\nevents {}\nhttp {\n${temp.join('\n')}\naccess_log off;\n${change(advised)}\n}\n`,
  );
  const { stop } = await run('nginx', folder, ['-e', 'stderr', '-c', join(folder, 'nginx.conf')], port);
  return { port, stop };
}

/** HAProxy as documented, over plain HTTP on a port of ours. */
export async function startHaproxy(target: number, port: number): Promise<Proxy> {
  const folder = await mkdtemp(join(tmpdir(), 'wagewatch-haproxy-'));
  const config = documented('haproxy')
    .replace(/bind :443 ssl crt \S+/, `bind 127.0.0.1:${port}`)
    .replace('127.0.0.1:8080', `127.0.0.1:${target}`)
    .replaceAll('/etc/haproxy/errors/', `${join(PROJECT_ROOT, 'deploy/proxy')}/`);
  await writeFile(join(folder, 'haproxy.cfg'), `${config}\n`);
  const { stop } = await run('haproxy', folder, ['-db', '-f', join(folder, 'haproxy.cfg')], port);
  return { port, stop };
}

/** Passes requests on, but swallows WebSockets, as some gateways of offices do: it neither answers nor refuses them. */
export async function startSwallowingProxy(target: number): Promise<Proxy> {
  const server: Server = createServer((incoming, outgoing) => {
    const passed = request(
      { host: '127.0.0.1', port: target, path: incoming.url, method: incoming.method, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(outgoing);
      },
    );
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  const swallowed = new Set<Duplex>();
  server.on('upgrade', (_incoming, socket) => {
    swallowed.add(socket.on('error', () => {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const socket of swallowed) socket.destroy();
      }),
  };
}
