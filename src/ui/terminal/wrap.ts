import { eastAsianWidth } from 'get-east-asian-width'

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
    const row = Math.max(
      0,
      starts.findLastIndex(start => start <= offset),
    )
    return { row, from: starts[row] ?? 0, to: this.row(index, line, row)?.to ?? line.length }
  }

  /** Where a row begins, and the offset behind its last character; undefined if the line has no such row. */
  row(index: number, line: string, row: number): { from: number; to: number } | undefined {
    const rows = this.#take(index, line)
    while (rows.starts.length <= row + 1 && rows.known < line.length) this.#extend(rows)
    const from = rows.starts[row]
    return from === undefined ? undefined : { from, to: rows.starts[row + 1] ?? line.length }
  }

  lastRow(index: number, line: string): number {
    return this.starts(index, line, line.length).length - 1
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
    for (const { at, end, width } of clusters(line, from)) {
      const space = end === at + 1 && ' \t'.includes(line.charAt(at))
      cells += width
      // A space may hang over the edge, so that no row begins with one.
      if (cells > this.width && !space && at > from) {
        rows.known = afterSpace > from ? afterSpace : at
        rows.starts.push(rows.known)
        return
      }
      if (space) afterSpace = end
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
  for (const { at, end, width } of clusters(line, from, to)) {
    cells += width
    if (cells > column || (end === to && to < line.length)) return at
  }
  return to
}

/*
 * What a person sees as one character: an emoji family, a flag, a letter with its accents. Intl.Segmenter takes
 * more than linear time on long texts, so it is only ever given a short piece, and none of plain text.
 */
let segmenter: Intl.Segmenter | undefined
/** The length of the first cluster of a piece. It takes a fifth of a bare start to make what finds it. */
const firstLength = remembered(piece => {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  const [first] = segmenter.segment(piece)
  return first?.segment.length ?? 1
})

/** Loads what splits clusters ahead of time, so that the first emoji does not wait for it. */
export const prepareClusters = () => void firstLength('e\u0301')

/** What was measured of a text is known for a while. */
function remembered(measure: (text: string) => number) {
  const known = new Map<string, number>()
  return (text: string) => {
    const before = known.get(text)
    if (before !== undefined) return before
    if (known.size > 5000) known.clear()
    const now = measure(text)
    known.set(text, now)
    return now
  }
}

/** A cluster longer than this is cut; no writing needs one. */
const PIECE = 64

/** Letters and signs of one cell that stand alone, unless something that is not plain follows. */
const NARROW =
  ' -~\u00a1-\u00ac\u00ae-\u02ff\u0400-\u0481\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2500-\u25fc'
/** Chinese, Japanese and Korean letters of two cells. */
const WIDE = '\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3'
const narrow = new RegExp(`^[${NARROW}]$`)
const wide = new RegExp(`^[${WIDE}]$`)
/** Escape, which begins a color, is always a cluster of its own. */
const plain = new RegExp(`^[\t\u001b${NARROW}${WIDE}]?$`)

const plainAt = (text: string, at: number) => plain.test(text.charAt(at))

/** The end of the cluster that begins at an offset. */
export function clusterEnd(text: string, at: number): number {
  if (at >= text.length) return text.length
  if (plainAt(text, at) && plainAt(text, at + 1)) return at + 1
  // Up to plain text before other plain text, of which only the first letter may belong to what is before it.
  let to = at + 1
  while (to < at + PIECE && !(plainAt(text, to) && plainAt(text, to + 1))) to++
  return at + firstLength(text.slice(at, to + 1))
}

/** The beginning of the cluster that ends at an offset. */
export function clusterStart(text: string, at: number): number {
  if (at <= 1) return 0
  if (plainAt(text, at - 1) && plainAt(text, at - 2)) return at - 1
  // Plain text before other plain text is a safe place to begin to segment.
  let from = at - 1
  while (from > 0 && at - from < PIECE && !(plainAt(text, from) && plainAt(text, from - 1))) from--
  let start = from
  for (let end = clusterEnd(text, start); end < at; end = clusterEnd(text, start)) start = end
  return start
}

const TAB_CELLS = 4
const widthOfRare = remembered(cluster => {
  const cells = [...cluster].reduce((sum, character) => sum + cellsAlone(character), 0)
  return Math.max(cells, /.\ufe0f/u.test(cluster) ? 2 : 0)
})

/**
 * How many cells a cluster takes on the screen: as many as any terminal counts. They do not agree on emoji families,
 * skin tones and the vowel signs of Indic scripts, and too much room breaks nothing.
 */
export function clusterWidth(cluster: string): number {
  if (narrow.test(cluster)) return 1
  if (wide.test(cluster)) return 2
  if (cluster === '\t') return TAB_CELLS
  if (/^[\u0000-\u001f\u007f-\u009f]$/.test(cluster)) return 1
  return widthOfRare(cluster)
}

function cellsAlone(character: string): number {
  const unseen = /[\p{M}\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}]/u.test(character)
  // Vowel signs, joiners and soft hyphens, to which some terminals give a cell of their own.
  const counted = unseen && /[\p{Mc}\u00ad\u200d]/u.test(character)
  return counted || !unseen ? eastAsianWidth(character.codePointAt(0) ?? 0) : 0
}

/** Letters that every terminal counts alike; those of Latin may carry accents. */
const CERTAIN = `[ -~\\u00a1-\\u00ac\\u00ae-\\u02ff][\\u0300-\\u036f]*|[\\u0400-\\u0481\\u2010-\\u2027${WIDE}]`
const certain = new RegExp(`^(?:${CERTAIN})*$`)

/** Whether every terminal counts the cells of a text alike. */
export const isCertain = (text: string) => certain.test(text)

/** The clusters of a piece of a line: where each begins and ends, and its cells. */
export function* clusters(line: string, from = 0, to: number = line.length) {
  for (let at = from; at < to; ) {
    const end = clusterEnd(line, at)
    yield { at, end, width: clusterWidth(line.slice(at, end)) }
    at = end
  }
}

/** How many cells a piece of a line takes. */
export function cellsOf(line: string, from = 0, to: number = line.length): number {
  let cells = 0
  for (const { width } of clusters(line, from, to)) cells += width
  return cells
}

/** A row without its colors. */
export const uncolored = (row: string) => row.replace(/\u001b\[[0-9;]*m/g, '')

/** How many cells a row takes that may have colors. */
export const cellsIn = (row: string) => cellsOf(uncolored(row))

/** A piece of a line as it is drawn: tabs as spaces, control characters as a dot, so that none steers the terminal. */
export function drawable(text: string): string {
  return text
    .replaceAll('\t', ' '.repeat(TAB_CELLS))
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '·')
}
