import { fileURLToPath } from 'node:url';
import type { Plugin, UserConfig } from 'vite';
import { oldSelectors } from './flexButtons.ts';
import { flexGap } from './flexGap.ts';
import { leastOfTwo } from './leastOfTwo.ts';

/**
 * The second build of the pages, for Chromium 78 to 99 (`vite build --mode legacy`). The server hands it out by the
 * browser's own word (server/platform/http/browsers.ts), so that modern ones get no byte more, and no script inside a page
 * weakens the content security policy. Syntax and styles are lowered, what is missing is added, and the map is the plain
 * one: L7 asks for more than these browsers have.
 */
export const LEGACY_TARGET = 'chrome78';

const plainMap = fileURLToPath(new URL('../map/PlainMap.vue', import.meta.url));

const legacy = (): Plugin => ({
  name: 'wagewatch-legacy',
  enforce: 'pre',
  resolveId: (source) => (source.endsWith('/WallMap.vue') ? plainMap : undefined),
  transform: (code, id) => (id.endsWith('/web/main.ts') ? `import './legacy/polyfills.ts';\n${code}` : undefined),
});

/** What differs from the ordinary build. */
export function legacyBuild(): UserConfig {
  return {
    base: '/legacy/',
    publicDir: false,
    plugins: [legacy()],
    css: { postcss: { plugins: [flexGap(), leastOfTwo(), oldSelectors()] } },
    build: {
      outDir: '../dist/legacy',
      emptyOutDir: true,
      target: LEGACY_TARGET,
      cssTarget: LEGACY_TARGET,
      chunkSizeWarningLimit: 2500,
    },
  };
}
