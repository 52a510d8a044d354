import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { saveCost } from './save.ts'

/* `npm run bench`: what a thing costs, as a multiple of the bare work that nobody can save. */

/** One line of the result. `ratio` is the measured time by the bare one, both medians of the same run. */
export interface Measured {
  name: string
  ratio: number
  limit: number
  milliseconds: number
}

const folder = mkdtempSync(join(process.cwd(), 'dist', 'bench-'))
try {
  const results: Measured[] = [...(await saveCost(folder))]
  for (const { name, ratio, limit, milliseconds } of results) {
    const verdict = ratio <= limit ? 'ok' : 'TOO SLOW'
    console.log(
      `${name.padEnd(36)} ${ratio.toFixed(2).padStart(6)} × bare   limit ${limit.toFixed(1)}   ${milliseconds.toFixed(1)} ms   ${verdict}`,
    )
  }
  if (results.some(({ ratio, limit }) => ratio > limit)) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
void tmpdir
