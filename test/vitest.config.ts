import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FAULTS = 'test/faults/**'
const BINARY = 'test/binary.test.ts'
const executable = join(
  ROOT,
  'dist',
  'binary',
  process.platform === 'win32' ? 'pl-stories.exe' : 'pl-stories',
)

/** Only for what hangs: a test waits for what it wants to see, however busy the machine is. */
const HANGS_MS = 120_000

/** The test files in which the pattern is found. */
function filesWith(pattern: RegExp): string[] {
  const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  return files
    .filter(name => name.endsWith('.test.ts'))
    .map(name => join('test', name))
    .filter(name => pattern.test(readFileSync(join(ROOT, name), 'utf8')))
    .map(name => name.replaceAll('\\', '/'))
}
/** Tests that drive a pseudo-terminal or a shell, which Windows does not have as other systems do. */
const OF_UNIX = /terminal\.ts'|'sh'|#!\/bin\/sh|browser\.ts'/
/** Tests of what must hold for all texts. */
const PROPERTIES = /from 'fast-check'/

/**
 * `--mode faults` runs what is slow because it really kills, fills disks and waits, and what must hold for all texts
 * with new texts: one file after the other.
 * `--mode portable` leaves out what only Unix has. `--mode binary` drives the single executable file: the one that
 * PL_STORIES_BINARY names, else that of this folder.
 */
// biome-ignore lint/style/noDefaultExport: vitest asks for one
export default defineConfig(({ mode }) => ({
  root: ROOT,
  test:
    mode === 'binary'
      ? {
          include: [BINARY, 'test/cli/exit-codes.test.ts', 'test/commands/*.test.ts'],
          env: { PL_STORIES_BINARY: process.env.PL_STORIES_BINARY ?? executable },
          testTimeout: HANGS_MS,
        }
      : mode === 'windows'
        ? {
            include: [
              'test/cli/exit-codes.test.ts',
              'test/commands/*.test.ts',
              'test/schema/answers.test.ts',
              'test/export/export.test.ts',
            ],
            testTimeout: 120_000,
            maxWorkers: 2,
          }
        : mode === 'faults'
          ? {
              include: [`${FAULTS}/*.test.ts`, ...filesWith(PROPERTIES)],
              env: { PROPERTY_RUNS: '10000' },
              testTimeout: 600_000,
              fileParallelism: false,
            }
          : {
              exclude: [
                ...configDefaults.exclude,
                FAULTS,
                BINARY,
                ...(mode === 'portable' ? filesWith(OF_UNIX) : []),
              ],
              testTimeout: HANGS_MS,
              maxWorkers: 3,
              setupFiles: ['test/support/seed.ts'],
              // Files share what they import: none of them changes it.
              isolate: false,
            },
}))
