import { openRawSocket } from '../../testing/rawSocket.ts';
import { sharedNow } from '../screens/clock.ts';

/** A screen that reads what its patches say about single alerts. */
export interface OnScreen {
  /** From now on it looks for a value of an alert. @param dueAt by the shared clock, ms */
  expect(alertId: string, shows: readonly [field: string, value: unknown], dueAt: number): void;
  /** How long each took that was shown, ms. */
  readonly delays: readonly number[];
  /** How many were not shown. */
  readonly missing: number;
  close(): void;
}

export async function openOnScreen(url: string, token: string, scope: string, window: string): Promise<OnScreen> {
  const waiting = new Map<string, { field: string; value: unknown; dueAt: number }[]>();
  const delays: number[] = [];
  const look = (text: string) => {
    const at = text.indexOf('[');
    if (at < 0 || waiting.size === 0 || !text.startsWith('42/wall')) return;
    const now = sharedNow();
    const [event, body] = JSON.parse(text.slice(at)) as [
      string,
      { patch?: { latest?: Record<string, object | null> } },
    ];
    if (event !== 'patch') return;
    for (const [alertId, change] of Object.entries(body.patch?.latest ?? {})) {
      const wanted = waiting.get(alertId);
      if (!wanted || !change) continue;
      const left = wanted.filter(({ field, value, dueAt }) => {
        if ((change as Record<string, unknown>)[field] !== value) return true;
        delays.push(now - dueAt);
        return false;
      });
      if (left.length) waiting.set(alertId, left);
      else waiting.delete(alertId);
    }
  };
  const headers = { authorization: `Bearer ${token}` };
  const socket = await new Promise<Awaited<ReturnType<typeof openRawSocket>>>((resolve, reject) => {
    const opened = openRawSocket(
      url,
      (payload) => {
        const text = payload.toString();
        if (text.startsWith('40/wall'))
          void opened.then((one) => one.send(`42/wall,1["watch",${JSON.stringify({ scope, window })}]`), reject);
        else if (text.startsWith('43')) void opened.then(resolve, reject);
        else if (text.startsWith('44')) reject(new Error(`not let in: ${text}`));
        else look(text);
      },
      '/socket.io/',
      headers,
    );
    opened.then((one) => one.send('40/wall,'), reject);
  });
  return {
    expect(alertId, [field, value], dueAt) {
      const wanted = waiting.get(alertId) ?? [];
      wanted.push({ field, value, dueAt });
      waiting.set(alertId, wanted);
    },
    delays,
    get missing() {
      return [...waiting.values()].reduce((sum, { length }) => sum + length, 0);
    },
    close: () => socket.tcp.destroy(),
  };
}
