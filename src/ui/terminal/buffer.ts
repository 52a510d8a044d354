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
  const past = run && before.run === run ? before.past : [...before.past, before.text].slice(-MOST_STEPS)
  return { text, past, future: [], ...(run && { run }) }
}

function moved(before: Editing, row: number, col: number): Editing {
  const { text, past, future } = before
  return { text: { lines: text.lines, row, col }, past, future }
}

/** Replaces what stands between two places of the text and puts the caret behind it. */
function replaced({ lines }: Text, from: Place, to: Place, by: string): Text {
  const put = ((lines[from.row] ?? '').slice(0, from.col) + by).split('\n')
  const last = put.length - 1
  const col = put[last]?.length ?? 0
  put[last] += (lines[to.row] ?? '').slice(to.col)
  return { lines: lines.slice(0, from.row).concat(put, lines.slice(to.row + 1)), row: from.row + last, col }
}

interface Place {
  row: number
  col: number
}

/** Text put in where the caret stands. What goes on with what is of the same kind is one step for undo. */
function inserted(now: Editing, text: string, run: Run, goesOn: boolean): Editing {
  const { run: _, ...step } = now
  return changed(goesOn ? now : step, replaced(now.text, now.text, now.text, text), run)
}

/** Typed text. A space or a line end begins a new step, so that undo removes a word. */
export const type = (now: Editing, typed: string) => inserted(now, typed, 'type', !/^\s/.test(typed))

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
export const paste = (now: Editing, pasted: string, continued = false) =>
  inserted(now, pasted, 'paste', continued)

/** The whole text replaced, as it came back from an editor. */
export function rewritten(now: Editing, text: string): Editing {
  return changed(now, replaced(now.text, place(now.text, 'start'), place(now.text, 'end'), text))
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
  const { row, col } = now.text
  const to = place(now.text, target)
  if (to.row === row && to.col === col) return now
  const [from, end] = to.row > row || (to.row === row && to.col > col) ? [now.text, to] : [to, now.text]
  return changed(now, replaced(now.text, from, end, ''), 'delete')
}

function place(text: Text, target: Target): Place {
  const { lines, row, col } = text
  const line = lineOf(text)
  if (target === 'start') return { row: 0, col: 0 }
  if (target === 'end') return { row: lines.length - 1, col: lines.at(-1)?.length ?? 0 }
  if (target === 'line start') return { row, col: 0 }
  if (target === 'line end') return { row, col: line.length }
  const back = target.endsWith('left')
  if (back && col === 0) return row === 0 ? { row, col } : { row: row - 1, col: lines[row - 1]?.length ?? 0 }
  if (!back && col === line.length) return row === lines.length - 1 ? { row, col } : { row: row + 1, col: 0 }
  const step = back ? clusterStart : clusterEnd
  return { row, col: target === 'left' || target === 'right' ? step(line, col) : wordEdge(line, col, back) }
}

/** Over what is no word, and then over the word. */
function wordEdge(line: string, col: number, back: boolean): number {
  const step = back ? clusterStart : clusterEnd
  const isWord = (at: number) =>
    /[\p{L}\p{N}\p{M}_'’]/u.test(back ? line.slice(step(line, at), at) : line.slice(at, step(line, at)))
  const edge = back ? 0 : line.length
  let at = col
  while (at !== edge && !isWord(at)) at = step(line, at)
  while (at !== edge && isWord(at)) at = step(line, at)
  return at
}

/** Rows up (negative) or down on the screen, keeping to the column where the moves began. */
export function goRows(now: Editing, by: number, wrap: Wrap): Editing {
  const { lines, row, col } = now.text
  const line = lineOf(now.text)
  const { row: screenRow, from } = wrap.rowAt(row, line, col)
  const goal = now.text.goal ?? cellsOf(line, from, col)
  const at = rowsFrom(lines, { row, screenRow }, Math.sign(by), Math.abs(by) + 1, wrap)[Math.abs(by)]
  if (!at) return go(now, by < 0 ? 'start' : 'end')
  const target = pieceOf(lines, at, wrap)
  const to = moved(now, at.row, offsetAt(target.line, target.from, target.to, goal))
  return { ...to, text: { ...to.text, goal } }
}

export interface ScreenRow {
  row: number
  screenRow: number
}

/** Rows of the screen from one on, down or up (`by` 1 or -1): at most so many. */
function rowsFrom(
  lines: readonly string[],
  first: ScreenRow,
  by: number,
  most: number,
  wrap: Wrap,
): ScreenRow[] {
  const rows = [first]
  let { row, screenRow } = first
  while (rows.length < most) {
    screenRow += by
    if (screenRow < 0 || !wrap.row(row, lines[row] ?? '', screenRow)) {
      row += by
      const line = lines[row]
      if (line === undefined) break
      screenRow = by < 0 ? wrap.lastRow(row, line) : 0
    }
    rows.push({ row, screenRow })
  }
  return rows
}

/** The piece of a line that stands in a row of the screen. */
function pieceOf(lines: readonly string[], { row, screenRow }: ScreenRow, wrap: Wrap) {
  const line = lines[row] ?? ''
  return { line, ...(wrap.row(row, line, screenRow) ?? { from: 0, to: line.length }) }
}

/** The beginning or the end of the row on the screen. */
export function goRowEdge(now: Editing, edge: 'start' | 'end', wrap: Wrap): Editing {
  const { row, col } = now.text
  const line = lineOf(now.text)
  const { from, to } = wrap.rowAt(row, line, col)
  return moved(now, row, edge === 'start' ? from : offsetAt(line, from, to, Number.POSITIVE_INFINITY))
}

export function undo(now: Editing): Editing {
  const text = now.past.at(-1)
  return text ? { text, past: now.past.slice(0, -1), future: [now.text, ...now.future] } : now
}

export function redo(now: Editing): Editing {
  const [text, ...future] = now.future
  return text ? { text, past: [...now.past, now.text], future } : now
}

/**
 * What of a text is shown in at most `height` rows, scrolled no further than the caret needs: its rows, where the caret
 * stands in them, counted from 0, and the first one, which stays while the caret is inside.
 */
export function view(text: Text, wrap: Wrap, height: number, before: ScreenRow) {
  const { lines, row, col } = text
  const here = wrap.rowAt(row, lineOf(text), col)
  const caret = { row, screenRow: here.row }
  const first = topFor(lines, wrap, height, before, caret)
  const down = rowsFrom(lines, first, 1, height + 1, wrap)
  // After a deletion there may be room for rows above.
  const above = rowsFrom(lines, first, -1, height - down.length + 1, wrap)
    .slice(1)
    .reverse()
  const shown = [...above, ...down].slice(0, height)
  const top = shown[0] ?? first
  return {
    rows: shown.map(at => {
      const { line, from, to } = pieceOf(lines, at, wrap)
      return drawable(line.slice(from, to))
    }),
    caret: {
      row: shown.findIndex(at => isSame(at, caret)),
      column: Math.min(cellsOf(lineOf(text), here.from, col), wrap.width),
    },
    top,
    above: top.row > 0 || top.screenRow > 0,
    below: down.length > height,
  }
}

/** The old first row stays if the caret is near enough; else the caret is in the first row or in the last. */
function topFor(
  lines: Text['lines'],
  wrap: Wrap,
  height: number,
  before: ScreenRow,
  caret: ScreenRow,
): ScreenRow {
  const known = before.row < lines.length && wrap.row(before.row, lines[before.row] ?? '', before.screenRow)
  const top = known ? before : { row: 0, screenRow: 0 }
  if (caret.row < top.row || (caret.row === top.row && caret.screenRow < top.screenRow)) return caret
  const near = rowsFrom(lines, caret, -1, height, wrap)
  return near.find(at => isSame(at, top)) ?? near.at(-1) ?? caret
}

const isSame = (a: ScreenRow, b: ScreenRow) => a.row === b.row && a.screenRow === b.screenRow
