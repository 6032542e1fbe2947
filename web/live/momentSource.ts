import type { HttpError } from '../http/client.ts';
import { isFinal } from '../http/client.ts';
import { Poller } from '../http/poller.ts';
import { reads, type Reads } from '../http/reads.ts';
import type { OpenSource } from './frameSource.ts';

const RETRY_MS = 3_000;

/**
 * The figures at one moment of the past (`GET /api/v1/snapshot?at=`): they stay as they are, nothing rings, and only another
 * scope or window is read anew. A frame of the past has no stages and nothing overdue (contract §4).
 * @param at RFC 3339
 */
export function openMoment(at: string, snapshot: Reads['snapshot'] = reads.snapshot): OpenSource {
  return (watch, listener) => {
    let wanted = watch;
    let shown = false;
    const poller = new Poller({
      everyMs: 0,
      retryMs: RETRY_MS,
      async run(signal) {
        try {
          const frame = await snapshot(wanted.scope, wanted.window, at, signal);
          if (signal.aborted) return;
          shown = true;
          listener.frame(frame);
          listener.status({ link: 'live', silent: false });
        } catch (error) {
          if (signal.aborted) return;
          const link = shown ? 'reconnecting' : 'connecting';
          if (!isFinal(error)) {
            listener.status({ link, silent: false });
            throw error;
          }
          const { status, message } = error as HttpError;
          const code = status === 403 ? 'not-allowed' : status === 404 ? 'unknown-scope' : 'bad-request';
          listener.status({ link, silent: false, problem: { code, detail: message } });
        }
      },
    });
    return {
      start: () => {
        poller.request();
      },
      setWatch(next) {
        if (next.scope === wanted.scope && next.window === wanted.window) return;
        wanted = next;
        void poller.restart();
      },
      // A frame of now is none of that moment.
      seed() {},
      wake() {},
      report() {},
      // What has been cannot grow old.
      silenceMs: () => 0,
      end: () => {
        poller.stop();
      },
    };
  };
}
