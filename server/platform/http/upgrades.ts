import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Duplex } from 'node:stream';

type Listener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/**
 * Lets the listeners that a server has for upgrades see WebSockets below `path` alone. Whoever asks for another protocol
 * (`curl --http2` asks for `h2c`), or for a WebSocket elsewhere, is answered over HTTP/1.1 as if it had not asked: a server
 * may ignore `Upgrade` (RFC 9110 §7.8), but Node does not as soon as anybody listens for upgrades.
 */
export function onlyWebSockets(server: Server, path: string): void {
  const listeners = server.listeners('upgrade') as Listener[];
  server.removeAllListeners('upgrade');
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const wanted = request.headers.upgrade?.trim().toLowerCase() === 'websocket' && request.url?.startsWith(path);
    if (wanted) for (const listener of listeners) listener.call(server, request, socket, head);
    else answerOrdinarily(server, request, socket, head);
  });
}

/** Gives the connection back to the server, with the head of the request as if it had asked for no other protocol. */
function answerOrdinarily(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const [name, value] = [request.rawHeaders[i]!, request.rawHeaders[i + 1]!];
    if (/^(upgrade|http2-settings)$/i.test(name)) continue;
    const kept = /^connection$/i.test(name) ? withoutUpgrade(value) : value;
    if (kept !== '') lines.push(`${name}: ${kept}`);
  }
  const again = () => {
    if (socket.destroyed) return;
    socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
    server.emit(socket instanceof TLSSocket ? 'secureConnection' : 'connection', socket);
  };
  // Who sends requests without waiting for answers gets those in their order (RFC 9112 §9.3.2).
  const answer = (socket as Duplex & { _httpMessage?: ServerResponse | null })._httpMessage;
  if (answer && !answer.writableFinished) answer.once('finish', () => setImmediate(again));
  else again();
}

function withoutUpgrade(connection: string): string {
  return connection
    .split(',')
    .map((token) => token.trim())
    .filter((token) => !/^(upgrade|http2-settings|)$/i.test(token))
    .join(', ');
}
