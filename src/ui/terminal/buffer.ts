import { cellsOf, clusterEnd, clusterStart, drawable, offsetAt, type Wrap } from './wrap.ts'

/** A text with a caret, which stands before the character at `col` (UTF-16) of line `row`. */
export interface Text {
  lines: readonly string[]
  row: number
  col: number
  /** The column that vertical moves keep to, in cells. */
  goal?: number
}

/** A text being edited, with what was and what was undone. */
export interface Editing {
  text: Text
  past: readonly Text[]
  future: readonly Text[]
  /** Changes of one kind in a row are one step for undo. */
  run?: Run
}

type Run = 'type' | 'delete' | 'paste'

const MOST_STEPS = 1000

export function editing(text: string, caret: number): Editing {
  const lines = text.split('\n')
  let row = 0
  let col = Math.min(Math.max(0, caret), text.length)
  while (col > (lines[row]?.length ?? 0)) col -= (lines[row++]?.length ?? 0) + 1
  return { text: { lines, row, col }, past: [], future: [] }
}

export const textOf = ({ text }: Editing) => text.lines.join('\n')
export const isBlank = ({ text }: Editing) => text.lines.every(line => /^[ \t]*$/.test(line))
const lineOf = ({ lines, row }: Text) => lines[row] ?? ''

/** The caret as an offset into the whole text. */
export function caretOf({ text }: Editing): number {
  return text.lines.slice(0, text.row).reduce((sum, line) => sum + line.length + 1, 0) + text.col
}

function changed(before: Editing, text: Text, run?: Run): Editing {
  const same = run !== undefined && before.run === run
  const past = same ? before.past : [...before.past, before.text].slice(-MOST_STEPS)
  return { text, past, future: [], ...(run && { run }) }
}

function moved(before: Editing, row: number, col: number): Editing {
  const { text, past, future } = before
  return { text: { lines: text.lines, row, col }, past, future }
}

/** Replaces what stands between two places of the text and puts the caret behind it. */
function replaced({ lines }: Text, from: Place, to: Place, by: string): Text {
  const inserted = by.split('\n')
  const head = (lines[from.row] ?? '').slice(0, from.col)
  const tail = (lines[to.row] ?? '').slice(to.col)
  const last = inserted.length - 1
  const col = (last === 0 ? head.length : 0) + (inserted[last]?.length ?? 0)
  inserted[0] = head + inserted[0]
  inserted[last] += tail
  return {
    lines: lines.slice(0, from.row).concat(inserted, lines.slice(to.row + 1)),
    row: from.row + last,
    col,
  }
}

interface Place {
  row: number
  col: number
}

/** Typed text. A space or a line end begins a new step, so that undo removes a word. */
export function type(now: Editing, typed: string): Editing {
  const step = /^\s/.test(typed) ? { ...now, run: undefined } : now
  return changed(step as Editing, replaced(now.text, now.text, now.text, typed), 'type')
}

/** Indent, sign or number, and box of a list item. */
const ITEM = /^([ \t]*)(?:([-*+•])|(\d{1,9})([.)]))[ \t]+(\[[ xX-]\][ \t]+)?/

/** A new line. After a list item it begins the next one; at an empty item it ends the list instead. */
export function newLine(now: Editing): Editing {
  const { row, col } = now.text
  const line = lineOf(now.text)
  const [mark, indent = '', sign, number, point = '', box = ''] = ITEM.exec(line) ?? []
  if (mark === undefined || col < mark.length) return type(now, '\n')
  if (mark.length === line.length) return changed(now, replaced(now.text, { row, col: 0 }, { row, col }, ''))
  return type(now, `\n${indent}${sign ?? Number(number) + 1 + point} ${box && '[ ] '}`)
}

/** A paste is one step of its own, in however many pieces it arrives. */
export function paste(now: Editing, pasted: string, continued = false): Editing {
  const { run, ...step } = now
  return changed(
    continued && run === 'paste' ? now : step,
    replaced(now.text, now.text, now.text, pasted),
    'paste',
  )
}

/** The whole text replaced, as it came back from an editor. */
export function rewritten(now: Editing, text: string): Editing {
  const { lines } = now.text
  const end = { row: lines.length - 1, col: lines.at(-1)?.length ?? 0 }
  return changed(now, replaced(now.text, { row: 0, col: 0 }, end, text))
}

export type Target =
  | 'left'
  | 'right'
  | 'word left'
  | 'word right'
  | 'line start'
  | 'line end'
  | 'start'
  | 'end'

export function go(now: Editing, target: Target): Editing {
  const { row, col } = place(now.text, target)
  return moved(now, row, col)
}

/** Deletes from the caret to a target. */
export function erase(now: Editing, target: Target): Editing {
  const to = place(now.text, target)
  const { row, col } = now.text
  if (to.row === row && to.col === col) return now
  const forward = to.row > row || (to.row === row && to.col > col)
  const here = { row, col }
  return changed(now, replaced(now.text, forward ? here : to, forward ? to : here, ''), 'delete')
}

function place(text: Text, target: Target): Place {
  const { lines, row, col } = text
  const line = lineOf(text)
  const end = { row: lines.length - 1, col: lines.at(-1)?.length ?? 0 }
  if (target === 'start') return { row: 0, col: 0 }
  if (target === 'end') return end
  if (target === 'line start') return { row, col: 0 }
  if (target === 'line end') return { row, col: line.length }
  const back = target.endsWith('left')
  if (back && col === 0) return row === 0 ? { row, col } : { row: row - 1, col: lines[row - 1]?.length ?? 0 }
  if (!back && col === line.length) return row === end.row ? { row, col } : { row: row + 1, col: 0 }
  if (target === 'left') return { row, col: clusterStart(line, col) }
  if (target === 'right') return { row, col: clusterEnd(line, col) }
  return { row, col: back ? wordStart(line, col) : wordEnd(line, col) }
}

const WORD = /[\p{L}\p{N}\p{M}_'’]/u

function wordStart(line: string, col: number): number {
  let at = col
  while (at > 0 && !WORD.test(before(line, at))) at = clusterStart(line, at)
  while (at > 0 && WORD.test(before(line, at))) at = clusterStart(line, at)
  return at
}

function wordEnd(line: string, col: number): number {
  let at = col
  while (at < line.length && !WORD.test(after(line, at))) at = clusterEnd(line, at)
  while (at < line.length && WORD.test(after(line, at))) at = clusterEnd(line, at)
  return at
}

const before = (line: string, at: number) => line.slice(clusterStart(line, at), at)
const after = (line: string, at: number) => line.slice(at, clusterEnd(line, at))

/** Rows up (negative) or down on the screen, keeping to the column where the moves began. */
export function goRows(now: Editing, by: number, wrap: Wrap): Editing {
  const { lines, row, col } = now.text
  const here = wrap.rowAt(row, lineOf(now.text), col)
  const goal = now.text.goal ?? cellsOf(lineOf(now.text), here.from, col)
  let at = { row, screenRow: here.row }
  for (let left = Math.abs(by); left > 0; left--) {
    const next = by < 0 ? rowAbove(lines, at, wrap) : rowBelow(lines, at, wrap)
    if (!next) return go(now, by < 0 ? 'start' : 'end')
    at = next
  }
  const line = lines[at.row] ?? ''
  const target = wrap.row(at.row, line, at.screenRow) ?? { from: 0, to: line.length }
  const to = moved(now, at.row, offsetAt(line, target.from, target.to, goal))
  return { ...to, text: { ...to.text, goal } }
}

export interface ScreenRow {
  row: number
  screenRow: number
}

export function rowAbove(
  lines: readonly string[],
  { row, screenRow }: ScreenRow,
  wrap: Wrap,
): ScreenRow | undefined {
  if (screenRow > 0) return { row, screenRow: screenRow - 1 }
  if (row === 0) return undefined
  return { row: row - 1, screenRow: wrap.lastRow(row - 1, lines[row - 1] ?? '') }
}

export function rowBelow(
  lines: readonly string[],
  { row, screenRow }: ScreenRow,
  wrap: Wrap,
): ScreenRow | undefined {
  if (wrap.row(row, lines[row] ?? '', screenRow + 1)) return { row, screenRow: screenRow + 1 }
  return row + 1 < lines.length ? { row: row + 1, screenRow: 0 } : undefined
}

/** The beginning or the end of the row on the screen. */
export function goRowEdge(now: Editing, edge: 'start' | 'end', wrap: Wrap): Editing {
  const { row, col } = now.text
  const line = lineOf(now.text)
  const here = wrap.rowAt(row, line, col)
  if (edge === 'start') return moved(now, row, here.from)
  return moved(now, row, offsetAt(line, here.from, here.to, Number.POSITIVE_INFINITY))
}

export function undo(now: Editing): Editing {
  const text = now.past.at(-1)
  return text ? { text, past: now.past.slice(0, -1), future: [now.text, ...now.future] } : now
}

export function redo(now: Editing): Editing {
  const [text, ...future] = now.future
  return text ? { text, past: [...now.past, now.text], future } : now
}

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
