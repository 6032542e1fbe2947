import type { Socket } from 'node:net';
import type { Problem } from '../../../contract/rest.ts';

const ANSWERS: Readonly<Record<string, [status: number, title: string, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [
    431,
    'Request header is too large',
    'the URL and the headers are longer than this server reads',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request took too long', 'the request did not arrive in time'],
};

/** What is no HTTP never becomes a request: it is answered on the bare connection, as a problem like everything else, and that ends. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) {
    const [status, title, detail] = ANSWERS[error.code ?? ''] ?? [400, 'Bad request', 'this is no HTTP request'];
    const body = JSON.stringify({ type: 'about:blank', title, status, detail } satisfies Problem);
    socket.write(
      `HTTP/1.1 ${status} ${title}\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  }
  socket.destroy(error);
}
