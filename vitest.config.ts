import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [vue()],
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What a page comes to rest at takes longer than the second of vitest on a busy machine.
    expect: { poll: { timeout: 10_000 } },
    // Most of a test waits for processes of its own: with a lane for each of two cores, these were half idle.
    maxWorkers: 3,
    projects: [
      // Nothing in there keeps state of a process, and loading the same modules for each file took two thirds of the time.
      { extends: true, test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], isolate: false } },
      // What they test runs in processes of its own.
      { extends: true, test: { name: 'programs', include: ['tests/{integration,e2e}/**/*.test.ts'], isolate: false } },
      { extends: true, test: { name: 'faults', include: ['tests/{faults,casework}/**/*.test.ts'] } },
    ],
  },
});
