/** Replies of a Redis that is there but cannot serve now: it loads, has lost its master or its disk, or is held up. */
const NOT_NOW = /^(?:LOADING|CLUSTERDOWN|MASTERDOWN|READONLY|NOREPLICAS|TRYAGAIN|MISCONF|OOM|BUSY) /;

/** How ioredis says that nobody answers; its errors are of no class of their own. */
const NOBODY =
  /^(?:Connection is closed|Socket timeout|Command aborted due to connection close|Too many Cluster redirections|None of startup nodes|Reached the max retries per request)/;

/** What is told of a Cluster none of whose nodes answers. */
export const NO_NODE = 'No node of the Cluster can be reached.';

/** Whether an error says that Redis cannot be asked now, and not that what was asked is wrong: who asked may ask again. */
export function isUnreachable(error: unknown): boolean {
  return (
    error instanceof Error && (error.message === NO_NODE || NOT_NOW.test(error.message) || NOBODY.test(error.message))
  );
}

/** An error of Redis in words for whoever runs the program: ioredis tells of its own settings where nobody answers. */
export function redisTrouble({ message }: Error): string {
  return NOBODY.test(message) ? 'does not answer' : message;
}
