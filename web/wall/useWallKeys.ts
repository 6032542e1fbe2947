import { onScopeDispose } from 'vue';
import { WINDOWS, type WindowName } from '../../contract/codes.ts';

/** What the keys of the wall do (screens.md, help panel). */
export interface WallKeys {
  window(): WindowName;
  chooseWindow(window: WindowName): void;
  /** −1, +1: the town before or after this one, the region being between last and first. */
  stepScope(by: 1 | -1): void;
  /** Opens the time bar, or closes it. */
  replay(): void;
  /** While the time bar is open: by a frame (−1, +1), by ten (±10). Returns whether it is. */
  stepTime(by: number): boolean;
  /** While the time bar is open: plays or stops, or goes to the mark before or after. */
  play(): void;
  toMark(by: 1 | -1): void;
  places(): void;
  settings(): void;
  help(): void;
  lang(): void;
  rotate(): void;
  sound(): void;
  /** Heat on the map in place of heights, and back. */
  heat(): void;
  back(): void;
}

/** Full screen on and off; browsers allow it only from within a key or a press. */
export function toggleFullscreen(): void {
  const change = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
  // Refused by the browser or by a kiosk policy: nothing to tell, the screen stays as it is.
  change.catch(() => {});
}

/** Binds the keys for the life of the screen. */
export function useWallKeys(keys: WallKeys): void {
  const stepWindow = (by: number) => {
    const at = WINDOWS.indexOf(keys.window());
    keys.chooseWindow(WINDOWS[(at + by + WINDOWS.length) % WINDOWS.length]!);
  };
  const bound: Record<string, (event: KeyboardEvent) => void> = {
    ArrowLeft: (event) => {
      if (!keys.stepTime(event.shiftKey ? -10 : -1)) stepWindow(-1);
    },
    ArrowRight: (event) => {
      if (!keys.stepTime(event.shiftKey ? 10 : 1)) stepWindow(1);
    },
    ArrowUp: () => {
      keys.stepScope(-1);
    },
    ArrowDown: () => {
      keys.stepScope(1);
    },
    t: () => {
      keys.replay();
    },
    p: () => {
      keys.places();
    },
    '[': () => {
      keys.toMark(-1);
    },
    ']': () => {
      keys.toMark(1);
    },
    ' ': () => {
      keys.play();
    },
    s: () => {
      keys.settings();
    },
    l: () => {
      keys.lang();
    },
    r: () => {
      keys.rotate();
    },
    m: () => {
      keys.sound();
    },
    d: () => {
      keys.heat();
    },
    f: toggleFullscreen,
    '?': () => {
      keys.help();
    },
    h: () => {
      keys.help();
    },
    Escape: () => {
      keys.back();
    },
  };
  WINDOWS.forEach((window, i) => {
    bound[String((i + 1) % 10)] = () => {
      keys.chooseWindow(window);
    };
  });

  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const element = event.target as HTMLElement | null;
    // In a field the keys belong to the field; only Esc leaves it.
    if (event.key !== 'Escape' && element?.closest('input, select, textarea')) return;
    // Space presses the button that has the focus.
    if (event.key === ' ' && element?.closest('button, a, [role="option"]')) return;
    const run = bound[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!run) return;
    event.preventDefault();
    run(event);
  }
  addEventListener('keydown', onKey);
  onScopeDispose(() => {
    removeEventListener('keydown', onKey);
  });
}
