/** How a command line asks the running server, as anybody does: with the token of the environment. */

/** What was asked wrongly, or refused: one sentence a line. */
export class ToolError extends Error {}

export interface ServerCall {
  /** Where the server is; where it is not given, on this machine at PORT. */
  url: string | undefined;
  /** With its query. */
  path: string;
  /** JSON, or what becomes JSON; with it the call is a POST. */
  body?: object | string | undefined;
  /** What faults without a path are of, such as `the calendar`. */
  whole: string;
}

interface Told {
  title?: string;
  detail?: string;
  faults?: { path: string; problem: string }[];
}

/** What the server answers. @throws ToolError where it does not answer, or refuses: with every fault that it tells */
export async function callServer<T>({ url, path, body, whole }: ServerCall): Promise<T> {
  const where = url ?? `http://127.0.0.1:${process.env.PORT ?? '8080'}`;
  const token = process.env.WAGEWATCH_TOKEN;
  const answer = await fetch(new URL(path, where), {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  }).catch((error: unknown) => {
    throw new ToolError(
      `${where} does not answer (${(error as Error).message}): is the server running? --url names another`,
    );
  });
  const told = (await answer.json().catch(() => undefined)) as unknown;
  if (typeof told !== 'object' || told === null)
    throw new ToolError(
      `${where} answers ${answer.status}, but not as WageWatch does (no JSON): is there a proxy before it? --url names another`,
    );
  if (answer.ok) return told as T;
  const { title = answer.status, detail = '', faults = [] } = told as Told;
  throw new ToolError([`${title}: ${detail}`, ...faults.map((fault) => faultText(fault, whole))].join('\n'));
}

/** `/tiers/0/tier blue is not a tier …` */
export function faultText({ path, problem }: { path: string; problem: string }, whole: string): string {
  return `${path || whole} ${problem}`;
}
