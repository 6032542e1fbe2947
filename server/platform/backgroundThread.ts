import { setPriority } from 'node:os';

/** Behind what somebody waits for, and before what has all night (nice). */
const BACKGROUND = 5;

/**
 * Lets all other threads have the processor first: whoever waits for an answer does not wait for what is done in this thread. Linux
 * takes 0 for the calling thread alone (setpriority(2)); elsewhere it would be the whole process, so nothing is done there.
 */
export function workInBackground(): void {
  if (process.platform === 'linux') setPriority(0, BACKGROUND);
}
