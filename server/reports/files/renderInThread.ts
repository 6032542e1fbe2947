import { Worker } from 'node:worker_threads';
import type { RenderJob, ReportFiles } from './renderFiles.ts';

/** MiB; a month's report takes a third of it. */
const MAX_MEMORY = 384;
const THREAD = new URL('./renderThread.js', import.meta.url);

/** Reports are made one after the other: two together would want twice the memory. */
let last: Promise<unknown> = Promise.resolve();

/** `renderFiles` in a thread of its own. @throws Error of the thread */
export function renderInThread(job: RenderJob): Promise<ReportFiles> {
  const made = last.then(() => inThread(job));
  last = made.catch(() => undefined);
  return made;
}

function inThread(job: RenderJob): Promise<ReportFiles> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(THREAD, {
      workerData: job,
      name: 'report',
      resourceLimits: { maxOldGenerationSizeMb: MAX_MEMORY },
    });
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) => {
      reject(new Error(`the thread that makes a report ended with ${code}`));
    });
  });
}
