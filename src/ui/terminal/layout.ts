import { type Editing, isBlank, type ScreenRow, view } from './buffer.ts'
import { paint } from './colors.ts'
import { cellsIn, clusterEnd, clusterWidth, drawable, type Wrap, wrapped } from './wrap.ts'

/* What stands on the screen around the writing area, as rows of text. */

/** Paragraphs as rows that fit the window. */
export const inRows = (text: string, columns: number) =>
  text
    .split('\n')
    .flatMap(line => wrapped(line, contentWidth(columns)))
    .join('\n')

export interface FrameInput {
  editing: Editing
  top: ScreenRow
  notice?: string
  columns: number
  rows: number
  /** The rows of the text for a width; kept between frames. */
  wrapFor(width: number): Wrap
}

/** Rows that fit the window, each narrower than it, and the caret's place among them. */
export interface Frame {
  rows: string[]
  caret: { row: number; column: number }
  top: ScreenRow
  textWidth: number
  areaHeight: number
  /** How many rows at the end are not the question and the text. */
  foot: number
}

/** What stands around the text. */
export interface Surroundings {
  /** The rows above the text, at most so many. */
  head(width: number, most: number): string[]
  /** What is told at the right of the line below the text. */
  progress: string
  /** Keys and what they do, the most needed first; `short` where the whole does not fit. */
  keys: readonly { key: string; does: string; short?: string }[]
  hint: string
}

/** Lines longer than this are hard to read. */
const WIDEST = 100
/** What to know, and the keys. */
export const FOOT_ROWS = 2
const BAR = '│ '

/** The rows there are always to write in. */
export const leastArea = (rows: number) => (rows >= 20 ? 4 : rows >= 12 ? 3 : 1)

export const contentWidth = (columns: number) => Math.max(10, Math.min(columns, WIDEST + 4) - 2)

/** The question above, the text with its caret, what to know and the keys below. */
export function frame(input: FrameInput, around: Surroundings, count: (editing: Editing) => string): Frame {
  const { editing, columns, notice } = input
  const width = contentWidth(columns)
  const textWidth = Math.max(1, width - BAR.length - 1)
  const most = Math.max(4, input.rows - 1)
  const foot = most > 6 ? FOOT_ROWS : 1
  const least = leastArea(input.rows)
  const head = around.head(width, most - foot - least)
  const highest = most - foot - head.length
  const seen = view(editing.text, input.wrapFor(textWidth), highest, input.top)
  const areaHeight = Math.max(Math.min(least, highest), seen.rows.length)
  const area = Array.from({ length: areaHeight }, (_, i) => paint.accent(BAR) + (seen.rows[i] ?? ''))
  if (isBlank(editing) && editing.text.lines.length === 1)
    area[0] = paint.accent(BAR) + paint.faint(clip(around.hint, textWidth))
  const more = [seen.above && '↑ more above', seen.below && '↓ more below'].filter(Boolean).join('  ')
  const left = drawable(notice ?? [count(editing), more].filter(Boolean).join('  '))
  const status = sides(
    notice ? paint.warning(clip(left, width)) : paint.faint(clip(left, width)),
    paint.faint(around.progress),
    width,
  )
  const rows = [...head, ...area, ...(foot === 2 ? [status] : []), keyLine(around.keys, width)]
  return {
    rows,
    caret: { row: head.length + seen.caret.row, column: BAR.length + seen.caret.column },
    top: seen.top,
    textWidth,
    areaHeight,
    foot,
  }
}

/** Two texts at both ends of a row; the right one is left out where there is no room. */
function sides(left: string, right: string, width: number): string {
  const gap = width - cellsIn(left) - cellsIn(right)
  return gap < 2 ? left : left + ' '.repeat(gap) + right
}

/** `Ctrl+S save and go on · Esc menu …`: as many as inWidth, the right end dropped first. */
function keyLine(keys: Surroundings['keys'], width: number): string {
  const shown: string[] = []
  let used = 0
  for (const { key, does, short } of keys) {
    const room = width - used - (shown.length > 0 ? 3 : 0)
    const words = [does, short].find(text => text !== undefined && `${key} ${text}`.length <= room)
    if (words === undefined) break
    shown.push(`${paint.bold(key)} ${paint.faint(words)}`)
    used += `${key} ${words}`.length + (shown.length > 1 ? 3 : 0)
  }
  return shown.join(paint.faint(' · '))
}

/** A text cut to a width, with an ellipsis. */
export function clip(text: string, width: number): string {
  if (cellsIn(text) <= width) return text
  let cells = 0
  let at = 0
  while (at < text.length) {
    const end = clusterEnd(text, at)
    cells += clusterWidth(text.slice(at, end))
    if (cells > width - 1) break
    at = end
  }
  return `${text.slice(0, at)}…`
}
