import { describe, expect, it } from 'vitest';
import { PasswordQueue } from '../../../server/access/people/passwordQueue.ts';

/** A queue of strangers does not keep others from their turn (issue 15, point 18). */

/** Work that ends when it is told to. */
function work() {
  const done: string[] = [];
  const running = new Map<string, () => void>();
  return {
    done,
    running,
    of: (name: string) => () =>
      new Promise<string>((resolve) => {
        running.set(name, () => {
          running.delete(name);
          done.push(name);
          resolve(name);
        });
      }),
  };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('PasswordQueue', () => {
  it('does a known address first, whatever number of strangers waits', async () => {
    const queue = new PasswordQueue();
    const { of, running, done } = work();
    const asked: Promise<unknown>[] = [];
    for (let i = 0; i < 36; i++) asked.push(queue.run({ address: `10.0.0.${i}`, known: false }, of(`stranger ${i}`)));
    asked.push(queue.run({ address: '10.1.0.1', known: true }, of('colleague')));
    while (running.size) {
      [...running.values()][0]!();
      await settle();
    }
    await Promise.all(asked);
    // Two were under way already; no stranger who waited came before.
    expect(done.indexOf('colleague')).toBeLessThanOrEqual(3);
    expect(done).toHaveLength(37);
  });

  it('gives each address its turn, and no address more than its share', async () => {
    const queue = new PasswordQueue();
    const { of, running, done } = work();
    const asked: Promise<unknown>[] = [];
    const refused: number[] = [];
    const ask = (address: string, name: string) =>
      asked.push(
        queue.run({ address, known: false }, of(name)).catch((error: { status: number }) => {
          refused.push(error.status);
        }),
      );
    for (let i = 0; i < 40; i++) ask(`2001:db8:1:1::${i + 1}`, `flood ${i}`);
    ask('10.0.0.9', 'one');
    await settle();
    // Two under way, four waiting: the others of that /64 are told to come back, and that is no failure of theirs.
    expect(refused).toEqual(Array<number>(34).fill(503));
    while (running.size) {
      [...running.values()][0]!();
      await settle();
    }
    await Promise.all(asked);
    expect(done.indexOf('one')).toBeLessThanOrEqual(3);
  });

  it('does not keep strangers from their turn for ever, and goes on after work that fails', async () => {
    const queue = new PasswordQueue();
    const { of, running, done } = work();
    const asked: Promise<unknown>[] = [];
    for (let i = 0; i < 12; i++) asked.push(queue.run({ address: `10.1.0.${i}`, known: true }, of(`known ${i}`)));
    asked.push(queue.run({ address: '10.0.0.9', known: false }, of('stranger')));
    while (running.size) {
      [...running.values()][0]!();
      await settle();
    }
    await Promise.all(asked);
    expect(done.indexOf('stranger')).toBeLessThanOrEqual(6);
    const failing = Array.from({ length: 5 }, () =>
      queue.run({ address: '10.0.0.1', known: false }, () => Promise.reject(new Error('no'))),
    );
    expect((await Promise.allSettled(failing)).every(({ status }) => status === 'rejected')).toBe(true);
    expect(await queue.run({ address: '10.0.0.1', known: false }, () => Promise.resolve('yes'))).toBe('yes');
  });
});
