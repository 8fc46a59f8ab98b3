import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src-*/**/*.test.ts', 'src-*/**/*.test.tsx', '{walls,scripts,e2e,bench}/**/*.test.ts'],
    testTimeout: 20_000,
  },
});
