import { PassThrough } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import type { ReadStream, WriteStream } from 'node:tty'
import { type Key, KeyDecoder } from './keys.ts'

const PASTE_ON = '\u001b[?2004h'
const PASTE_OFF = '\u001b[?2004l'
const CURSOR_ON = '\u001b[?25h'
const HURRY_MS = process.platform === 'win32' ? 30 : 20
/** Keys pressed once too often must not reach the shell, where Ctrl+D logs out and Ctrl+S freezes. */
const SWALLOW_MS = 300

/**
 * The one owner of the keyboard for the whole session: raw mode, bracketed paste, bytes to keys, and everything
 * put back on every way out. Inquirer's menus and our writing area get their keys from here.
 */
export class Keyboard {
  /** Where Inquirer listens. It never carries data, because readline would take each key apart again. */
  readonly input = new PassThrough()
  readonly #stdin: ReadStream
  readonly #stdout: WriteStream
  readonly #decoder = new KeyDecoder(HURRY_MS)
  readonly #utf8 = new StringDecoder('utf8')
  readonly #onData = (data: Buffer) => this.#take(data)
  readonly #restore = () => this.#release()
  readonly #continued = () => this.#again()
  /** Undefined between two questions, while an answer is being saved: keys then wait. */
  #listener: ((key: Key) => void) | undefined
  #waiting: Key[] = []
  #due: NodeJS.Timeout | undefined
  #owning = false

  constructor(stdin: ReadStream, stdout: WriteStream) {
    this.#stdin = stdin
    this.#stdout = stdout
    this.input.setMaxListeners(0)
  }

  /** Takes the terminal; also after it was lent to an editor. */
  own(): void {
    if (this.#owning) return
    this.#owning = true
    this.#stdin.setRawMode(true)
    this.#stdin.on('data', this.#onData)
    this.#stdin.resume()
    this.#stdout.write(PASTE_ON)
    process.on('exit', this.#restore)
    process.on('SIGCONT', this.#continued)
  }

  /** Who was stopped from outside comes back to a terminal as the shell had it, with the shell's lines on it. */
  #again(): void {
    this.#stdin.setRawMode(false)
    this.#stdin.setRawMode(true)
    this.#stdout.write(PASTE_ON)
    this.#stdout.emit('resize')
  }

  /** Gives the terminal to another program. */
  lend(): void {
    this.#release()
    this.#stdin.pause()
  }

  /** Gives the terminal back for good, after stray keys have been swallowed. */
  async close(): Promise<void> {
    this.drop()
    if (this.#owning) await new Promise(resolve => setTimeout(resolve, SWALLOW_MS))
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

  #release(): void {
    if (!this.#owning) return
    this.#owning = false
    process.off('exit', this.#restore)
    process.off('SIGCONT', this.#continued)
    clearTimeout(this.#due)
    this.#stdin.off('data', this.#onData)
    try {
      this.#stdin.setRawMode(false)
      this.#stdout.write(PASTE_OFF + CURSOR_ON)
    } catch {
      // The terminal is gone: there is nothing left to put back.
    }
  }

  #take(data: Buffer): void {
    clearTimeout(this.#due)
    this.#pass(this.#decoder.feed(this.#utf8.write(data), performance.now()))
    const due = this.#decoder.dueAt()
    if (due !== undefined)
      this.#due = setTimeout(() => this.#pass(this.#decoder.flush()), Math.max(1, due - performance.now()))
  }

  #pass(keys: Key[]): void {
    for (const key of keys) {
      if (this.#listener) this.#listener(key)
      else this.#waiting.push(key)
    }
  }
}
