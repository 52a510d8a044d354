import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'

const FAULTS = 'test/faults/**'

/** `--mode faults` runs what is slow because it really kills, fills disks and waits: one file after the other. */
// biome-ignore lint/style/noDefaultExport: vitest asks for one
export default defineConfig(({ mode }) => ({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test:
    mode === 'faults'
      ? {
          include: [`${FAULTS}/*.test.ts`, 'test/notes-properties.test.ts'],
          env: { PROPERTY_RUNS: '10000' },
          testTimeout: 600_000,
          fileParallelism: false,
        }
      : { exclude: [...configDefaults.exclude, FAULTS], testTimeout: 30_000, maxWorkers: 3 },
}))
