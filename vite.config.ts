import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { mapAliases } from './web/map/bundle.ts';

const api = process.env.API ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: 'web',
  plugins: [vue()],
  resolve: { alias: [...mapAliases] },
  define: {
    // Messages are compiled when first shown, without `eval`: a strict content security policy stays possible.
    __INTLIFY_JIT_COMPILATION__: true,
    __VUE_I18N_LEGACY_API__: false,
    __VUE_OPTIONS_API__: true,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: { outDir: '../dist/web', emptyOutDir: true, target: 'chrome100', chunkSizeWarningLimit: 2500 },
  server: { proxy: { '/api': api, '/socket.io': { target: api, ws: true } } },
});
