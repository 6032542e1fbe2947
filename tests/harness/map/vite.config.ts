import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { mapAliases } from '../../../web/map/bundle.ts';

/** Builds the harness page alone: `npx vite build --config tests/harness/map/vite.config.ts --outDir …`. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [vue()],
  resolve: { alias: mapAliases },
  build: { emptyOutDir: true, target: 'chrome100', chunkSizeWarningLimit: 2500 },
});
