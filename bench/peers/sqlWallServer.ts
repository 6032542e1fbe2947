import { createServer } from 'node:http';
import pg from 'pg';
import { APPLY, FIGURES, INSERT_EVENTS, INSERT_RAISED } from './sql.ts';

/**
 * The server of a wall that asks PostgreSQL: `POST /events` writes a batch in one transaction, `GET /figures` asks for all
 * figures anew, `GET /shared` gives everybody the answer of the same second. Started with the socket's directory.
 */
interface Incoming {
  id: string;
  source: string;
  type: string;
  time: string;
  data: Record<string, unknown>;
}

const pool = new pg.Pool({ host: process.argv[2]!, user: 'bench', database: 'postgres', max: 4 });
// PostgreSQL is killed under it, and so is this process a moment later.
pool.on('error', () => undefined);
const SHARED_MS = 1_000;

async function take(events: Incoming[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ n: number }>(INSERT_EVENTS, [
      JSON.stringify(
        events.map((event, n) => ({
          n,
          source: event.source,
          id: event.id,
          type: event.type,
          at: event.time,
          data: event.data,
        })),
      ),
    ]);
    const fresh = JSON.stringify(
      rows.map(({ n }) => ({ type: events[n]!.type.split('.').at(-1), at: events[n]!.time, ...events[n]!.data })),
    );
    await client.query(INSERT_RAISED, [fresh]);
    await client.query(APPLY, [fresh]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

async function figures(): Promise<string> {
  const { rows } = await pool.query<{ figures: string }>(FIGURES);
  return rows[0]!.figures;
}

let shared: { at: number; answer: Promise<string> } | undefined;
function sharedFigures(): Promise<string> {
  if (!shared || Date.now() - shared.at >= SHARED_MS) shared = { at: Date.now(), answer: figures() };
  return shared.answer;
}

const server = createServer((request, response) => {
  const answer = (status: number, body: string) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  const fail = (error: unknown) => answer(500, String(error));
  if (request.method === 'GET') {
    void (request.url === '/shared' ? sharedFigures() : figures()).then((body) => answer(200, body), fail);
    return;
  }
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on(
    'end',
    () => void take(JSON.parse(Buffer.concat(parts).toString()) as Incoming[]).then(() => answer(202, '{}'), fail),
  );
});
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as { port: number }).port }));
process.once('disconnect', () => process.exit());
