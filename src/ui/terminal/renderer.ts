import type { WriteStream } from 'node:tty'

const HIDE_CURSOR = '\u001b[?25l'
const SHOW_CURSOR = '\u001b[?25h'
const CLEAR = '\u001b[H\u001b[2J'

/**
 * A whole window that is drawn anew as time goes by. Only rows that have changed are written, so that a ticking
 * clock does not flicker on a projector.
 */
export class FullScreen {
  readonly #screen: WriteStream
  #rows: string[] = []

  constructor(screen: WriteStream) {
    this.#screen = screen
  }

  get columns(): number {
    return this.#screen.columns || 80
  }

  get rows(): number {
    return this.#screen.rows || 24
  }

  /** Draws rows that fit the window; the caret is hidden unless it has a place. */
  draw(rows: readonly string[], caret?: { row: number; column: number }): void {
    const out: string[] = []
    if (this.#rows.length === 0) out.push(HIDE_CURSOR, CLEAR)
    for (let i = 0; i < Math.max(rows.length, this.#rows.length); i++) {
      const row = rows[i] ?? ''
      if (row !== (this.#rows[i] ?? '')) out.push(`${place(i, 0)}${row}\u001b[K`)
    }
    this.#rows = [...rows]
    out.push(caret ? place(caret.row, caret.column) + SHOW_CURSOR : HIDE_CURSOR)
    this.#screen.write(out.join(''))
  }

  /** Leaves the window empty, for somebody else to draw in. */
  clear(): void {
    this.#rows = []
    this.#screen.write(CLEAR + SHOW_CURSOR)
  }

  /** Calls back whenever the window has another size, after it was cleared. @returns how to stop that. */
  onResize(again: () => void): () => void {
    const resized = () => {
      // Where a terminal moves what stands on it when its rows break anew is anybody's guess.
      this.#rows = []
      again()
    }
    this.#screen.on('resize', resized)
    return () => void this.#screen.off('resize', resized)
  }
}

const place = (row: number, column: number) => `\u001b[${row + 1};${column + 1}H`

const CLEAR_ROW = '\u001b[K'
const CLEAR_BELOW = '\u001b[J'
export const CLEAR_ALL = '\u001b[H\u001b[2J'

/** Rows below what stands on the screen. They are drawn over those drawn before; what has not changed is left alone. */
export class RowRenderer {
  readonly #screen: WriteStream
  #rows: readonly string[] = []
  /** In which of our rows the cursor stands. */
  #at = 0

  constructor(screen: WriteStream) {
    this.#screen = screen
  }

  /** The rows must fit the window, and each must be narrower than it. */
  draw(rows: readonly string[], caret: { row: number; column: number }): void {
    const body = rows.map((row, i) => (row === this.#rows[i] ? '' : row + CLEAR_ROW)).join('\r\n')
    const end = rows.length < this.#rows.length ? CLEAR_BELOW : ''
    const back = `\r${up(rows.length - 1 - caret.row)}${caret.column > 0 ? `\u001b[${caret.column}C` : ''}`
    this.#screen.write(`${HIDE_CURSOR}\r${up(this.#at)}${body}${end}${back}${SHOW_CURSOR}`)
    this.#rows = rows
    this.#at = caret.row
  }

  /** Takes the rows away, for something else to stand there. */
  clear(): void {
    this.#screen.write(`\r${up(this.#at)}${CLEAR_BELOW}`)
    this.#rows = []
    this.#at = 0
  }

  /** Begins anew below another text. Where a terminal moves the cursor when it breaks its rows anew is anybody's guess. */
  resized(above: string): void {
    this.#screen.write(CLEAR_ALL + above)
    this.#rows = []
    this.#at = 0
  }
}

const up = (rows: number) => (rows > 0 ? `\u001b[${rows}A` : '')

/** Work that takes no longer than this is not worth a word. */
const QUIET_MS = 700
const EVERY_MS = 100
const EVERY_SPOKEN_MS = 10_000

export interface Progress {
  /** So much is done. */
  at(done: number): void
  /** Clears the line. */
  end(): void
}

/**
 * How far long work is, on a terminal: one line drawn anew, or for a screen reader a line now and then. Nowhere
 * else.
 */
export function progress(
  out: NodeJS.WriteStream,
  spoken: boolean,
  line: (done: number) => string,
  now = () => performance.now(),
): Progress {
  if (!out.isTTY) return { at() {}, end() {} }
  let next = now() + QUIET_MS
  let drawn = false
  return {
    at(done) {
      if (now() < next) return
      next = now() + (spoken ? EVERY_SPOKEN_MS : EVERY_MS)
      out.write(spoken ? `${line(done)}\n` : `\r${line(done)}\u001b[K`)
      drawn = !spoken
    },
    end() {
      if (drawn) out.write('\r\u001b[K')
      drawn = false
    },
  }
}
