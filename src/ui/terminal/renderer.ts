import type { WriteStream } from 'node:tty'
import { clusterEnd, clusterWidth, isCertain, uncolored } from './wrap.ts'

export const CLEAR_ALL = '\u001b[H\u001b[2J'
const HIDE_CURSOR = '\u001b[?25l'
const SHOW_CURSOR = '\u001b[?25h'
/** A row that a terminal counts wider than we do is cut off; it must not push the others down. */
const NO_WRAP = '\u001b[?7l'
const WRAP = '\u001b[?7h'
/** Written at the start of a row: some terminals erase only from the cursor on. */
const CLEAR_ROW = '\u001b[K'
const CLEAR_BELOW = '\u001b[J'

interface Caret {
  row: number
  column: number
}

/** Rows below what stands on the screen. They are drawn over those drawn before; what has not changed is left alone. */
export class RowRenderer {
  readonly screen: WriteStream
  /** Whether nothing else stands in the window. */
  protected readonly whole: boolean = false
  #rows: readonly string[] = []
  /** In which of our rows the cursor stands. */
  #at = 0
  #drawn = ''

  constructor(screen: WriteStream) {
    this.screen = screen
  }

  get columns(): number {
    return this.screen.columns || 80
  }

  get rows(): number {
    return this.screen.rows || 24
  }

  /**
   * The rows must fit the window, and each must be narrower than it. The caret is hidden unless it has a place. What is
   * the same is not written again: a screen reader would read it again.
   */
  draw(rows: readonly string[], caret?: Caret): void {
    const now = JSON.stringify([rows, caret])
    if (this.#rows.length > 0 && now === this.#drawn) return
    this.#drawn = now
    const body = rows.map((row, i) => (row === this.#rows[i] ? '' : CLEAR_ROW + row)).join('\r\n')
    const fewer = rows.length < this.#rows.length
    const last = fewer ? rows.length : rows.length - 1
    const row = caret?.row ?? last
    const back = `\r${up(last - row)}${caret ? before(rows[row] ?? '', caret.column) : ''}`
    this.screen.write(
      `${this.whole && this.#rows.length === 0 ? CLEAR_ALL : ''}${HIDE_CURSOR}${NO_WRAP}\r${up(this.#at)}${body}${fewer ? `\r\n${CLEAR_BELOW}` : ''}${back}${WRAP}${caret ? SHOW_CURSOR : ''}`,
    )
    this.#rows = rows
    this.#at = row
  }

  /** Erases the rows, for something else. */
  clear(): void {
    this.screen.write(this.whole ? CLEAR_ALL + SHOW_CURSOR : `\r${up(this.#at)}${CLEAR_BELOW}`)
    this.#forget()
  }

  /** Nothing of ours is on the screen any more. */
  #forget(): void {
    this.#rows = []
    this.#at = 0
  }

  /**
   * Calls back whenever the window has another size, to draw again below another text: where a terminal moves the cursor
   * when it rewraps its rows differs. @returns how to stop that.
   */
  onResize(again: () => void, above: () => string): () => void {
    const resized = () => {
      this.screen.write(CLEAR_ALL + above())
      this.#forget()
      again()
    }
    this.screen.on('resize', resized)
    return () => void this.screen.off('resize', resized)
  }
}

/** A whole window. It is left empty, for somebody else to draw in. */
export class FullScreen extends RowRenderer {
  protected override readonly whole = true
}

const up = (rows: number) => (rows > 0 ? `\u001b[${rows}A` : '')

const COLOR = /\u001b\[[0-9;]*m/y

/**
 * Leads from the start of a row to a column. Where terminals do not agree on the width of what stands before it, that
 * is written again: the cursor is then after it, wherever the terminal puts that.
 */
function before(row: string, column: number): string {
  let cells = 0
  let at = 0
  while (at < row.length && cells < column) {
    COLOR.lastIndex = at
    if (COLOR.test(row)) at = COLOR.lastIndex
    else {
      const end = clusterEnd(row, at)
      cells += clusterWidth(row.slice(at, end))
      at = end
    }
  }
  const head = row.slice(0, at)
  const text = uncolored(head)
  if (!isCertain(text)) return head === text ? head : `${head}\u001b[0m`
  return column > 0 ? `\u001b[${column}C` : ''
}

/** Work that takes no longer than this is not worth a word. */
const QUIET_MS = 700
const EVERY_MS = 100
const EVERY_SPOKEN_MS = 10_000

/**
 * How far long work is, on a terminal: one line redrawn, or for a screen reader a line now and then. Nowhere
 * else.
 */
export function progress(
  out: NodeJS.WriteStream,
  spoken: boolean,
  line: (done: number) => string,
  now = () => performance.now(),
) {
  let next = now() + QUIET_MS
  let drawn = false
  return {
    /** So much is done. */
    at(done: number) {
      if (!out.isTTY || now() < next) return
      next = now() + (spoken ? EVERY_SPOKEN_MS : EVERY_MS)
      out.write(spoken ? `${line(done)}\n` : `\r${line(done)}\u001b[K`)
      drawn = !spoken
    },
    /** Clears the line. */
    end() {
      if (drawn) out.write('\r\u001b[K')
      drawn = false
    },
  }
}
