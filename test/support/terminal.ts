import { type IPty, spawn } from '@lydell/node-pty'
import unicode11 from '@xterm/addon-unicode11'
import xterm from '@xterm/headless'
import { onTestFinished, vi } from 'vitest'
import { PROGRAM, plainEnv } from './helpers.ts'
import { pictureOf } from './picture.ts'

// Whether keys were typed or pasted is told by their times: a machine that stands still in between spoils a test.
if (process.env.CI) vi.setConfig({ retry: 2 } as Parameters<typeof vi.setConfig>[0])

export interface Screen {
  /** Sends keys or text as typed, in pieces small enough for the pseudo-terminal. */
  send(text: string): Promise<void>
  /** A bracketed paste, as terminals send it. */
  paste(text: string): Promise<void>
  /** Waits until the screen shows the text (or matches), and returns the screen. */
  shows(wanted: string | RegExp): Promise<string>
  /** What stands on the screen now, without trailing spaces. */
  text(): Promise<string>
  /** Everything since the beginning, the scrollback included. */
  history(): Promise<string>
  /** The screen as SVG; `what` says in words what it shows. */
  picture(what: string): Promise<string>
  cursor(): Promise<{ row: number; column: number; visible: boolean }>
  resize(columns: number, rows: number): void
  kill(signal: string): void
  /** All bytes the program has written. */
  raw(): string
  ended: Promise<number>
  pty: IPty
}

export interface Opening {
  folder: string
  args?: string[]
  columns?: number
  rows?: number
  env?: Record<string, string>
  command?: [string, string[]]
}

export const ESC = '\u001b'
export const CTRL = (letter: string) => String.fromCharCode(letter.toUpperCase().charCodeAt(0) & 31)
const PATIENCE_MS = 15_000
export const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** Runs the program in a real pseudo-terminal and draws what it writes on a screen in memory. */
export function openTerminal({
  folder,
  args = [],
  columns = 80,
  rows = 24,
  env = {},
  command,
}: Opening): Screen {
  const [program, words] = command ?? [PROGRAM[0], [...PROGRAM.slice(1), ...args]]
  const pty = spawn(program, words, {
    name: env.TERM ?? 'xterm-256color',
    cols: columns,
    rows,
    cwd: folder,
    env: plainEnv(folder, env),
  })
  const term = new xterm.Terminal({ cols: columns, rows, scrollback: 10_000, allowProposedApi: true })
  term.loadAddon(new unicode11.Unicode11Addon())
  term.unicode.activeVersion = '11'
  let raw = ''
  let alive = true
  pty.onData(data => {
    raw += data
    term.write(data)
  })
  const ended = new Promise<number>(resolve => {
    pty.onExit(({ exitCode, signal }) => {
      alive = false
      resolve(signal ? 128 + signal : exitCode)
    })
  })
  onTestFinished(() => {
    if (alive) pty.kill('SIGKILL')
    term.dispose()
  })

  const drawn = () => new Promise<void>(resolve => term.write('', resolve))
  const lines = async (from: number, to: number) => {
    await drawn()
    const buffer = term.buffer.active
    const texts = Array.from(
      { length: to - from },
      (_, i) => buffer.getLine(from + i)?.translateToString(true) ?? '',
    )
    return texts.join('\n').trimEnd()
  }
  const text = async () => {
    // What was written may still scroll the screen: only then it is known where it begins.
    await drawn()
    return lines(term.buffer.active.baseY, term.buffer.active.baseY + term.rows)
  }
  const send = async (keys: string) => {
    // Larger writes have been seen to block for ever.
    for (let i = 0; i < keys.length; i += 1000) {
      pty.write(keys.slice(i, i + 1000))
      if (keys.length > 1000) await pause(1)
    }
  }
  return {
    send,
    paste: pasted => send(`${ESC}[200~${pasted}${ESC}[201~`),
    async shows(wanted) {
      const until = Date.now() + PATIENCE_MS
      for (;;) {
        const now = await text()
        if (typeof wanted === 'string' ? now.includes(wanted) : wanted.test(now)) return now
        if (Date.now() > until)
          throw new Error(`The screen never showed ${String(wanted)}. It shows:\n${now}`)
        await pause(10)
      }
    },
    text,
    history: () => lines(0, term.buffer.active.baseY + term.rows),
    async picture(what) {
      await drawn()
      return pictureOf(term, what)
    },
    async cursor() {
      await drawn()
      const { cursorX, cursorY } = term.buffer.active
      return {
        row: cursorY,
        column: cursorX,
        visible: raw.lastIndexOf(`${ESC}[?25l`) <= raw.lastIndexOf(`${ESC}[?25h`),
      }
    },
    resize(columns, rows) {
      term.resize(columns, rows)
      pty.resize(columns, rows)
    },
    kill: signal => pty.kill(signal),
    raw: () => raw,
    ended,
    pty,
  }
}

/** Types as a person does: one key after the other. What comes at once is a paste. */
export async function type(screen: Screen, text: string): Promise<void> {
  for (const key of text.match(/\u001b\[[A-Z]|./gsu) ?? []) {
    await screen.send(key)
    await pause(3)
  }
}
