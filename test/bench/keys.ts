import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type IPty, spawn } from '@lydell/node-pty'
import { BIN, plainEnv, ROOT } from '../support/place.ts'
import { median, table } from './measure.ts'

/*
 * How long a key takes from the keyboard to the screen in an answer that is already long, and how long a paste
 * takes: from the write into the pseudo-terminal to the last byte of the picture that follows.
 */
const KEYS = 40
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

interface Typist {
  pty: IPty
  /** Milliseconds from a write to the end of the picture: the last output before a quiet time. */
  drawn(keys: string, quietMs?: number): Promise<number>
  end(): void
}

export async function typist(
  program: string[],
  folder: string,
  ready: string,
  heard: (text: string) => void = () => {},
): Promise<Typist> {
  const pty = spawn(process.execPath, program, { cols: 80, rows: 24, cwd: folder, env: plainEnv(folder) })
  let last = 0
  let seen = ''
  pty.onData(data => {
    last = performance.now()
    heard(data)
    if (seen.length < 1e6) seen += data
  })
  while (!seen.includes(ready)) await pause(5)
  await pause(200)
  return {
    pty,
    async drawn(keys, quietMs = 60) {
      const from = performance.now()
      last = 0
      for (let i = 0; i < keys.length; i += 4000) {
        pty.write(keys.slice(i, i + 4000))
        if (i > 0) await new Promise(resolve => setImmediate(resolve))
      }
      while (last === 0 || performance.now() - last < quietMs) {
        await pause(2)
        if (performance.now() - from > 60_000) return Number.POSITIVE_INFINITY
      }
      return last - from
    },
    end: () => pty.kill('SIGKILL'),
  }
}

const told = (ms: number) => (Number.isFinite(ms) ? `${ms.toFixed(1)} ms` : 'more than a minute')

async function measure(
  name: string,
  program: string[],
  ready: string,
  text: string,
  line: boolean,
): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pl-stories-bench-'))
  const person = await typist(program, folder, ready)
  const paste = line ? text : `\u001b[200~${text.replaceAll('\n', '\r')}\u001b[201~`
  const pasted = await person.drawn(paste, 400)
  const keys: number[] = []
  for (let i = 0; i < KEYS && Number.isFinite(pasted); i++) keys.push(await person.drawn('x'))
  person.end()
  rmSync(folder, { recursive: true, force: true })
  return [name, told(pasted), told(median(keys))]
}

const prose = (size: number) => 'All the words of a long page, one after the other.\n'.repeat(size / 51)
const flat = (size: number) => 'All the words of a long page, one after the other. '.repeat(size / 51)
const mixed = (bytes: number) => '專業學習故事👩🏽‍🏫公平🇨🇦標準'.repeat(bytes / 66)

/** A table of what a person at the keyboard waits for, ours beside the stock prompts. */
export async function keysTable(): Promise<string[]> {
  const ours = [BIN]
  const peer = (name: string) => [join(ROOT, 'dist', 'peers', `${name}.mjs`)]
  return table(
    ['', 'a paste', 'then a key'],
    [
      await measure('pl-stories, 5 KB', ours, 'Ctrl+S', prose(5000), false),
      await measure('pl-stories, 100 KB in lines', ours, 'Ctrl+S', prose(100_000), false),
      await measure('pl-stories, 100 KB in one line', ours, 'Ctrl+S', flat(100_000), false),
      await measure(
        'pl-stories, 100 KB of Chinese and emoji in one line',
        ours,
        'Ctrl+S',
        mixed(100_000),
        false,
      ),
      await measure('stock Inquirer input, 5 KB in one line', peer('inquirer'), 'why?', flat(5000), true),
      await measure('clack multiline, 5 KB in lines', peer('clack'), 'why?', prose(5000), true),
    ],
  )
}
