import type { WriteStream } from 'node:tty'

const HIDE_CURSOR = '\u001b[?25l'
const SHOW_CURSOR = '\u001b[?25h'
const CLEAR = '\u001b[H\u001b[2J'

/**
 * A whole window that is drawn anew as time goes by. Only rows that have changed are written, so that a ticking
 * clock does not flicker on a projector.
 */
export class Stage {
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
