import type { Command, Report } from '../../contract/protocol.ts';

/**
 * Between a screen's line to the server and what the page does as a display: commands one way, reports the other. A module
 * of its own without imports, so that pages without a line carry none.
 */
export interface LineState {
  /** Build of the server when this page first heard it: the one this page came from. */
  build: string | undefined;
  /** Age of the figures on show, ms. */
  ageMs: number | undefined;
}

const listeners = new Set<(command: Command) => void>();
/** Commands that came before anybody listened. */
let pending: Command[] = [];
/** A page is told a handful; more are not kept. */
const MOST_PENDING = 20;
let line: { send(report: Report): void; state(): LineState } | undefined;

/** What this page was loaded from, before its screen wrote its state into the address. */
const loadedFrom = typeof location === 'undefined' ? '/' : location.pathname + location.search;

export const displayLine = {
  loadedFrom,
  /** The screen's line is open from now on. */
  opened(to: { send(report: Report): void; state(): LineState }): void {
    line = to;
  },
  command(command: Command): void {
    if (listeners.size === 0 && pending.length < MOST_PENDING) pending.push(command);
    for (const listen of listeners) listen(command);
  },
  onCommand(listen: (command: Command) => void): () => void {
    listeners.add(listen);
    const missed = pending;
    pending = [];
    for (const command of missed) listen(command);
    return () => {
      listeners.delete(listen);
    };
  },
  /** Undefined while there is no line. */
  state: (): LineState | undefined => line?.state(),
  send(report: Report): void {
    line?.send(report);
  },
};
