import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import type { ClerkBegun } from '../../contract/clerk.ts';
import { clerkApi } from '../http/clerkApi.ts';
import { HttpError } from '../http/client.ts';

/** Signs of life go out at most so often, while somebody touches the screen. */
const ALIVE_MS = 20_000;
/** So long before the end it is said that it ends. */
const WARN_MS = 20_000;

export interface ClerkSeat {
  /** Who is signed in; the secret is in the memory of this page alone. */
  session: ShallowRef<ClerkBegun | undefined>;
  /** Seconds until it ends by itself, in the last ones. */
  endsIn: Ref<number | undefined>;
  /** @throws HttpError as `clerkApi.begin` */
  begin(number: string, code: string): Promise<void>;
  end(): void;
  /** Runs what asks the server; where the session has ended there, it has ended here. @throws HttpError */
  run<T>(work: (secret: string) => Promise<T>): Promise<T>;
}

/** The clerk of a kiosk: signed in by a code, out after two minutes without a touch, and with the page. Call in `setup`. */
export function useClerk(): ClerkSeat {
  const session = shallowRef<ClerkBegun>();
  const endsIn = ref<number>();
  let touchedAt = 0;
  let toldAt = 0;
  function end(): void {
    const now = session.value;
    session.value = undefined;
    endsIn.value = undefined;
    // Where this does not arrive, the server ends it by the clock.
    if (now) void clerkApi.end(now.secret).catch(() => undefined);
  }
  async function run<T>(work: (secret: string) => Promise<T>): Promise<T> {
    const now = session.value;
    if (!now) throw new HttpError(401);
    try {
      const answer = await work(now.secret);
      toldAt = performance.now();
      return answer;
    } catch (error) {
      if (error instanceof HttpError && error.status === 401 && session.value === now) session.value = undefined;
      throw error;
    }
  }
  function touched(): void {
    touchedAt = performance.now();
    if (!session.value || touchedAt - toldAt < ALIVE_MS) return;
    toldAt = touchedAt;
    void run((secret) => clerkApi.alive(secret)).catch(() => undefined);
  }
  const clock = setInterval(() => {
    const now = session.value;
    if (!now) return;
    const left = now.idleMs - (performance.now() - touchedAt);
    endsIn.value = left <= WARN_MS ? Math.max(0, Math.ceil(left / 1_000)) : undefined;
    if (left <= 0) end();
  }, 1_000);
  const EVENTS = ['pointerdown', 'keydown', 'wheel'] as const;
  for (const name of EVENTS) addEventListener(name, touched, { passive: true, capture: true });
  addEventListener('pagehide', end);
  onScopeDispose(() => {
    end();
    clearInterval(clock);
    for (const name of EVENTS) removeEventListener(name, touched, { capture: true });
    removeEventListener('pagehide', end);
  });
  return {
    session,
    endsIn,
    async begin(number, code) {
      const begun = await clerkApi.begin(number, code);
      touchedAt = toldAt = performance.now();
      session.value = begun;
    },
    end,
    run,
  };
}
