import { clusterEnd, clusterWidth, drawable } from './graphemes.ts'

/** A line of text as rows of the screen: where each row begins, as far as has been asked for. */
interface Rows {
  line: string
  starts: number[]
  /** The offset up to which the rows are known. */
  known: number
}

/**
 * Breaks lines into rows of at most `width` cells, at spaces where it can. A long answer is one line for many
 * people, so a row is only computed when it is wanted, and those before an edit are kept.
 */
export class Wrap {
  readonly width: number
  readonly #rows = new Map<number, Rows>()

  constructor(width: number) {
    this.width = Math.max(1, width)
  }

  /** The offset at which each row of a line begins, up to the row that holds `until`. */
  starts(index: number, line: string, until: number): readonly number[] {
    const rows = this.#take(index, line)
    while (rows.known <= until && rows.known < line.length) this.#extend(rows)
    return rows.starts
  }

  /** Which row of its line an offset stands in, and where that row begins and ends. */
  rowAt(index: number, line: string, offset: number): { row: number; from: number; to: number } {
    const starts = this.starts(index, line, offset)
    let row = starts.length - 1
    while (row > 0 && (starts[row] ?? 0) > offset) row--
    return { row, from: starts[row] ?? 0, to: this.rowEnd(index, line, row) }
  }

  /** Where a row begins and ends; undefined if the line has no such row. */
  row(index: number, line: string, row: number): { from: number; to: number } | undefined {
    const rows = this.#take(index, line)
    while (rows.starts.length <= row && rows.known < line.length) this.#extend(rows)
    const from = rows.starts[row]
    return from === undefined ? undefined : { from, to: this.rowEnd(index, line, row) }
  }

  lastRow(index: number, line: string): number {
    return this.starts(index, line, line.length).length - 1
  }

  /** The offset behind the last character of a row. */
  private rowEnd(index: number, line: string, row: number): number {
    const rows = this.#take(index, line)
    while (rows.starts.length <= row + 1 && rows.known < line.length) this.#extend(rows)
    return rows.starts[row + 1] ?? line.length
  }

  #take(index: number, line: string): Rows {
    const before = this.#rows.get(index)
    if (before?.line === line) return before
    const rows: Rows = { line, starts: [0], known: 0 }
    if (before) {
      const same = commonLength(before.line, line)
      // The last word before the edit may have been carried over because of what followed it.
      rows.starts = before.starts.filter(
        (start, i) => start === 0 || (before.starts[i + 1] ?? before.known) < same,
      )
      rows.known = rows.starts.at(-1) ?? 0
    }
    this.#rows.set(index, rows)
    return rows
  }

  /** Finds the end of the last known row. */
  #extend(rows: Rows): void {
    const { line } = rows
    const from = rows.starts.at(-1) ?? 0
    let cells = 0
    let afterSpace = -1
    for (let at = from; at < line.length; ) {
      const end = clusterEnd(line, at)
      const cluster = line.slice(at, end)
      const space = cluster === ' ' || cluster === '\t'
      cells += clusterWidth(cluster)
      // A space may hang over the edge, so that no row begins with one.
      if (cells > this.width && !space && at > from) {
        rows.starts.push(afterSpace > from ? afterSpace : at)
        rows.known = rows.starts.at(-1) ?? at
        return
      }
      if (space) afterSpace = end
      at = end
    }
    rows.known = line.length
  }
}

/** Paragraphs as rows of at most `width` cells, broken at words, without the spaces at their ends. */
export function wrapped(text: string, width: number): string[] {
  const wrap = new Wrap(width)
  return text.split('\n').flatMap((line, index) => {
    const drawn = drawable(line)
    const starts = wrap.starts(index, drawn, drawn.length)
    return starts.map((from, i) => drawn.slice(from, starts[i + 1] ?? drawn.length).trimEnd())
  })
}

function commonLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length)
  let i = 0
  while (i < most && a.charCodeAt(i) === b.charCodeAt(i)) i++
  return i
}

/** The offset in a row that stands nearest to a column, but before the end of the row where another follows. */
export function offsetAt(line: string, from: number, to: number, column: number): number {
  let cells = 0
  for (let at = from; at < to; ) {
    const end = clusterEnd(line, at)
    cells += clusterWidth(line.slice(at, end))
    if (cells > column || (end === to && to < line.length)) return at
    at = end
  }
  return to
}
