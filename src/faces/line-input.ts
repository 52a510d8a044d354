import { createInterface, type Interface } from 'node:readline'
import { PassThrough, type Readable, type Writable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { typed } from '../answers.ts'
import { UserError } from '../errors.ts'

/** One line of input. A line that came in a paste is text whatever it says, never a command. */
export interface Line {
  text: string
  pasted: boolean
}

export interface LineInput {
  /** The next line; undefined when there are no more. `typing` is called whenever the unfinished line changes. */
  next(typing?: () => void): Promise<Line | undefined>
  /** What has been typed of a line that is not ended yet. */
  unfinished(): string
  /** Lets go of the input, so that an editor may read it, until `next` is called again. */
  pause(): void
  /** Who waits for a line is told that there are no more. */
  close(): void
}

/** Lines that have arrived and the one who waits for the next. */
class Queue {
  #lines: Line[] = []
  #taken = 0
  #waiting: { resolve(line: Line | undefined): void; reject(error: unknown): void } | undefined
  #ended = false
  #error: unknown

  put(line: Line): void {
    this.#waiting?.resolve(line)
    if (!this.#waiting) this.#lines.push(line)
    this.#waiting = undefined
  }

  end(error?: unknown): void {
    this.#ended = true
    this.#error ??= error
    if (error) this.#waiting?.reject(error)
    else this.#waiting?.resolve(undefined)
    this.#waiting = undefined
  }

  next(): Promise<Line | undefined> {
    // Taking lines off the front of a long array would copy the rest each time.
    const line = this.#lines[this.#taken++]
    if (line) return Promise.resolve(line)
    this.#lines = []
    this.#taken = 0
    if (this.#ended) return this.#error ? Promise.reject(this.#error) : Promise.resolve(undefined)
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
    })
  }
}

/** Lines from a pipe or a file, to the character; nothing in them is a paste. */
export function pipedLines(input: Readable): LineInput {
  const queue = new Queue()
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let rest = ''
  const take = (text: string) => {
    const lines = text.split('\n')
    lines[0] = rest + lines[0]
    rest = lines.pop() ?? ''
    for (const line of lines) queue.put({ text: line.replace(/\r$/, ''), pasted: false })
  }
  const decode = (chunk?: Buffer) => {
    try {
      take(decoder.decode(chunk, { stream: chunk !== undefined }))
      return true
    } catch {
      queue.end(new UserError('The input is not UTF-8 text. It was read up to the first part that is not.'))
      input.destroy()
      return false
    }
  }
  input.on('data', decode)
  input.once('error', () => queue.end())
  input.once('end', () => {
    if (!decode()) return
    if (rest !== '') queue.put({ text: rest, pasted: false })
    queue.end()
  })
  const close = () => {
    input.destroy()
    queue.end()
  }
  return { next: () => queue.next(), unfinished: () => '', pause() {}, close }
}

/** A person's next key cannot come this soon after a paste. */
const PASTE_TAIL_MS = process.platform === 'win32' ? 30 : 20
/** More than this at once has not been typed by hand. */
const MOST_KEYS = 100

type Terminal = Readable & { setRawMode(raw: boolean): unknown }

/**
 * Lines typed at a terminal, each editable while it is typed. Raw, because a terminal left to itself cuts a line at
 * 4,095 bytes. Keys go to readline; what came in one piece is put in whole, since readline's cost per key grows with
 * the line. `interrupted` is called at Ctrl+C.
 */
export function typedLines(
  input: Terminal,
  output: Writable,
  dumb: boolean,
  interrupted: () => void,
): LineInput {
  const queue = new Queue()
  const paste = new PasteWatch()
  const decoder = new StringDecoder('utf8')
  const screen = calmScreen(output, dumb)
  let reader: Interface | undefined
  let unfinished = ''
  let changed: (() => void) | undefined

  const open = () => {
    const keys = Object.assign(new PassThrough(), { setRawMode: (raw: boolean) => input.setRawMode(raw) })
    const created = createInterface({
      input: keys,
      output: screen,
      terminal: true,
      prompt: '',
      historySize: 0,
    })
    const take = (chunk: Buffer) => {
      const { text, pasted } = paste.judge(decoder.write(chunk))
      if (pasted || text.length > MOST_KEYS) putIn(created, text)
      // Taken apart at once: a key that waited could be overtaken by a paste.
      else keys.emit('data', text)
      unfinished = created.line
      changed?.()
    }
    created.on('line', line => {
      const { pasted } = paste.lineEnded()
      const text = dumb ? withoutRubouts(line) : line
      queue.put({ text: typed(!pasted && /^\.[ \t]+$/.test(text) ? '.' : text), pasted })
    })
    created.on('SIGINT', interrupted)
    created.on('close', () => {
      input.off('data', take)
      input.pause()
      if (reader === created) queue.end()
    })
    input.on('data', take)
    input.resume()
    return created
  }
  input.once('error', () => queue.end())
  input.once('end', () => queue.end())
  const pause = () => {
    const closing = reader
    reader = undefined
    closing?.close()
  }
  // At once: what is typed before the first question would else be echoed twice.
  reader = open()
  return {
    next(typing) {
      changed = typing
      reader ??= open()
      return queue.next().finally(() => {
        changed = undefined
      })
    },
    unfinished: () => typed(dumb ? withoutRubouts(unfinished) : unfinished),
    pause,
    close() {
      pause()
      queue.end()
    },
  }
}

/** Enter, a dot and Enter again, which a slow connection has put into one piece. */
const HASTY_DOT = /^\r*\.\r$/

/** Tells what was pasted from what was typed: a paste arrives in one piece with line ends inside, or right behind one. */
class PasteWatch {
  #until = 0
  #tail = false
  #now = false
  #endedInCr = false

  judge(chunk: string): { text: string; pasted: boolean } {
    const text = this.#endedInCr && chunk.startsWith('\n') ? chunk.slice(1) : chunk
    const now = performance.now()
    const inOnePiece = /[\r\n](?!$)/.test(text.replaceAll('\r\n', '\n')) && !HASTY_DOT.test(text)
    this.#now = inOnePiece || now < this.#until
    this.#endedInCr = this.#now && text.endsWith('\r')
    if (this.#now) {
      this.#until = now + PASTE_TAIL_MS
      this.#tail = !/[\r\n]$/.test(text)
    }
    return { text, pasted: this.#now }
  }

  /** A line whose beginning was pasted is pasted, whoever ends it. */
  lineEnded(): { pasted: boolean } {
    const pasted = this.#now || this.#tail
    if (!this.#now) this.#tail = false
    return { pasted }
  }
}

function putIn(reader: Interface, text: string): void {
  const lines = typed(text).split(/\r\n|\r|\n/)
  for (const [i, line] of lines.entries()) {
    if (line !== '') reader.write(line)
    if (i < lines.length - 1) reader.write(null as unknown as string, { name: 'return' })
  }
}

/** On a dumb terminal readline stores the rubout key as a character. */
function withoutRubouts(line: string): string {
  const kept: string[] = []
  for (const character of line) {
    if (character === '\u007f' || character === '\b') kept.pop()
    else kept.push(character)
  }
  return kept.join('')
}

/**
 * A screen on which readline draws nothing twice: told that a row never ends, it leaves breaking rows to the terminal
 * and does not draw the line anew at each. A dumb terminal is spared all cursor moves.
 */
function calmScreen(output: Writable, dumb: boolean): Writable {
  const strip = (text: string) =>
    dumb ? text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replace(/[\u007f\b]/g, '\b \b') : text
  return new Proxy(output, {
    get(target, name) {
      if (name === 'columns') return Number.POSITIVE_INFINITY
      if (name === 'write') return (text: string) => target.write(strip(String(text)))
      const value = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
