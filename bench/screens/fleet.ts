import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { end } from '../../testing/endOf.ts';
import type { ClientReport, Order, ToClient } from './client.ts';

/** Screens in processes of their own, so that what they cost is not counted as the server's. */
export interface Fleet {
  measure(on: boolean): void;
  report(): Promise<ClientReport>;
  close(): Promise<void>;
}

/** One process of screens is busy with so many. */
const SCREENS_A_PROCESS = 2_500;
const PROGRAM = join(PROJECT_ROOT, 'dist/bench/screens/client.js');

export async function openFleet({ screens, ...order }: Order): Promise<Fleet> {
  const processes = Array.from({ length: Math.ceil(screens / SCREENS_A_PROCESS) }, () =>
    fork(PROGRAM, { serialization: 'advanced' }),
  );
  const tell = (child: ChildProcess, message: ToClient) => child.send(message);
  const hear = <T>(child: ChildProcess, name: string) =>
    new Promise<T>((resolve, reject) => {
      const listen = (message: Record<string, unknown>) => {
        if ('failed' in message) reject(new Error(`screens: ${String(message.failed)}`));
        if (!(name in message)) return;
        child.off('message', listen);
        resolve(message[name] as T);
      };
      child.on('message', listen);
      child.once('exit', () => reject(new Error('a process of screens ended')));
    });
  await Promise.all(
    processes.map((child, i) => {
      const ready = hear(child, 'ready');
      const share = Math.floor(screens / processes.length) + (i < screens % processes.length ? 1 : 0);
      tell(child, { open: { ...order, screens: share } });
      return ready;
    }),
  );
  return {
    measure(on) {
      for (const child of processes) tell(child, { measure: on });
    },
    async report() {
      const reports = await Promise.all(
        processes.map((child) => {
          const report = hear<ClientReport>(child, 'report');
          tell(child, { report: true });
          return report;
        }),
      );
      const sum = (of: (report: ClientReport) => number) => reports.reduce((total, report) => total + of(report), 0);
      return {
        tracks: reports.flatMap(({ tracks }) => tracks),
        messages: sum(({ messages }) => messages),
        bytes: sum(({ bytes }) => bytes),
        closed: sum(({ closed }) => closed),
      };
    },
    async close() {
      await Promise.all(processes.map((child) => end(child)));
    },
  };
}
