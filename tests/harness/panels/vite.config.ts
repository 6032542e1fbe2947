import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** A page with the panels alone, for pictures and for the tests in a real browser. Not part of the product. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [vue()],
  build: { target: 'chrome100', chunkSizeWarningLimit: 2500 },
});
