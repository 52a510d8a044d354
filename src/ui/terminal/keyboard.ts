import { PassThrough, type Readable, type Writable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import type { ReadStream, WriteStream } from 'node:tty'
import { type Key, KeyDecoder } from './key-decoder.ts'
import type { RowRenderer } from './renderer.ts'

export type { Key }

/** Pastes come with marks, and Alt as an ESC in front of the key, which xterm has to be asked for. */
const MODES_ON = '\u001b[?2004h\u001b[?1036s\u001b[?1036h'
/** As it was, with a cursor. */
const MODES_OFF = '\u001b[?2004l\u001b[?1036r\u001b[?25h'
/** Keys pressed once too often must not reach the shell, where Ctrl+D logs out and Ctrl+S freezes. */
const SWALLOW_MS = 300

export type Terminal = Readable & { isTTY?: boolean; setRawMode(raw: boolean): unknown }

interface Listener {
  /** A piece of input, as it was read. */
  piece(piece: string, now: number): void
  /** Keys that were held back in case they were the beginning of something longer. */
  late(keys: Key[]): void
  /** The program was stopped, and goes on with the terminal as the shell had it and the shell's lines on it. */
  continued(): void
}

/** A terminal in raw mode while somebody listens; everything is put back on every way out. */
export class RawInput {
  readonly decoder = new KeyDecoder()
  readonly #input: Terminal
  readonly #output: Writable
  /** Whether the terminal knows modes at all; a dumb one does not. */
  readonly #modes: boolean
  readonly #listener: Listener
  readonly #utf8 = new StringDecoder('utf8')
  readonly #onData = (data: Buffer) => this.#take(data)
  readonly #restore = () => this.release()
  readonly #continued = () => {
    this.#input.setRawMode(false)
    this.#enter()
    this.#listener.continued()
  }
  #due: NodeJS.Timeout | undefined
  #late: NodeJS.Immediate | undefined
  #owning = false

  constructor(input: Terminal, output: Writable, modes: boolean, listener: Listener) {
    this.#input = input
    this.#output = output
    this.#modes = modes
    this.#listener = listener
  }

  get owning(): boolean {
    return this.#owning
  }

  own(): void {
    if (this.#owning) return
    this.#owning = true
    this.#enter()
    this.#input.on('data', this.#onData)
    this.#input.resume()
    process.on('exit', this.#restore)
    process.on('SIGCONT', this.#continued)
  }

  release(): void {
    if (!this.#owning) return
    this.#owning = false
    process.off('exit', this.#restore)
    process.off('SIGCONT', this.#continued)
    this.#forget()
    this.#input.off('data', this.#onData)
    try {
      this.#input.setRawMode(false)
      if (this.#modes) this.#output.write(MODES_OFF)
    } catch {
      // The terminal is gone: there is nothing left to put back.
    }
  }

  #enter(): void {
    this.#input.setRawMode(true)
    if (this.#modes) this.#output.write(MODES_ON)
  }

  #take(data: Buffer): void {
    this.#forget()
    const now = performance.now()
    this.#listener.piece(this.#utf8.write(data), now)
    const due = this.decoder.dueAt()
    if (due === undefined || !this.#owning) return
    const flush = () => this.#listener.late(this.decoder.flush())
    // After a stall the rest of a sequence may have arrived by now: it is read first.
    this.#due = setTimeout(
      () => {
        this.#late = setImmediate(flush)
      },
      Math.max(1, due - now),
    )
  }

  #forget(): void {
    clearTimeout(this.#due)
    clearImmediate(this.#late)
  }
}

/**
 * The one owner of the keyboard for the whole session. Inquirer's menus and our writing area get their keys from
 * here.
 */
export class Keyboard {
  /** Where Inquirer listens. It never carries data, because readline would take each key apart again. */
  readonly input = new PassThrough()
  readonly #stdin: ReadStream
  readonly #raw: RawInput
  /** Undefined between two questions, while an answer is being saved: keys then wait. */
  #listener: ((key: Key) => void) | undefined
  #waiting: Key[] = []

  constructor(stdin: ReadStream, stdout: WriteStream) {
    this.#stdin = stdin
    this.#raw = new RawInput(stdin, stdout, true, {
      piece: (piece, now) => this.#pass(this.#raw.decoder.feed(piece, now)),
      late: keys => this.#pass(keys),
      continued: () => void stdout.emit('resize'),
    })
    this.input.setMaxListeners(0)
  }

  /** Takes the terminal; also after it was lent to an editor. */
  own(): void {
    this.#raw.own()
  }

  /** Gives the terminal to another program. */
  lend(): void {
    this.#raw.release()
    this.#stdin.pause()
  }

  /** Gives the terminal back for good, after stray keys have been swallowed. */
  async close(): Promise<void> {
    this.drop()
    if (this.#raw.owning) await new Promise(resolve => setTimeout(resolve, SWALLOW_MS))
    this.lend()
  }

  /** Sends every key to one listener until the next one is set, those that have waited first. */
  listen(listener: (key: Key) => void): void {
    this.#listener = listener
    const waiting = this.#waiting
    this.#waiting = []
    this.#pass(waiting)
  }

  /** Lets keys wait for the next listener. */
  hold(): void {
    this.#listener = undefined
  }

  /** Lets keys wait for the next listener that were not for the one that got them. */
  giveBack(keys: readonly Key[]): void {
    this.hold()
    this.#waiting.unshift(...keys)
  }

  /** Lets no key through: what follows is not for those that were pressed too often. */
  drop(): void {
    this.#listener = () => {}
    this.#waiting = []
  }

  #pass(keys: Key[]): void {
    for (const key of keys) {
      if (this.#listener) this.#listener(key)
      else this.#waiting.push(key)
    }
  }
}

const LOOK_MS = 250

/** What a screen needs that is drawn again as time goes by, and moved by keys. */
export interface Live {
  keyboard: Keyboard
  stage: RowRenderer
  leaving: AbortSignal
  /** What stands above what is drawn, broken to the window as it is now. */
  above?: () => string
}

/**
 * Draws now and then, and after keys, until drawing or a key leads to something; `left` says to what when the session
 * ends. Keys that come in one breath are drawn together.
 */
export function untilAsked<T>(
  { keyboard, stage, leaving, above = () => '' }: Live,
  left: () => T,
  draw: () => T | undefined,
  press: (key: Key) => T | undefined,
): Promise<T> {
  return new Promise(resolve => {
    let due: NodeJS.Immediate | undefined
    const look = () => {
      due = undefined
      return settle(draw())
    }
    const leave = () => settle(left())
    const ticking = setInterval(look, LOOK_MS)
    const off = stage.onResize(look, above)
    const settle = (asked: T | undefined) => {
      if (asked === undefined) return false
      // What is pressed from now on is for whoever listens next, even in the same breath.
      keyboard.hold()
      clearInterval(ticking)
      clearImmediate(due)
      off()
      leaving.removeEventListener('abort', leave)
      resolve(asked)
      return true
    }
    leaving.addEventListener('abort', leave)
    if (leaving.aborted ? leave() : look()) return
    keyboard.listen(key => {
      if (!settle(press(key))) due ??= setImmediate(look)
    })
  })
}
