import type { Command, Report } from '../../../contract/protocol.ts';
import { REPORT_MS } from '../../../contract/accessLimits.ts';
import { accessApi } from '../../http/accessApi.ts';
import { HttpError } from '../../http/client.ts';
import { Backoff } from '../../http/backoff.ts';
import { displayLine } from '../../live/displayLine.ts';
import { rememberDisplay, signInNeeded } from '../../http/signIn.ts';
import { errorText, isAt, ownPath, rateOf } from './commands.ts';

/** Pictures are counted for so long before each report. */
const COUNT_MS = 1_000;
/** An error that comes again and again is told at most so often, ms. */
const ERROR_MS = 5_000;
const RENEW_BASE_MS = 60_000;
const RENEW_CAP_MS = 3_600_000;

/**
 * What a page does as a display: obeys what comes over its screen's line, and tells how it is. Fetched after the figures;
 * without the framework, so that it works whatever has become of the screen. Runs as long as the page.
 */
export function startDisplay(): void {
  let shownPath: string | undefined;
  let lastError: string | undefined;
  let reportedErrorAt = -Infinity;
  function report(fps?: number): void {
    const state = displayLine.state();
    if (state?.build === undefined) return;
    const now: Report = {
      build: state.build,
      width: innerWidth,
      height: innerHeight,
      pixelRatio: devicePixelRatio,
      path: (location.pathname + location.search).slice(0, 500),
    };
    if (fps !== undefined) now.fps = Math.min(1_000, fps);
    if (state.ageMs !== undefined) now.ageMs = Math.max(0, Math.round(state.ageMs));
    if (lastError !== undefined) now.lastError = lastError;
    displayLine.send(now);
  }
  /** Counts pictures for a moment, then reports; a hidden page draws none, and says so by leaving them out. */
  function countAndReport(): void {
    const times: number[] = [];
    let done = false;
    const finish = () => {
      if (done) return;
      done = true;
      report(document.visibilityState === 'visible' ? rateOf(times) : undefined);
      // Before the line is open there is nobody to tell; then the first report goes out soon.
      setTimeout(countAndReport, displayLine.state()?.build === undefined ? COUNT_MS : REPORT_MS - COUNT_MS);
    };
    const step = (time: number) => {
      times.push(time);
      if (!done) requestAnimationFrame(step);
    };
    if (displayLine.state()) requestAnimationFrame(step);
    setTimeout(finish, COUNT_MS);
  }

  function failed(message: string): void {
    lastError = errorText(message);
    if (performance.now() - reportedErrorAt < ERROR_MS) return;
    reportedErrorAt = performance.now();
    report();
  }
  const onError = (event: ErrorEvent) => {
    failed(event.message || String(event.error));
  };
  const onRejection = (event: PromiseRejectionEvent) => {
    failed(event.reason instanceof Error ? event.reason.message : String(event.reason));
  };

  const retry = new Backoff(RENEW_BASE_MS, RENEW_CAP_MS);
  let renewing = false;
  async function renew(): Promise<void> {
    renewing = true;
    try {
      await accessApi.renew();
      retry.reset();
      renewing = false;
    } catch (error) {
      if (error instanceof HttpError && error.status === 401) signInNeeded();
      else
        setTimeout(() => {
          void renew();
        }, retry.next());
    }
  }

  const sign = document.createElement('div');
  sign.className = 'identify';
  sign.setAttribute('role', 'status');
  let identifyTimer: ReturnType<typeof setTimeout> | undefined;
  function execute(command: Command): void {
    switch (command.kind) {
      case 'show':
        rememberDisplay(command.name);
        if (!ownPath(command.path)) return;
        // What somebody opened by hand on this screen stays until it is loaded anew; another path is an order.
        if (shownPath === undefined ? !isAt(displayLine.loadedFrom, command.path) : !isAt(shownPath, command.path))
          location.assign(command.path);
        shownPath = command.path;
        return;
      case 'reload':
        // To what it is to show, not to where its round has led it.
        if (shownPath !== undefined && !isAt(location.pathname + location.search, shownPath))
          location.assign(shownPath);
        else location.reload();
        return;
      case 'identify':
        clearTimeout(identifyTimer);
        sign.textContent = command.name;
        document.body.append(sign);
        identifyTimer = setTimeout(() => {
          sign.remove();
        }, command.seconds * 1_000);
        return;
      case 'renew':
        if (!renewing) void renew();
        return;
    }
  }

  displayLine.onCommand(execute);
  addEventListener('error', onError);
  addEventListener('unhandledrejection', onRejection);
  countAndReport();
}
