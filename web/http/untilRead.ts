import { Backoff } from './backoff.ts';
import { isFinal } from './client.ts';

/**
 * Reads until it succeeds, with growing pauses: a wall switched on before its server must come up by itself.
 * @throws HttpError for an answer that is final (404, 403 …)
 */
export async function untilRead<T>(read: () => Promise<T>): Promise<T> {
  const backoff = new Backoff(500, 15_000);
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (isFinal(error)) throw error;
      await new Promise((resolve) => {
        setTimeout(resolve, backoff.next());
      });
    }
  }
}
