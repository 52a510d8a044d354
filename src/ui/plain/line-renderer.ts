import type { Writable } from 'node:stream'
import { cellsOf, clusterEnd, clusterStart, clusters, drawable, isCertain } from '../terminal/wrap.ts'

/** What a terminal can draw: a line that is edited, text alone, or nothing, because it shows typed lines itself. */
export type Echo = 'editable' | 'dumb' | 'none'

/** A place in the line: behind so much of a row. Behind a full row the cursor hangs at the edge. */
interface Place {
  row: number
  offset: number
}

const ERASE_ROW = '\u001b[K'
const ERASE_BELOW = '\u001b[J'

/**
 * Draws the one line that is being typed, and of it only what has changed: a screen reader speaks what is written. A
 * dumb terminal knows only text, the backspace and new rows: there what follows the cursor's row is not shown until
 * the cursor comes to it. Where terminals do not agree on the width of a text, nothing is reached by counting: the row
 * is written again from its start.
 */
export class LineRenderer {
  readonly #output: Writable & { columns?: number }
  readonly #echo: Echo
  #columns = 80
  /** What is on the screen, as rows, and where in it the cursor stands. */
  #rows = ['']
  #at: Place = { row: 0, offset: 0 }
  #out = ''

  constructor(output: Writable & { columns?: number }, echo: Echo) {
    this.#output = output
    this.#echo = echo
  }

  draw(line: string, caret: number): void {
    if (this.#echo === 'none') return
    this.#measure()
    const all = rowsOf(drawable(line), this.#columns)
    const to = placeIn(all, drawable(line.slice(0, caret)).length)
    const rows = this.#echo === 'dumb' ? all.slice(0, to.row + 1) : all
    const first = rows.findIndex((row, i) => row !== this.#rows[i])
    if (this.#echo === 'dumb' && Math.min(first === -1 ? to.row : first, to.row) < this.#at.row)
      this.#newRow()
    for (const [i, row] of rows.entries()) if (row !== this.#rows[i]) this.#change(i, row)
    this.#eraseFrom(rows.length)
    this.#goTo(to)
    this.#flush()
  }

  /** The line is ended: what is written next stands below it. */
  end(line: string): void {
    if (this.#echo === 'none') return
    this.draw(line, line.length)
    this.#newRow()
    this.#flush()
  }

  /** Goes below the line as it stands; it is drawn again if somebody goes on with it. */
  breakOff(): void {
    this.#measure()
    if (this.#rows.length === 1 && this.#rows[0] === '') return
    this.#goTo(this.#endOf(this.#rows.length - 1))
    this.#newRow()
    this.#flush()
  }

  #newRow(): void {
    this.#out += '\r\n'
    this.#rows = ['']
    this.#at = { row: 0, offset: 0 }
  }

  #flush(): void {
    if (this.#out !== '') this.#output.write(this.#out)
    this.#out = ''
  }

  /** Where the window has another width now, the terminal has broken the line in other places. */
  #measure(): void {
    const columns = Math.max(2, this.#output.columns || 80)
    if (columns === this.#columns) return
    const offset = this.#rows.slice(0, this.#at.row).join('').length + this.#at.offset
    this.#columns = columns
    this.#rows = rowsOf(this.#rows.join(''), columns)
    this.#at = placeIn(this.#rows, offset)
  }

  #endOf(row: number): Place {
    return { row, offset: this.#row(row).length }
  }

  #row(index: number): string {
    return this.#rows[index] ?? ''
  }

  #column(offset: number, row = this.#row(this.#at.row)): number {
    return cellsOf(row, 0, offset)
  }

  /** Writes what stands in the cursor's row from the cursor to an offset. */
  #write(row: string, to: number): void {
    this.#out += row.slice(this.#at.offset, to)
    this.#at = { row: this.#at.row, offset: to }
  }

  #change(index: number, row: string): void {
    if (index === this.#rows.length) this.#addRow()
    const old = this.#row(index)
    const here = this.#at.row === index && this.#at.offset === old.length
    if (here && row.startsWith(old)) this.#write(row, row.length)
    else if (!isCertain(old) || !isCertain(row)) this.#rewrite(index, old, row)
    else if (this.#echo === 'dumb') this.#overwrite(index, old, row)
    else this.#shift(index, old, row)
    this.#rows[index] = row
  }

  /** The next row. A terminal begins it by itself behind a row that is surely full. */
  #addRow(): void {
    this.#goTo(this.#endOf(this.#rows.length - 1))
    const last = this.#row(this.#at.row)
    if (!isCertain(last) || this.#column(last.length) < this.#columns) this.#out += '\r\n'
    this.#rows.push('')
    this.#at = { row: this.#rows.length - 1, offset: 0 }
  }

  #rewrite(index: number, old: string, row: string): void {
    this.#goTo({ row: index, offset: 0 })
    const cells = Math.min(this.#columns, cellsOf(old))
    this.#out += this.#echo === 'editable' ? ERASE_ROW : `${' '.repeat(cells)}\r`
    this.#write(row, row.length)
  }

  #overwrite(index: number, old: string, row: string): void {
    this.#goTo({ row: index, offset: commonStart(old, row) })
    this.#write(row, row.length)
    const left = cellsOf(old) - this.#column(row.length, row)
    if (left <= 0) return
    // From the edge a backspace leads to another place on every terminal.
    const edge = cellsOf(old) === this.#columns
    this.#out += ' '.repeat(left) + (edge ? `\r${row}` : '\b'.repeat(left))
  }

  /** Inserts and deletes characters where that leaves less to write: the rest of the row is not spoken again. */
  #shift(index: number, old: string, row: string): void {
    const same = commonStart(old, row)
    const [before, after] = [old.slice(same), row.slice(same)]
    const inserted = leastShift(after, before)
    const deleted = leastShift(before, after)
    const missing = after.length - (before.length - deleted)
    this.#goTo({ row: index, offset: same })
    if (deleted < before.length && missing <= inserted) {
      this.#out += `\u001b[${cellsOf(before, 0, deleted)}P`
      this.#rows[index] = row.slice(0, row.length - missing)
      if (missing > 0) this.#goTo(this.#endOf(index))
      if (missing > 0) this.#write(row, row.length)
      return
    }
    const shifts = inserted < after.length
    const by = shifts ? cellsOf(after, 0, inserted) : 0
    if (shifts) this.#out += `\u001b[${by}@`
    this.#write(row, shifts ? same + inserted : row.length)
    if (this.#column(row.length, row) >= Math.min(this.#columns, cellsOf(old) + by)) return
    this.#rows[index] = row
    this.#goTo(this.#endOf(index))
    this.#out += ERASE_ROW
  }

  /** Clears rows that a longer line has left. */
  #eraseFrom(count: number): void {
    if (count >= this.#rows.length) return
    this.#goTo({ row: count, offset: 0 })
    this.#rows.length = count
    this.#out += ERASE_BELOW
  }

  #goTo({ row, offset }: Place): void {
    const text = this.#row(row)
    const rows = row - this.#at.row
    if (rows !== 0) {
      this.#out += `\r\u001b[${Math.abs(rows)}${rows < 0 ? 'A' : 'B'}`
      this.#at = { row, offset: 0 }
    }
    const hanging = this.#column(this.#at.offset) === this.#columns
    if (offset === this.#at.offset) return
    if (offset === 0 || hanging || !isCertain(text)) {
      this.#out += '\r'
      this.#at = { row, offset: 0 }
    }
    // No move leads behind a full row; writing its last character does.
    const edge = this.#column(offset) === this.#columns
    const target = edge ? clusterStart(text, offset) : offset
    const right = this.#column(target) - this.#column(this.#at.offset)
    if (!isCertain(text) || (this.#echo === 'dumb' && right > 0)) this.#write(text, target)
    else if (right < 0)
      this.#out += this.#echo === 'dumb' || right > -4 ? '\b'.repeat(-right) : `\u001b[${-right}D`
    else if (right > 0) this.#out += `\u001b[${right}C`
    this.#at = { row, offset: target }
    if (edge) this.#write(text, offset)
  }
}

/** How far `short` has to be cut at its start until it begins `long` from its start. */
function leastShift(short: string, long: string): number {
  let by = 1
  while (by < short.length && !long.startsWith(short.slice(by))) by++
  return Math.min(by, short.length)
}

/** A line as rows of a terminal so many columns wide. */
function rowsOf(text: string, columns: number): string[] {
  const rows: string[] = []
  let from = 0
  let cells = 0
  for (const { at, width } of clusters(text)) {
    if (cells + width > columns && at > from) {
      rows.push(text.slice(from, at))
      from = at
      cells = 0
    }
    cells += width
  }
  return [...rows, text.slice(from)]
}

/** Where an offset of the whole line stands; where two rows meet, in the lower one. */
function placeIn(rows: readonly string[], offset: number): Place {
  let row = 0
  let left = offset
  for (let length = rows[0]?.length ?? 0; left >= length && row < rows.length - 1; ) {
    left -= length
    length = rows[++row]?.length ?? 0
  }
  return { row, offset: left }
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
