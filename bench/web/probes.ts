import type { CDPSession, Page } from 'playwright-core';

/** What is measured inside a page. The scripts are texts: they run in the browser, whose types this program has not. */

/**
 * Counts, from the start of the page, the WebGL objects alive and the calls that draw. `window.probe`:
 * `{gl: {Buffer: n, …}, draws}`.
 */
export const COUNT_GPU = `(() => {
  const kinds = ['Buffer', 'Texture', 'Program', 'Shader', 'Framebuffer', 'Renderbuffer', 'VertexArray', 'Sampler'];
  const probe = { gl: Object.fromEntries(kinds.map((kind) => [kind, 0])), draws: 0 };
  for (const { prototype } of [WebGLRenderingContext, WebGL2RenderingContext]) {
    const wrap = (name, note) => {
      const original = prototype[name];
      if (original) prototype[name] = function (...args) { note(args); return Reflect.apply(original, this, args); };
    };
    for (const kind of kinds) {
      wrap('create' + kind, () => { probe.gl[kind]++; });
      wrap('delete' + kind, ([object]) => { if (object) probe.gl[kind]--; });
    }
    wrap('drawElements', () => { probe.draws++; });
    wrap('drawArrays', () => { probe.draws++; });
  }
  window.probe = probe;
})();`;

export interface Footprint {
  /** JavaScript heap in use after a full collection, bytes. */
  heap: number;
  /** DOM nodes and event listeners, those that only JavaScript still holds included. */
  nodes: number;
  listeners: number;
  /** WebGL objects alive; needs COUNT_GPU. */
  gpu: Record<string, number>;
}

export function cdpOf(page: Page): Promise<CDPSession> {
  return page.context().newCDPSession(page);
}

/** What a page holds on to after its garbage has been collected. */
export async function footprint(page: Page, cdp: CDPSession): Promise<Footprint> {
  await cdp.send('Performance.enable');
  // What the first collection finalises, the second one frees.
  for (let i = 0; i < 2; i++) await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? NaN;
  const gpu = await page.evaluate<Record<string, number>>('({ ...window.probe?.gl })');
  return { heap: metric('JSHeapUsedSize'), nodes: metric('Nodes'), listeners: metric('JSEventListeners'), gpu };
}

/** Notes in `window.figuresAt` when the first headline figure is there to be read, ms since the page was asked for. */
export const MARK_FIGURES = `(() => {
  const look = () => {
    if (!document.querySelector('[data-headline] .figure')) { requestAnimationFrame(look); return; }
    // They are in the picture that is about to be drawn.
    window.figuresAt = performance.now();
  };
  look();
})();`;

/**
 * Notes in `window.alarmAt` when the card with its glow, and more red pixels on the map's canvas than there are now, have
 * been drawn; epoch ms.
 */
export const WATCH_ALARM = `(() => {
  const canvas = document.querySelector('.overlay > canvas');
  const reds = () => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i] === 255 && data[i + 1] === 77 && data[i + 2] === 94) count++;
    return count;
  };
  const before = reds();
  const at = window.alarmAt = { card: 0, point: 0 };
  const look = () => requestAnimationFrame(() => {
    if (!at.card && document.querySelector('[data-alarm]') && document.querySelector('.glow')) setTimeout(() => { at.card = Date.now(); });
    if (!at.point && reds() !== before) at.point = Date.now();
    if (!at.card || !at.point) setTimeout(look, 40);
  });
  look();
})();`;
