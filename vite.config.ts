import vue from '@vitejs/plugin-vue';
import { defineConfig, mergeConfig, type UserConfig } from 'vite';
import { chunkGroups } from './web/boot/chunkGroups.ts';
import { inlineWatchdog } from './web/boot/inlineWatchdog.ts';
import { leanContract } from './web/boot/leanContract.ts';
import { preloadWall } from './web/boot/preloadWall.ts';
import { buttonsAsBoxes } from './web/legacy/flexButtons.ts';
import { legacyBuild } from './web/legacy/legacyBuild.ts';
import { unsupportedPage } from './web/legacy/unsupportedPage.ts';
import { mapAliases } from './web/map/bundle.ts';

const api = process.env.API ?? 'http://127.0.0.1:8080';

const pages = (legacy: boolean): UserConfig => ({
  root: 'web',
  plugins: [
    vue(legacy ? { template: { compilerOptions: { nodeTransforms: [buttonsAsBoxes()] } } } : {}),
    unsupportedPage(),
    inlineWatchdog(),
    leanContract(),
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
    rolldownOptions: {
      // Nothing of it happens by itself; it does not say so.
      treeshake: { moduleSideEffects: [{ test: /\/node_modules\/typebox\//, sideEffects: false }] },
      ...(legacy ? {} : { output: { codeSplitting: { groups: chunkGroups() } } }),
    },
  },
  server: { proxy: { '/api': api, '/socket.io': { target: api, ws: true } } },
});

/** `--mode legacy`: the pages for old browsers. */
export default defineConfig(({ mode }) => (mode === 'legacy' ? mergeConfig(pages(true), legacyBuild()) : pages(false)));
