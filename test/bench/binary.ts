import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { BIN, ROOT } from '../support/place.ts'
import { bareRun, median, type Program, runOnce, table, told } from './measure.ts'

/* The single executable file beside the package: how large it is, and how long it takes to start. */

const ROUNDS = 15
const EXECUTABLE = join(
  ROOT,
  'dist',
  'binary',
  process.platform === 'win32' ? 'pl-stories.exe' : 'pl-stories',
)

export async function binaryTable(): Promise<string[]> {
  execFileSync(process.execPath, [join(ROOT, 'bin', 'binary.mjs')], { stdio: 'ignore' })
  const bytes = readFileSync(EXECUTABLE)
  const mb = (size: number) => `${(size / 1e6).toFixed(0)} MB`
  const folder = mkdtempSync(join(tmpdir(), 'pl-stories-bench-'))
  const rows: string[][] = []
  for (const words of ['--version', 'status']) {
    const ours: Program[] = [
      { name: 'the package', words: [BIN, words], folder },
      { name: 'the executable file', words: [words], folder, node: EXECUTABLE },
    ]
    const times = ours.map(() => ({ ms: [] as number[], ratio: [] as number[] }))
    for (let round = -2; round < ROUNDS; round++) {
      const bare = await bareRun({})
      for (const [i, program] of ours.entries()) {
        const { ms } = await runOnce(program)
        if (round < 0) continue
        times[i]?.ms.push(ms)
        times[i]?.ratio.push(ms / bare.ms)
      }
    }
    for (const [i, { name }] of ours.entries())
      rows.push([
        `\`${words}\`, ${name}`,
        told(median(times[i]?.ms ?? [])),
        `${median(times[i]?.ratio ?? []).toFixed(2)} ×`,
      ])
  }
  for (const each of [folder, `${folder}.state`]) rmSync(each, { recursive: true, force: true })
  const size = `The file has ${mb(bytes.length)}; packed for the download (gzip), ${mb(gzipSync(bytes).length)}.`
  return [...table(['', 'takes', 'of a bare `node -e 0`'], rows), '', size]
}
