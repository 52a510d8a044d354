import type { Writable } from 'node:stream'
import { cellsOf, clusterEnd, clusterStart, clusterWidth, drawable } from '../terminal/wrap.ts'

/** A place on the screen, counted from where the line began. Behind a full row the cursor hangs at column `columns`. */
interface Place {
  row: number
  column: number
}

const AT_START: Place = { row: 0, column: 0 }
const ERASE_ROW = '\u001b[K'
const ERASE_BELOW = '\u001b[J'

/**
 * Draws the one line that is being typed, and of it only what has changed. A dumb terminal knows only text, the
 * backspace and new rows: there what stands behind the cursor's row is not shown until the cursor comes to it.
 */
export class LineRenderer {
  readonly #output: Writable & { columns?: number }
  readonly #dumb: boolean
  #columns = 80
  /** What is on the screen, and where in it the cursor stands. */
  #text = ''
  #at = 0
  #place = AT_START

  constructor(output: Writable & { columns?: number }, dumb: boolean) {
    this.#output = output
    this.#dumb = dumb
  }

  draw(line: string, caret: number): void {
    this.#measure()
    const at = drawable(line.slice(0, caret)).length
    const whole = drawable(line)
    const text = this.#dumb ? whole.slice(0, rowEnd(whole, at, this.#columns)) : whole
    if (text !== this.#text) this.#change(text)
    this.#goTo(at)
  }

  /** The line is ended: what is written next stands below it. */
  end(line: string): void {
    this.draw(line, line.length)
    this.#newRow()
  }

  /** Goes below the line as it stands; it is drawn again if somebody goes on with it. */
  breakOff(): void {
    this.#measure()
    if (this.#text === '') return
    this.#goTo(this.#text.length)
    this.#newRow()
  }

  #newRow(): void {
    this.#output.write('\r\n')
    this.#text = ''
    this.#at = 0
    this.#place = AT_START
  }

  /** Where the window has another width now, the terminal has broken the line anew. */
  #measure(): void {
    const columns = Math.max(2, this.#output.columns || 80)
    if (columns === this.#columns) return
    this.#columns = columns
    this.#place = placeOf(this.#text, this.#at, columns)
  }

  #change(text: string): void {
    const same = commonStart(this.#text, text)
    if (this.#at !== same || same !== this.#text.length) {
      if (this.#dumb && placeOf(this.#text, same, this.#columns).row < this.#place.row) this.#newRow()
      else this.#goTo(same)
    }
    const end = placeOf(this.#text, this.#text.length, this.#columns)
    this.#write(text, text.length)
    this.#text = text
    this.#erase(end)
  }

  /** Writes a text from the cursor up to an offset. */
  #write(text: string, to: number): void {
    if (to === this.#at) return
    this.#output.write(text.slice(this.#at, to))
    this.#at = to
    this.#place = placeOf(text, to, this.#columns)
  }

  /** Clears what a longer line has left between the cursor and its end. */
  #erase(end: Place): void {
    const { row, column } = this.#place
    if (end.row < row || (end.row === row && end.column <= column)) return
    if (this.#dumb) {
      const cells = end.column - column
      const edge = end.column === this.#columns
      // From the edge a backspace leads to another place on every terminal.
      const back = edge ? `\r${this.#text.slice(this.#rowStart(), this.#at)}` : '\b'.repeat(cells)
      this.#output.write(' '.repeat(cells) + back)
    } else if (end.row === row) this.#output.write(ERASE_ROW)
    else if (column < this.#columns) this.#output.write(ERASE_BELOW)
    else {
      // At the edge it would take the last character along.
      this.#output.write(`\r\n${ERASE_BELOW}`)
      this.#place = { row: row + 1, column: 0 }
    }
  }

  #goTo(offset: number): void {
    const columns = this.#columns
    const to = placeOf(this.#text, offset, columns)
    const { row, column } = this.#place
    const below = to.column === columns && row === to.row + 1 && column === 0
    if (!below && (row !== to.row || column !== to.column)) {
      // No move leads behind a full row; writing its last character does.
      if (to.column === columns) {
        this.#goTo(clusterStart(this.#text, offset))
        this.#write(this.#text, offset)
      } else this.#move(to, offset)
    }
    this.#at = offset
  }

  /** Where the row begins at whose edge the cursor stands. */
  #rowStart(): number {
    return rowStarts(this.#text, this.#columns)[this.#place.row] ?? 0
  }

  #move(to: Place, offset: number): void {
    const rows = to.row - this.#place.row
    if (rows < 0) this.#output.write(`\u001b[${-rows}A`)
    if (rows > 0) this.#output.write(`\u001b[${rows}B`)
    let { column } = this.#place
    if (column === this.#columns) {
      this.#output.write('\r')
      column = 0
      this.#at = this.#rowStart()
    }
    const right = to.column - column
    if (right < 0) this.#output.write(this.#dumb || right > -4 ? '\b'.repeat(-right) : `\u001b[${-right}D`)
    else if (this.#dumb) this.#output.write(this.#text.slice(this.#at, offset))
    else if (right > 0) this.#output.write(`\u001b[${right}C`)
    this.#place = to
  }
}

/** The offsets at which the rows of a line begin, as a terminal breaks them. */
function rowStarts(text: string, columns: number): number[] {
  const starts = [0]
  let cells = 0
  for (let at = 0; at < text.length; ) {
    const end = clusterEnd(text, at)
    const width = clusterWidth(text.slice(at, end))
    if (cells + width > columns) {
      starts.push(at)
      cells = 0
    }
    cells += width
    at = end
  }
  return starts
}

const rowEnd = (text: string, offset: number, columns: number) =>
  rowStarts(text, columns).find(start => start > offset) ?? text.length

function placeOf(text: string, offset: number, columns: number): Place {
  const starts = rowStarts(text, columns)
  const row = starts.findLastIndex(start => start <= offset)
  return { row, column: cellsOf(text, starts[row] ?? 0, offset) }
}

/** How much two texts have in common, up to the end of a cluster in both: an accent changes the letter before it. */
function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length)
  let at = 0
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at++
  for (const text of [a, b]) {
    const start = clusterStart(text, at)
    if (at < text.length && clusterEnd(text, start) !== at) at = start
  }
  return at
}
