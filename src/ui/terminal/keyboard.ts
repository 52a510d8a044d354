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

/** A hand needs at least this long from one key to the next. */
const KEY_MS = 20
const BEAT_MS = 10
/** A timer may be late by this much without anything having held us up. */
const LATE_MS = 5
/** So long after the last key it is not worth while to keep watch: nothing is under way that could hold us up. */
const AWAKE_MS = 3000

/**
 * Keeps watch on how long nobody listened to the keyboard, because the program was busy or the machine was. What is
 * typed ahead meanwhile arrives in one piece, as a paste does.
 */
export class StallDetector {
  #beat: NodeJS.Timeout | undefined
  #last = 0
  #awakeUntil = 0
  #absence = { ms: 0, until: 0 }
  #opening = false

  /** From now on somebody listens; what was typed before comes first. */
  open(): void {
    this.#opening = true
    // By the second turn of the loop what had been waiting has been read.
    setImmediate(() =>
      setImmediate(() => {
        this.#opening = false
      }),
    )
    this.#wake()
  }

  close(): void {
    clearInterval(this.#beat)
    this.#beat = undefined
  }

  /** Whether a hand may have typed a piece key by key while nobody listened. */
  typedAhead(piece: string): boolean {
    const absent = this.#absent(performance.now())
    this.#wake()
    return this.#opening || ([...piece].length - 1) * KEY_MS <= absent
  }

  #absent(now: number): number {
    const { ms, until } = this.#absence
    return Math.max(this.#beat ? now - this.#last : 0, now < until ? ms : 0)
  }

  #wake(): void {
    const now = performance.now()
    this.#awakeUntil = now + AWAKE_MS
    if (this.#beat) return
    this.#last = now
    this.#beat = setInterval(() => this.#tick(), BEAT_MS).unref()
  }

  #tick(): void {
    const now = performance.now()
    const ms = now - this.#last
    if (ms > BEAT_MS + LATE_MS) this.#absence = { ms, until: now + BEAT_MS }
    this.#last = now
    if (now >= this.#awakeUntil) this.close()
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
    // What follows is not for keys that were pressed too often.
    this.#listener = () => {}
    this.#waiting = []
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
