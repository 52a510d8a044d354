import { rowAbove, rowBelow, type ScreenRow, type Text } from './buffer.ts'
import { cellsOf, drawable } from './graphemes.ts'
import type { Wrap } from './wrap.ts'

/** The part of a text that is on the screen, and where the caret stands in it, counted from 0. */
export interface View {
  rows: string[]
  caret: { row: number; column: number }
  /** The first row that is shown: the view keeps it while the caret stays inside. */
  top: ScreenRow
  above: boolean
  below: boolean
}

/** What of a text is shown in at most `height` rows, scrolled no further than the caret needs. */
export function view(text: Text, wrap: Wrap, height: number, before: ScreenRow): View {
  const line = text.lines[text.row] ?? ''
  const caretRow = { row: text.row, screenRow: wrap.rowAt(text.row, line, text.col).row }
  let top = topFor(text, wrap, height, before, caretRow)
  const shown: ScreenRow[] = []
  let at: ScreenRow | undefined = top
  while (at && shown.length < height) {
    shown.push(at)
    at = rowBelow(text.lines, at, wrap)
  }
  // After a deletion there may be room for rows above.
  for (
    let above = rowAbove(text.lines, top, wrap);
    above && shown.length < height;
    above = rowAbove(text.lines, top, wrap)
  ) {
    shown.unshift(above)
    top = above
  }
  const drawn = shown.map(({ row, screenRow }) => {
    const line = text.lines[row] ?? ''
    const { from, to } = wrap.row(row, line, screenRow) ?? { from: 0, to: 0 }
    return { line, from, to }
  })
  const caretAt = shown.findIndex(
    ({ row, screenRow }) => row === caretRow.row && screenRow === caretRow.screenRow,
  )
  const column = cellsOf(line, drawn[caretAt]?.from ?? 0, text.col)
  return {
    rows: drawn.map(({ line, from, to }) => drawable(line.slice(from, to))),
    caret: { row: Math.max(0, caretAt), column: Math.min(column, wrap.width) },
    top,
    above: top.row > 0 || top.screenRow > 0,
    below: at !== undefined,
  }
}

function topFor({ lines }: Text, wrap: Wrap, height: number, before: ScreenRow, caret: ScreenRow): ScreenRow {
  const known = before.row < lines.length && wrap.row(before.row, lines[before.row] ?? '', before.screenRow)
  const top = known ? before : { row: 0, screenRow: 0 }
  if (isAbove(caret, top)) return caret
  // From the caret upwards: the old first row stays if it is near enough; else the caret is on the last row.
  let first = caret
  for (let rows = 1; rows < height; rows++) {
    if (first.row === top.row && first.screenRow === top.screenRow) break
    first = rowAbove(lines, first, wrap) ?? first
  }
  return first
}

const isAbove = (a: ScreenRow, b: ScreenRow) =>
  a.row < b.row || (a.row === b.row && a.screenRow < b.screenRow)
