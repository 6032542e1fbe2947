/**
 * What to do when the graphics card goes away. Once lost, a canvas is not waited for: drivers restore late or never,
 * and L7 does not rebuild its resources. The scene is thrown away and built anew on fresh canvases, with growing
 * pauses, for as long as it takes; meanwhile the plain map shows the same figures.
 */

/** Pauses between attempts, ms; the last repeats. */
export const RETRY_MS = [300, 1000, 3000, 10_000, 30_000, 60_000] as const;

export function retryDelay(attempt: number): number {
  return RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]!;
}

/** Whether this browser has WebGL at all. The probe's context is given back at once: browsers allow few. */
export function hasWebGl(make: () => HTMLCanvasElement = () => document.createElement('canvas')): boolean {
  try {
    const canvas = make();
    const gl = canvas.getContext('webgl2') ?? canvas.getContext('webgl');
    if (!gl) return false;
    gl.getExtension('WEBGL_lose_context')?.loseContext();
    return true;
  } catch {
    return false;
  }
}

/** Calls back once when any of the canvases in `host` loses its context. */
export function onContextLost(host: HTMLElement, lost: () => void): () => void {
  let told = false;
  const listener = (event: Event) => {
    if (told || !(event.target instanceof HTMLCanvasElement)) return;
    told = true;
    lost();
  };
  // The event does not bubble, but it can be captured on its way down: canvases made later are covered, too.
  host.addEventListener('webglcontextlost', listener, true);
  return () => {
    told = true;
    host.removeEventListener('webglcontextlost', listener, true);
  };
}
