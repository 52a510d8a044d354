import { existsSync, readdirSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { type IPty, spawn } from '@lydell/node-pty'
import unicode11 from '@xterm/addon-unicode11'
import xterm from '@xterm/headless'
import { onTestFinished, vi } from 'vitest'
import { PROGRAM, plainEnv } from './helpers.ts'
import { pictureOf } from './picture.ts'

export interface Screen {
  /** Sends keys or text as typed, in pieces small enough for the pseudo-terminal. */
  send(text: string): Promise<void>
  /** A bracketed paste, as terminals send it. */
  paste(text: string): Promise<void>
  /** Waits until the screen shows the text (or matches), and returns the screen. */
  shows(wanted: string | RegExp): Promise<string>
  /** Waits until the program has written more than so much (see `raw`), and that is what is wanted. */
  answers(after: number, wanted?: (written: string) => boolean): Promise<void>
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
/** Only for a program that hangs: a test waits for what it wants to see. */
const PATIENCE_MS = 60_000
/** Longer than the time within which a key that follows text is no key of a hand (`HURRY_MS`). */
const HAND_MS = 40
export const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/**
 * Everything that a program writes. Where it ends behind more than 4,095 bytes, its last ones are still to be read when
 * Node takes the terminal for ended.
 */
function readAll(pty: IPty, take: (data: string) => void): void {
  const decoder = new TextDecoder()
  const { _socket: socket, fd } = pty as unknown as {
    _socket: { destroy(error?: Error): unknown }
    fd: number
  }
  const taken = (bytes: Uint8Array) => take(decoder.decode(bytes, { stream: true }))
  pty.onData(data => taken(data as unknown as Uint8Array))
  const destroy = socket.destroy.bind(socket)
  socket.destroy = error => {
    const bytes = Buffer.alloc(4096)
    try {
      for (let length = 1; length > 0; ) {
        length = readSync(fd, bytes)
        taken(bytes.subarray(0, length))
      }
    } catch {
      // Nothing is left, or the terminal is closed.
    }
    return destroy(error)
  }
}

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
    encoding: null,
  })
  const term = new xterm.Terminal({ cols: columns, rows, scrollback: 10_000, allowProposedApi: true })
  term.loadAddon(new unicode11.Unicode11Addon())
  term.unicode.activeVersion = '11'
  let raw = ''
  let alive = true
  let woken = () => {}
  readAll(pty, data => {
    raw += data
    term.write(data)
    woken()
  })
  /** More output, or the time to look again at what something else changes. */
  const output = () =>
    new Promise<void>(resolve => {
      const due = setTimeout(resolve, 50)
      woken = () => {
        clearTimeout(due)
        resolve()
      }
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

  /** While it draws, our program keeps rows from being wrapped. */
  const isDrawing = () => raw.lastIndexOf(`${ESC}[?7l`) > raw.lastIndexOf(`${ESC}[?7h`)
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
      for (let halves = 0; ; ) {
        const now = await text()
        const isSeen = typeof wanted === 'string' ? now.includes(wanted) : wanted.test(now)
        // Half of a screen may have come; programs between us and ours may leave it at that.
        if (isSeen && (!isDrawing() || halves++ === 20)) return now
        if (Date.now() > until)
          throw new Error(`The screen never showed ${String(wanted)}. It shows:\n${now}`)
        await output()
      }
    },
    async answers(after, wanted = () => true) {
      const until = Date.now() + PATIENCE_MS
      while (raw.length <= after || !wanted(raw.slice(after))) {
        if (Date.now() > until) throw new Error(`Nothing was written. The screen shows:\n${await text()}`)
        await output()
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

/** Types as a person does, who sees each key on the screen before the next one. What comes at once is a paste. */
export async function type(screen: Screen, text: string): Promise<void> {
  // A screen hides the cursor while it is drawn; in lines a key is written as it is.
  const lines = !screen.raw().includes(`${ESC}[?25l`)
  for (const key of text.match(/\u001b\[[A-Z]|./gsu) ?? []) {
    const before = screen.raw().length
    await screen.send(key)
    await screen.answers(before, written => {
      if (!lines || /^[\u0000-\u000c\u000e-\u001f\u007f]/.test(key)) return true
      return key === '\r' ? written.includes('\r\n') : written.endsWith(key) || written.endsWith('\b')
    })
  }
}

/** Types a line and ends it. */
export const enter = (screen: Screen, line: string) => type(screen, `${line}\r`)

/** Presses a key as a hand does after text: what follows text at once belongs to a paste. */
export async function press(screen: Screen, key: string): Promise<void> {
  await pause(HAND_MS)
  await screen.send(key)
}

/** Waits until these words are kept as a draft, so that a kill cannot lose them. */
export async function drafted(folder: string, words: string): Promise<void> {
  const drafts = (place: string) =>
    readdirSync(place, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.draft'))
  const holds = (place: string) =>
    existsSync(place) && drafts(place).some(name => readFileSync(join(place, name), 'utf8').includes(words))
  await vi.waitFor(
    () => {
      if (![folder, `${folder}.state`].some(holds)) throw new Error(`No draft holds: ${words}`)
    },
    { timeout: PATIENCE_MS, interval: 20 },
  )
}
