import { createInterface, type Interface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

/** One line of input. A line that came in a paste is text whatever it says, never a command. */
export interface Line {
  text: string
  pasted: boolean
}

export interface LineInput {
  /** The next line; undefined when there are no more. */
  next(): Promise<Line | undefined>
  /** Lets go of the input, so that an editor may read it, until `next` is called again. */
  pause(): void
  /** Who waits for a line is told that there are no more. */
  close(): void
}

/** A person's next line cannot come this soon after a paste. */
const PASTE_TAIL_MS = process.platform === 'win32' ? 30 : 20

/** Lines that have arrived and those who wait for one. */
class Queue {
  readonly #lines: Line[] = []
  #waiting: ((line: Line | undefined) => void) | undefined
  #ended = false

  put(line: Line): void {
    if (this.#waiting) this.#waiting(line)
    else this.#lines.push(line)
    this.#waiting = undefined
  }

  end(): void {
    this.#ended = true
    this.#waiting?.(undefined)
    this.#waiting = undefined
  }

  next(): Promise<Line | undefined> {
    const line = this.#lines.shift()
    if (line || this.#ended) return Promise.resolve(line)
    return new Promise(resolve => {
      this.#waiting = resolve
    })
  }
}

/** Lines from a pipe or a file, to the character; nothing in them is a paste. */
export function pipedLines(input: Readable): LineInput {
  const queue = new Queue()
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let rest = ''
  const take = (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) queue.put({ text: line.replace(/\r$/, ''), pasted: false })
  }
  input.on('data', (chunk: Buffer) => take(decoder.decode(chunk, { stream: true })))
  input.once('error', () => queue.end())
  input.once('end', () => {
    take(decoder.decode())
    if (rest !== '') queue.put({ text: rest, pasted: false })
    queue.end()
  })
  const close = () => {
    input.destroy()
    queue.end()
  }
  return { next: () => queue.next(), pause() {}, close }
}

/**
 * Lines typed at a terminal, each editable while it is typed. Readline runs in its terminal mode, because a
 * terminal left to itself cuts a line at 4,095 bytes. `interrupted` is called at Ctrl+C.
 */
export function typedLines(
  input: Readable & { setRawMode?: unknown },
  output: Writable,
  dumb: boolean,
  interrupted: () => void,
): LineInput {
  const queue = new Queue()
  let pasteUntil = 0
  let tailPasted = false
  // Registered before readline's own listener, so that the lines of a chunk are judged by that chunk.
  input.on('data', (chunk: Buffer | string) => {
    const text = chunk.toString()
    const now = performance.now()
    const brokenInside = /[\r\n](?!$)/.test(text.replace(/\r\n/g, '\n'))
    if (brokenInside || now < pasteUntil) pasteUntil = now + PASTE_TAIL_MS
    if (brokenInside) tailPasted = !/[\r\n]$/.test(text)
  })
  let reader: Interface | undefined
  const open = () => {
    const created = createInterface({
      input,
      output: quiet(output, dumb),
      terminal: true,
      prompt: '',
      historySize: 0,
    })
    created.on('line', line => {
      const pasted = performance.now() < pasteUntil || tailPasted
      if (performance.now() >= pasteUntil) tailPasted = false
      queue.put({ text: dumb ? withoutRubouts(line) : line, pasted })
    })
    created.on('SIGINT', interrupted)
    created.on('close', () => {
      if (reader === created) queue.end()
    })
    return created
  }
  const pause = () => {
    const closing = reader
    reader = undefined
    closing?.close()
  }
  return {
    next() {
      reader ??= open()
      return queue.next()
    },
    pause,
    close() {
      pause()
      queue.end()
    },
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

/** A dumb terminal is spared the cursor moves that readline makes at its prompt. */
function quiet(output: Writable, dumb: boolean): Writable {
  if (!dumb) return output
  const strip = (text: string) => text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
  return new Proxy(output, {
    get(target, name) {
      if (name === 'write') return (text: string) => target.write(strip(String(text)))
      const value = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
