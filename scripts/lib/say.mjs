/**
 * How the scripts speak: one short line when a step begins, one when it ends, and one now and then in between,
 * so that nobody wonders whether anything happens. A step that has nothing to do says nothing.
 */

const HEARTBEAT_MS = 10_000;

/** What stands in the way, as sentences for the person at the terminal; no stack is shown for it. */
export class Obstacle extends Error {}

export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/**
 * Where it goes; what runs before a tool whose output is wanted keeps standard output clean.
 * @type {{ stream: NodeJS.WritableStream }}
 */
export const voice = { stream: process.stdout };

export function say(text) {
  voice.stream.write(`${text}\n`);
}

/**
 * Run a step, saying so.
 * @param {string} what begins the line: "Installing packages"
 * @param {(progress: { last: string }) => Promise<T>} work may set `last` to what it is at, for the lines in between
 * @template T
 * @returns {Promise<T>}
 */
export async function step(what, work) {
  const began = Date.now();
  const progress = { last: '' };
  say(`• ${what} …`);
  const timer = setInterval(() => {
    const at = progress.last === '' ? '' : `: ${progress.last.slice(0, 100)}`;
    say(`  … ${Math.round((Date.now() - began) / 1000)} s${at}`);
  }, HEARTBEAT_MS);
  try {
    const result = await work(progress);
    say(`  done in ${seconds(Date.now() - began)}`);
    return result;
  } catch (error) {
    say(`  failed after ${seconds(Date.now() - began)}`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/**
 * The end of a script that cannot go on: the sentences, or for a mistake of ours the whole error.
 * @param {any} error
 * @param {NodeJS.WritableStream} [stream]
 */
export function complain(error, stream = process.stderr) {
  stream.write(`${error instanceof Obstacle ? error.message : (error.stack ?? String(error))}\n`);
}
