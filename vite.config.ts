import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

const api = process.env.API ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: 'web',
  plugins: [vue()],
  build: { outDir: '../dist/web', emptyOutDir: true, target: 'chrome100', chunkSizeWarningLimit: 2500 },
  server: { proxy: { '/api': api, '/socket.io': { target: api, ws: true } } },
});
