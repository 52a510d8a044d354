import type { WriteStream } from 'node:tty'

const HIDE_CURSOR = '\u001b[?25l'
const SHOW_CURSOR = '\u001b[?25h'
const CLEAR_ROW = '\u001b[K'
const CLEAR_BELOW = '\u001b[J'
export const CLEAR_ALL = '\u001b[H\u001b[2J'

/** Rows below what stands on the screen. They are drawn over those drawn before; what has not changed is left alone. */
export class Painter {
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
