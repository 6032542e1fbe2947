import { Agent, request } from 'node:http';
import { connect } from 'node:net';

export interface Answer {
  status: number;
  type: string;
  text: string;
}

const TIMEOUT_MS = 20_000;
const agent = new Agent({ keepAlive: true, maxSockets: 32 });

/** One request through Node's own client, on kept connections. */
export function send(
  url: string,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string | Buffer,
): Promise<Answer> {
  const { port, hostname } = new URL(url);
  return new Promise((resolve, reject) => {
    const sending = request(
      {
        agent,
        hostname,
        port,
        method,
        path,
        headers: body === undefined ? headers : { ...headers, 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({
            status: response.statusCode!,
            type: response.headers['content-type'] ?? '',
            text: Buffer.concat(parts).toString('utf8'),
          }),
        );
        response.on('error', reject);
      },
    );
    sending.setTimeout(TIMEOUT_MS, () => sending.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
    // The server may give up an idle connection just when it is taken for another request.
    sending.on('error', (error) =>
      sending.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET'
        ? resolve(send(url, method, path, headers, body))
        : reject(error),
    );
    sending.end(body);
  });
}

/** Ends the kept connections. */
export const hangUp = (): void => agent.destroy();

/** Writes bytes to the server's port, whatever they are, and reads until it closes: all that came, as latin1. */
export function sendRaw(url: string, bytes: Buffer): Promise<string> {
  const { port, hostname } = new URL(url);
  return new Promise((resolve, reject) => {
    const tcp = connect(Number(port), hostname);
    let heard = '';
    const timer = setTimeout(() => {
      tcp.destroy();
      reject(new Error(`neither closed nor answered within ${TIMEOUT_MS} ms`));
    }, TIMEOUT_MS);
    const done = () => {
      clearTimeout(timer);
      resolve(heard);
    };
    tcp.on('data', (part: Buffer) => {
      heard += part.toString('latin1');
    });
    tcp.on('error', done);
    tcp.on('close', done);
    tcp.end(bytes);
  });
}
