import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // Modules stay loaded from one file to the next: half the time of a file is spent on loading them.
    isolate: false,
    reporters: ["default"],
  },
});
