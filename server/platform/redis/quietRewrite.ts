import { setTimeout as sleep } from 'node:timers/promises';
import type { BaseLogger } from 'pino';
import { askInfo, askRewrite } from './process.ts';

/**
 * Redis writes its append-only file anew when that has doubled. While it does, for 2 to 5 s at 100 MB of data, a server that is loaded hardly
 * gets on: the copy takes a processor, each page that is written meanwhile is copied, and both want the disk (docs/measured/signals.md). So
 * Redis waits with it until the file has 512 MB, and this asks for it earlier, when nothing much happens: in an office every night and most of
 * the day. A start after that reads little.
 */

const LOOK_MS = 30_000;
/** Less than this is read in a blink at a start. */
const SMALL = 64 * 2 ** 20;
/** So many bytes between two looks are quiet: some 80 observations a second. */
const QUIET = 2 ** 20;
/** After one that failed (a full disk, say), the next is not before this. */
const PAUSE_MS = 10 * 60_000;

/** What `INFO` tells of the append-only file. */
export interface LogState {
  /** Bytes. */
  size: number;
  /** Bytes after the last rewrite; 0 before the first. */
  base: number;
  rewriting: boolean;
}

/** Undefined where there is no such file, or it is being loaded. */
export function logStateOf(info: ReadonlyMap<string, string>): LogState | undefined {
  if (info.get('aof_enabled') !== '1' || info.get('loading') !== '0') return undefined;
  return {
    size: Number(info.get('aof_current_size')),
    base: Number(info.get('aof_base_size')),
    rewriting: info.get('aof_rewrite_in_progress') !== '0' || info.get('aof_rewrite_scheduled') !== '0',
  };
}

/** Whether the file is to be written anew now, by what it was a look ago and is now. */
export function isTimeToRewrite(before: LogState | undefined, now: LogState): boolean {
  if (!before || before.rewriting || now.rewriting) return false;
  // One that has become smaller was written anew since; whether it is quiet will be seen at the next look.
  const grown = now.size - before.size;
  return now.size > SMALL && now.size >= 2 * now.base && grown >= 0 && grown < QUIET;
}

/** Looks at the file from time to time until it is told to stop. */
export async function rewriteWhenQuiet(
  socketPath: string,
  log: BaseLogger,
  signal: AbortSignal,
  { lookMs = LOOK_MS, pauseMs = PAUSE_MS } = {},
): Promise<void> {
  let before: LogState | undefined;
  let notBefore = 0;
  while (!signal.aborted) {
    await sleep(lookMs, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return;
    const info = await askInfo(socketPath);
    const now = info && logStateOf(info);
    if (now && performance.now() >= notBefore && isTimeToRewrite(before, now)) {
      notBefore = performance.now() + pauseMs;
      const said = await askRewrite(socketPath);
      log.info({ bytes: now.size, said: said?.trim() }, 'The append-only file is written anew while it is quiet');
    }
    before = now;
  }
}
