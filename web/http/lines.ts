import { errorOf, HttpError } from './client.ts';
import { signInNeeded } from './signIn.ts';

/** A server that sends nothing for so long is away, ms. */
const SILENCE_MS = 20_000;

/**
 * Reads an answer line by line while it comes, same origin only. Ends only with a whole answer.
 * @throws HttpError whatever went wrong: status 0 where the connection broke, also in the middle of a line
 */
export async function* readLines(path: string, signal: AbortSignal): AsyncGenerator<string, void, undefined> {
  const controller = new AbortController();
  const abort = () => {
    controller.abort();
  };
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  let timer = setTimeout(abort, SILENCE_MS);
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(abort, SILENCE_MS);
  };
  try {
    const answer = await fetch(path, { headers: { accept: 'application/x-ndjson' }, signal: controller.signal });
    heard();
    if (!answer.ok) {
      if (answer.status === 401) signInNeeded();
      throw await errorOf(answer);
    }
    const reader = answer.body!.getReader();
    const decoder = new TextDecoder();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      heard();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        // Whoever takes the lines may take its time; the server has not been silent meanwhile.
        clearTimeout(timer);
        yield line;
        heard();
      }
      if (!done) continue;
      if (rest !== '') throw new HttpError(0, { detail: 'the answer ended in the middle of a line' });
      return;
    }
  } catch (error) {
    throw error instanceof HttpError ? error : new HttpError(0, { detail: String((error as Error).message) });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    // Whoever stops taking lines ends the request.
    abort();
  }
}
