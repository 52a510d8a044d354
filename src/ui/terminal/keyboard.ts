import { PassThrough } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import type { ReadStream, WriteStream } from 'node:tty'

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

/**
 * One thing that came from the keyboard. A key is named like `enter`, `ctrl+s`, `alt+left`; `hurried` tells that it
 * came sooner after text than a hand can press it.
 */
export type Key =
  | { kind: 'text'; text: string; hurried: boolean }
  | { kind: 'key'; name: string; hurried: boolean }
  /** `continued`: this goes on with the paste before it, which arrived in pieces. */
  | { kind: 'paste'; text: string; continued?: boolean }

const ESC = '\u001b'
const PASTE_BEGIN = `${ESC}[200~`
const PASTE_END = `${ESC}[201~`
/** How long an ESC may be the beginning of a sequence. */
const ESCAPE_MS = 50
/** After this long without input a paste whose end mark was lost is taken as it is. */
const PASTE_IDLE_MS = 4000

/** A piece that ends in text or Enter may be part of a paste; one that ends in a command is a key. */
const TEXT = /[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]$/

/** A command key that arrives by itself is one even right behind a paste: on a busy machine that may be late. */
const COMMAND = /^[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f]$/

const CSI = /^\u001b\[([0-9;:<=>?]*)[ -/]*([@-~])/
const CSI_BEGUN = /^\u001b\[[0-9;:<=>?]*[ -/]*$/
/** Answers of the terminal to questions, up to their end. */
const REPLY = /^\u001b[\]P_^X][^\u0007\u001b]*(?:\u0007|\u001b\\)/

const FINALS: Record<string, string> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  E: 'center',
  P: 'f1',
}
const TILDES: Record<string, string> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'f1',
}
const CODES: Record<number, string> = {
  9: 'tab',
  13: 'enter',
  27: 'escape',
  127: 'backspace',
  8: 'backspace',
}
const CONTROLS: Record<string, string> = {
  '\r': 'enter',
  '\n': 'ctrl+j',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u001f': 'ctrl+_',
  '\u0000': 'ctrl+space',
}

/**
 * Turns what a terminal sends into keys and pastes, however it is cut into pieces. Without bracketed paste, a piece
 * with a line end inside is a paste, and so is text that follows one faster than a hand.
 */
export class KeyDecoder {
  readonly #hurryMs: number
  #waiting = ''
  #pasting = false
  #last = Number.NEGATIVE_INFINITY
  #lastText = Number.NEGATIVE_INFINITY
  #pasteUntil = Number.NEGATIVE_INFINITY
  #afterReturn = false

  constructor(hurryMs = 20) {
    this.#hurryMs = hurryMs
  }

  /** The keys of a piece of input that arrived at a time, in milliseconds. */
  feed(piece: string, now: number): Key[] {
    const hurried = now - this.#lastText < this.#hurryMs
    this.#last = now
    if (TEXT.test(piece)) this.#lastText = now
    const searched = this.#pasting ? Math.max(0, this.#waiting.length - PASTE_END.length) : 0
    this.#waiting += piece
    return this.#take(hurried, searched, now)
  }

  /** When `flush` has something to say, if nothing else arrives before. */
  dueAt(): number | undefined {
    if (this.#pasting) return this.#last + PASTE_IDLE_MS
    return this.#waiting === '' ? undefined : this.#last + ESCAPE_MS
  }

  /** What waited for more that did not come. */
  flush(): Key[] {
    const text = this.#waiting
    const pasting = this.#pasting
    this.#waiting = ''
    this.#pasting = false
    if (pasting) return [{ kind: 'paste', text: lineFeeds(text) }]
    return text === ESC ? [{ kind: 'key', name: 'escape', hurried: false }] : []
  }

  #take(hurried: boolean, searched: number, now: number): Key[] {
    const keys: Key[] = []
    let from = searched
    while (this.#waiting !== '') {
      // What follows text in the same piece follows it faster than a hand.
      const fast = hurried || keys.some(key => key.kind !== 'key' || key.name === 'enter')
      if (this.#pasting) {
        const end = this.#waiting.indexOf(PASTE_END, from)
        if (end === -1) break
        keys.push({ kind: 'paste', text: lineFeeds(this.#waiting.slice(0, end)) })
        this.#waiting = this.#waiting.slice(end + PASTE_END.length)
        this.#pasting = false
        from = 0
      } else if (this.#waiting.startsWith(PASTE_BEGIN)) {
        this.#waiting = this.#waiting.slice(PASTE_BEGIN.length)
        this.#pasting = true
      } else if (this.#waiting.startsWith(ESC)) {
        const length = this.#escape(keys, fast)
        if (length === 0) break
        this.#waiting = this.#waiting.slice(length)
      } else {
        const run = /^[^\u001b]+/.exec(this.#waiting)?.[0] ?? ''
        const length = this.#unmarkedPaste(keys, run, now) ? run.length : this.#plain(keys, fast)
        this.#waiting = this.#waiting.slice(length)
      }
    }
    return keys
  }

  /** Takes a run without ESC as a paste, if it has a line end inside or follows a paste faster than a hand. */
  #unmarkedPaste(keys: Key[], run: string, now: number): boolean {
    const brokenInside = /[\r\n](?!$)/.test(run.replaceAll('\r\n', '\n'))
    const continued = now < this.#pasteUntil
    if (!brokenInside && (!continued || COMMAND.test(run))) return false
    this.#pasteUntil = now + this.#hurryMs
    const text = this.#afterReturn ? run.replace(/^\n/, '') : run
    this.#afterReturn = run.endsWith('\r')
    if (text !== '') keys.push({ kind: 'paste', text: lineFeeds(text), ...(continued && { continued }) })
    return true
  }

  /** Takes typed text or one control character, and returns how many characters it took. */
  #plain(keys: Key[], hurried: boolean): number {
    const afterReturn = this.#afterReturn && hurried
    this.#afterReturn = false
    const text = /^[^\u0000-\u001f\u007f]+/.exec(this.#waiting)?.[0]
    if (text) {
      keys.push({ kind: 'text', text, hurried })
      return text.length
    }
    const character = this.#waiting.charAt(0)
    if (character === '\r') this.#afterReturn = true
    // Enter as carriage return and line feed is one Enter.
    if (character === '\n' && (afterReturn || lastIsEnter(keys))) return 1
    keys.push({ kind: 'key', name: CONTROLS[character] ?? `ctrl+${letterOf(character)}`, hurried })
    return 1
  }

  /** Takes one sequence that begins with ESC; returns its length, or 0 if it is not whole yet. */
  #escape(keys: Key[], hurried: boolean): number {
    const text = this.#waiting
    const push = (name: string | undefined) => {
      if (name) keys.push({ kind: 'key', name, hurried })
    }
    if (text === ESC || CSI_BEGUN.test(text) || text === `${ESC}O`) return 0
    const csi = CSI.exec(text)
    if (csi) {
      const key = csiKey(csi[1] ?? '', csi[2] ?? '')
      if (key && key.length === 1) keys.push({ kind: 'text', text: key, hurried })
      else push(key)
      return csi[0].length
    }
    if (text.startsWith(`${ESC}O`)) {
      push(FINALS[text.charAt(2)])
      return 3
    }
    const reply = REPLY.exec(text)
    if (reply) return reply[0].length
    if (/^\u001b[\]P_^X]/.test(text) && text.length > 2) return 0
    if (text.startsWith(ESC + ESC)) {
      push('escape')
      return 1
    }
    push(altKey(text))
    return 1 + String.fromCodePoint(text.codePointAt(1) ?? 0).length
  }
}

const lineFeeds = (text: string) => text.replace(/\r\n?/g, '\n')
const letterOf = (control: string) => String.fromCharCode(control.charCodeAt(0) + 96)
const lastIsEnter = (keys: Key[]) => {
  const last = keys.at(-1)
  return last?.kind === 'key' && last.name === 'enter'
}

function altKey(text: string): string {
  const character = String.fromCodePoint(text.codePointAt(1) ?? 0)
  const control = character === '\n' ? 'enter' : CONTROLS[character]
  if (control) return `alt+${control}`
  return character < ' ' ? `alt+ctrl+${letterOf(character)}` : `alt+${character.toLowerCase()}`
}

/** The name of a control sequence; a single character stands for itself; undefined for what is no key of ours. */
function csiKey(parameters: string, final: string): string | undefined {
  if (/^[<=>?]/.test(parameters)) return undefined
  const numbers = parameters.split(';').map(part => Number.parseInt(part, 10) || 0)
  const [first = 0, second = 0, third = 0] = numbers
  if (final === 'Z') return 'shift+tab'
  if (final === 'u') return codeKey(first, second)
  if (final === '~' && first === 27) return codeKey(third, second)
  const name = final === '~' ? TILDES[first] : FINALS[final]
  return name && modifiers(second) + name
}

/** A key told by its character code, as newer keyboard protocols do. */
function codeKey(code: number, modifier: number): string | undefined {
  const mods = modifiers(modifier)
  const name = CODES[code]
  if (name) return mods + name
  if (code < 32 || code > 0x10ffff) return undefined
  const character = String.fromCodePoint(code)
  if (mods === '') return character
  if (mods === 'shift+') return character.toUpperCase()
  return mods.replace('shift+', '') + character.toLowerCase()
}

function modifiers(value: number): string {
  const bits = value > 0 ? value - 1 : 0
  return `${bits & 4 ? 'ctrl+' : ''}${bits & 2 ? 'alt+' : ''}${bits & 1 ? 'shift+' : ''}`
}
