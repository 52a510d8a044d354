import type { Readable, Writable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { typed } from '../../domain/answers.ts'
import { press } from '../terminal/bindings.ts'
import { type Editing, editing, paste, textOf } from '../terminal/buffer.ts'
import { type Key, KeyDecoder } from '../terminal/keys.ts'
import { Wrap } from '../terminal/wrap.ts'
import { Attention } from './attention.ts'
import { type LineInput, Queue } from './line-input.ts'
import { LinePainter } from './line-renderer.ts'

const PASTE_ON = '\u001b[?2004h'
const PASTE_OFF = '\u001b[?2004l'
/** A person's next key cannot come this soon after a paste. */
const PASTE_TAIL_MS = process.platform === 'win32' ? 30 : 20

const LINE_ENDS = new Set(['enter', 'ctrl+j', 'shift+enter', 'ctrl+enter', 'alt+enter'])
/** There are no rows to go to. */
const DEAF = new Set(['up', 'down', 'pageup', 'pagedown', 'ctrl+up', 'ctrl+down', 'shift+up', 'shift+down'])
const ONE_ROW = { wrap: new Wrap(Number.POSITIVE_INFINITY), height: 1 }

type Terminal = Readable & { isTTY?: boolean; setRawMode(raw: boolean): unknown }
type Screen = Writable & { isTTY?: boolean; columns?: number }

/**
 * Lines typed at a terminal, each editable while it is typed. Raw, because a terminal left to itself cuts a line at
 * 4,095 bytes. A paste is known by the terminal's marks or by its arrival in one piece. `interrupted` is called at
 * Ctrl+C.
 */
export class TypedLines implements LineInput {
  readonly terminal: boolean
  readonly #input: Terminal
  readonly #output: Screen
  readonly #dumb: boolean
  readonly #interrupted: () => void
  readonly #queue = new Queue()
  readonly #decoder = new KeyDecoder(PASTE_TAIL_MS)
  readonly #utf8 = new StringDecoder('utf8')
  readonly #attention = new Attention()
  readonly #painter: LinePainter
  readonly #onData = (data: Buffer) => this.#take(data)
  readonly #restore = () => this.#release()
  readonly #continued = () => this.#again()
  #due: NodeJS.Timeout | undefined
  #open = false
  #now: Editing = editing('', 0)
  #origin = new Origin()
  #changed: (() => void) | undefined

  constructor(input: Terminal, output: Screen, dumb: boolean, interrupted: () => void) {
    this.#input = input
    this.#output = output
    this.#dumb = dumb
    this.#interrupted = interrupted
    this.#painter = new LinePainter(output, dumb)
    this.terminal = input.isTTY === true && output.isTTY === true
    input.once('error', () => this.#queue.end())
    input.once('end', () => this.#queue.end())
    // At once: what is typed before the first question would else be echoed twice.
    this.#own()
  }

  next(typing?: () => void) {
    this.#changed = typing
    this.#own()
    return this.#queue.next().finally(() => {
      this.#changed = undefined
    })
  }

  unfinished(): string {
    return textOf(this.#now)
  }

  breakOff(): void {
    this.#painter.breakOff()
  }

  pause(): void {
    this.#release()
    this.#input.pause()
  }

  close(): void {
    this.pause()
    this.#queue.end()
  }

  #own(): void {
    if (this.#open || this.#queue.ended) return
    this.#open = true
    this.#input.setRawMode(true)
    this.#input.on('data', this.#onData)
    this.#input.resume()
    this.#attention.open()
    if (!this.#dumb) this.#output.write(PASTE_ON)
    process.on('exit', this.#restore)
    process.on('SIGCONT', this.#continued)
  }

  /** Who was stopped from outside comes back to a terminal as the shell had it. */
  #again(): void {
    this.#input.setRawMode(false)
    this.#input.setRawMode(true)
    if (!this.#dumb) this.#output.write(PASTE_ON)
    this.#painter.breakOff()
    this.#draw()
  }

  #release(): void {
    if (!this.#open) return
    this.#open = false
    process.off('exit', this.#restore)
    process.off('SIGCONT', this.#continued)
    clearTimeout(this.#due)
    this.#attention.close()
    this.#input.off('data', this.#onData)
    this.#painter.breakOff()
    try {
      this.#input.setRawMode(false)
      if (!this.#dumb) this.#output.write(PASTE_OFF)
    } catch {
      // The terminal is gone: there is nothing left to put back.
    }
  }

  #take(data: Buffer): void {
    clearTimeout(this.#due)
    const piece = this.#utf8.write(data)
    const now = performance.now()
    if (this.#attention.typedAhead(piece)) {
      for (const character of piece) this.#pass(this.#decoder.feed(character, now), false)
    } else {
      const keys = this.#decoder.feed(piece, now)
      this.#pass(keys, keys.length > 1 || (keys[0]?.kind === 'text' && [...keys[0].text].length > 1))
    }
    const due = this.#decoder.dueAt()
    if (due !== undefined)
      this.#due = setTimeout(() => this.#pass(this.#decoder.flush(), false), Math.max(1, due - now))
  }

  /** `together`: these arrived in one piece. */
  #pass(keys: readonly Key[], together: boolean): void {
    if (together) this.#origin.piece()
    for (const [i, key] of keys.entries()) {
      if (!this.#open) return
      if (key.kind === 'paste') this.#paste(typed(key.text), together)
      else if (key.kind === 'text' || !LINE_ENDS.has(key.name)) this.#press(key, together)
      else this.#endLine(together && i < keys.length - 1)
    }
    this.#changed?.()
  }

  #press(key: Key, together: boolean): void {
    const name = key.kind === 'key' ? key.name : ''
    if (name === 'ctrl+c') this.#interrupted()
    else if (name === 'ctrl+d' && textOf(this.#now) === '') this.close()
    else if (!DEAF.has(name)) {
      const known: Key = name === 'ctrl+d' ? { kind: 'key', name: 'delete', hurried: false } : key
      this.#now = press(this.#now, known, ONE_ROW).now
      if (!together) this.#origin.hand()
      this.#draw()
    }
  }

  #paste(text: string, together: boolean): void {
    this.#now = paste(this.#now, text)
    const { lines, row, col } = this.#now.text
    const rest = lines[row] ?? ''
    for (const [i, line] of lines.slice(0, row).entries()) this.#put(line, true, rest !== '' || i < row - 1)
    if (row === 0 && !together) this.#origin.piece()
    if (row > 0) {
      this.#now = editing(rest, col)
      this.#origin = new Origin(rest !== '')
    }
    this.#draw()
  }

  /** `more`: of what came in one piece with it. */
  #endLine(more: boolean): void {
    const line = textOf(this.#now)
    const { pasted } = this.#origin
    this.#now = editing('', 0)
    this.#origin = new Origin()
    this.#put(!pasted && /^\.[ \t]+$/.test(line) ? '.' : line, pasted, pasted && more)
  }

  #put(text: string, pasted: boolean, more = false): void {
    this.#painter.end(text)
    this.#queue.put({ text, pasted, ...(more && { more }) })
  }

  #draw(): void {
    this.#painter.draw(textOf(this.#now), this.#now.text.col)
  }
}

/** How the text of a line came: it is pasted if one piece brought it all, or a paste of several lines its beginning. */
class Origin {
  readonly #tail: boolean
  #pieces = 0
  #byHand = false

  constructor(tail = false) {
    this.#tail = tail
  }

  piece(): void {
    this.#pieces++
  }

  hand(): void {
    this.#byHand = true
  }

  get pasted(): boolean {
    return this.#tail || (this.#pieces === 1 && !this.#byHand)
  }
}
