import { spawn as spawnChild } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from '@lydell/node-pty'
import { plainEnv } from '../support/place.ts'

/** How one run of a program went. Milliseconds; the most memory in MiB, where the system tells. */
export interface Run {
  ms: number
  peak: number
  /** Whether it ended by a signal or with our own mistake. */
  failed?: boolean
}

export interface Program {
  name: string
  words: string[]
  /** The folder in which it runs; a new one each time if none is named. */
  folder?: string
  /** The text on the screen at which the clock stops; else it is the program's end. */
  ready?: string
  /** Written to the program's input. */
  input?: string
  /** The Node that runs it, if not this one; or an executable that needs none. */
  node?: string
}

export const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** A program run several times, in turn with a bare start of Node: a ratio holds where the machine's speed does not. */
export interface Measured extends Run {
  name: string
  /** To the bare start of the same round. */
  times: number
  peakTimes: number
}

const BARE: Program = { name: 'node -e 0', words: ['-e', '0'] }
export const runOnce = (program: Program) => (program.ready === undefined ? inPipe : onScreen)(program)
/** A bare start of the same Node, on a screen if the program is run on one. */
export const bareRun = ({ node, ready }: Pick<Program, 'node' | 'ready'>) =>
  (ready === undefined ? inPipe : onScreen)({ ...BARE, ...(node && { node }) })

export async function inTurn(programs: readonly Program[], rounds: number): Promise<Measured[]> {
  const runs = new Map(programs.map(program => [program, [] as { run: Run; bare: Run }[]]))
  const screens = programs.some(({ ready }) => ready !== undefined)
  for (let round = -1; round < rounds; round++) {
    const bare = await (screens ? onScreen : inPipe)(BARE)
    for (const program of programs) {
      const run = await runOnce(program)
      // The first round only warms up what the system keeps of the files.
      if (round >= 0) runs.get(program)?.push({ run, bare })
    }
  }
  return [...runs].map(([{ name }, all]) => ({
    name,
    ms: median(all.map(({ run }) => run.ms)),
    peak: median(all.map(({ run }) => run.peak)),
    times: median(all.map(({ run, bare }) => run.ms / bare.ms)),
    peakTimes: median(all.map(({ run, bare }) => run.peak / bare.peak)),
  }))
}

async function inFolder<T>(folder: string | undefined, work: (folder: string) => Promise<T>): Promise<T> {
  const place = folder ?? mkdtempSync(join(tmpdir(), 'pl-stories-bench-'))
  return work(place).finally(() => {
    if (folder === undefined)
      for (const each of [place, `${place}.state`]) rmSync(each, { recursive: true, force: true })
  })
}

function inPipe({ words, folder, input = '', node = process.execPath }: Program): Promise<Run> {
  return inFolder(folder, async place => {
    const began = performance.now()
    const child = spawnChild(node, words, {
      cwd: place,
      env: plainEnv(place),
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const watched = watchMemory(child.pid)
    child.stdout.resume()
    child.stderr.resume()
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    const code = await new Promise(resolve => child.on('close', resolve))
    const ms = performance.now() - began
    return { ms, peak: watched(), failed: code === null || code === 70 }
  })
}

/** In a pseudo-terminal of 80×24, as a person sees it. */
function onScreen({ words, folder, ready, node = process.execPath }: Program): Promise<Run> {
  return inFolder(folder, place => {
    const began = performance.now()
    const pty = spawn(node, words, { cols: 80, rows: 24, cwd: place, env: plainEnv(place) })
    const watched = watchMemory(pty.pid)
    let seen = ''
    return new Promise<Run>(resolve => {
      let ms: number | undefined
      pty.onData(data => {
        seen += data
        if (ready === undefined || ms !== undefined || !seen.includes(ready)) return
        ms = performance.now() - began
        // What the program does next belongs to its memory.
        setTimeout(() => {
          watched()
          pty.kill('SIGKILL')
        }, 100)
      })
      pty.onExit(() => resolve({ ms: ms ?? performance.now() - began, peak: watched() }))
    })
  })
}

/** Looks now and then what the system says of a process's memory. @returns the most it has said, in MiB. */
function watchMemory(pid: number | undefined): () => number {
  let most = 0
  const look = () => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8')
      most = Math.max(most, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
    } catch {
      // It has ended, or the system does not tell.
    }
  }
  const looking = setInterval(look, 5)
  return () => {
    look()
    clearInterval(looking)
    return most
  }
}

/** Rows of a Markdown table. */
export function table(head: string[], rows: string[][]): string[] {
  const row = (cells: string[]) => `| ${cells.join(' | ')} |`
  return [row(head), row(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(row)]
}

export const told = (ms: number) =>
  ms < 100 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : `${(ms / 1000).toFixed(2)} s`
