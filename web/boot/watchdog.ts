/**
 * Inside the page itself (web/boot/inlineWatchdog.ts), so that it is there whatever else fails to come: a script that
 * failed once leaves an empty page for good, and nobody stands at a wall to press reload. As soon as something of the
 * program is missing, the page asks whether the server is there again, and is then loaded anew, with growing pauses.
 * Imports nothing: its text is the whole of it.
 */
(() => {
  const KEY = 'wagewatch.boot';
  /** What a page may take to start on a slow machine and line, ms. */
  const START_MS = 30_000;
  /** Started and well for so long: the pauses begin anew. */
  const WELL_MS = 60_000;
  const FIRST_PAUSE_MS = 1_000;
  const LONGEST_PAUSE_MS = 120_000;
  let waiting = false;

  const tries = (): number => {
    try {
      return Number(sessionStorage.getItem(KEY)) || 0;
    } catch {
      return 0;
    }
  };
  const setTries = (n: number): void => {
    try {
      sessionStorage.setItem(KEY, String(n));
    } catch {
      // Without storage every pause is the first one.
    }
  };
  const started = () => document.documentElement.hasAttribute('data-started');

  function later(): void {
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries(), 10));
    // Screens that failed in the same second do not come back in the same second.
    setTimeout(ask, pause * (0.5 + Math.random() / 2));
    setTries(tries() + 1);
  }
  /** Loads the page anew when the server answers: a reload while it does not would end on the browser's own error page. */
  function ask(): void {
    const request = new XMLHttpRequest();
    request.open('GET', '/healthz');
    request.timeout = 10_000;
    request.onload = () => {
      if (request.status === 200) location.reload();
      else later();
    };
    request.onerror = request.ontimeout = later;
    request.send();
  }
  function again(): void {
    if (waiting) return;
    waiting = true;
    const app = document.getElementById('app');
    const words = document.getElementById('boot-words');
    if (app && words && !started()) {
      app.textContent = words.textContent;
      app.setAttribute('role', 'status');
      app.className = 'booting';
    }
    later();
  }

  // Scripts and styles of the page itself: such errors do not bubble.
  addEventListener(
    'error',
    ({ target }) => {
      if (target instanceof HTMLScriptElement || target instanceof HTMLLinkElement) again();
    },
    true,
  );
  // Parts that are fetched later (Vite tells of those that fail), and pages that the router could not show.
  addEventListener('vite:preloadError', again);
  addEventListener('wagewatch:lost', again);
  setTimeout(() => {
    if (!started()) again();
  }, START_MS);
  setTimeout(() => {
    if (!waiting && started()) setTries(0);
  }, WELL_MS);
})();
