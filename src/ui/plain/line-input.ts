import type { Readable } from 'node:stream'
import { UserError } from '../../domain/errors.ts'

/** One line of input. A line that came in a paste is text whatever it says, never a command. */
export interface Line {
  text: string
  pasted: boolean
  /** Whether more of the same paste is behind it. */
  more?: boolean
}

export interface LineInput {
  /** The next line; undefined when there are no more. `typing` is called whenever the unfinished line changes. */
  next(typing?: () => void): Promise<Line | undefined>
  /** What has been typed of a line that is not ended yet. */
  unfinished(): string
  /** Whether a person sits at a terminal, which an editor could be given. */
  readonly terminal: boolean
  /** Leaves the row on which somebody is typing, so that what is said next stands on rows of its own. */
  breakOff(): void
  /** Lets go of the input, so that an editor may read it, until `next` is called again. */
  pause(): void
  /** Who waits for a line is told that there are no more. */
  close(): void
}

/** Lines that have arrived and the one who waits for the next. */
export class Queue {
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

  get ended(): boolean {
    return this.#ended
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
  let count = 0
  const take = (text: string) => {
    const lines = text.split('\n')
    lines[0] = rest + lines[0]
    rest = lines.pop() ?? ''
    for (const line of lines) queue.put({ text: line.replace(/\r$/, ''), pasted: false })
    count += lines.length
  }
  const decode = (chunk?: Buffer) => {
    try {
      take(decoder.decode(chunk, { stream: chunk !== undefined }))
      return true
    } catch {
      // The lines in front of it are sound.
      if (chunk) take(new TextDecoder('utf-8', { ignoreBOM: true }).decode(chunk).split('\ufffd')[0] ?? '')
      queue.end(
        new UserError(
          `Line ${count + 1} of the input is not UTF-8 text. What was answered above it is saved; the rest was not read.`,
          1,
        ),
      )
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
  return { next: () => queue.next(), unfinished: () => '', terminal: false, breakOff() {}, pause() {}, close }
}
