import vue from '@vitejs/plugin-vue';
import { defineConfig, mergeConfig, type UserConfig } from 'vite';
import { inlineWatchdog } from './web/boot/inlineWatchdog.ts';
import { preloadWall } from './web/boot/preloadWall.ts';
import { buttonsAsBoxes } from './web/legacy/flexButtons.ts';
import { legacyBuild } from './web/legacy/legacyBuild.ts';
import { unsupportedPage } from './web/legacy/unsupportedPage.ts';
import { mapAliases } from './web/map/bundle.ts';

const api = process.env.API ?? 'http://127.0.0.1:8080';

/**
 * What many pages share comes in one file. Without it, each of a hundred small modules is a file of its own, and a wall asks for
 * all of them one after the other before it shows a figure (docs/measured/wall-editions.md).
 */
const sharedCode = {
  name: 'common',
  // Charts are for the screens that draw them.
  test: /\/(common(?!\/charts\/)|contract|web\/(http|i18n|live|shell))\//,
  minShareCount: 6,
};

const pages = (legacy: boolean): UserConfig => ({
  root: 'web',
  plugins: [
    vue(legacy ? { template: { compilerOptions: { nodeTransforms: [buttonsAsBoxes()] } } } : {}),
    unsupportedPage(),
    inlineWatchdog(),
    ...(legacy ? [] : [preloadWall()]),
  ],
  resolve: { alias: [...mapAliases] },
  define: {
    // Messages are compiled when first shown, without `eval`: a strict content security policy stays possible.
    __INTLIFY_JIT_COMPILATION__: true,
    __VUE_I18N_LEGACY_API__: false,
    __VUE_OPTIONS_API__: true,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'chrome100',
    chunkSizeWarningLimit: 2500,
    ...(legacy ? {} : { rolldownOptions: { output: { codeSplitting: { groups: [sharedCode] } } } }),
  },
  server: { proxy: { '/api': api, '/socket.io': { target: api, ws: true } } },
});

/** `--mode legacy`: the pages for old browsers. */
export default defineConfig(({ mode }) => (mode === 'legacy' ? mergeConfig(pages(true), legacyBuild()) : pages(false)));
