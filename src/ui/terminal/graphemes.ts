import stringWidth from 'string-width'

/*
 * What a person sees as one character: an emoji family, a flag, a letter with its accents. Intl.Segmenter takes
 * more than linear time on long texts, so it is only ever given a short piece, and none of plain text.
 */
let segmenter: Intl.Segmenter | undefined
/** It takes a fifth of a bare start to make one. */
function firstCluster(piece: string): string | undefined {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  const [first] = segmenter.segment(piece)
  return first?.segment
}

/** A cluster longer than this is cut; no writing needs one. */
const PIECE = 64

const between = (code: number, first: number, last: number) => code >= first && code <= last

/** Letters and signs of one cell that stand alone, unless something that is not plain follows. */
const narrow = (code: number) =>
  between(code, 0x20, 0x7e) ||
  (between(code, 0xa1, 0x2ff) && code !== 0xad) ||
  between(code, 0x400, 0x481) ||
  between(code, 0x2010, 0x2027) ||
  between(code, 0x2030, 0x205e) ||
  between(code, 0x2190, 0x21ff) ||
  between(code, 0x2500, 0x25fc)

/** Chinese, Japanese and Korean letters of two cells. */
const wide = (code: number) =>
  between(code, 0x4e00, 0x9fff) ||
  between(code, 0x3041, 0x3096) ||
  between(code, 0x30a1, 0x30fa) ||
  between(code, 0xac00, 0xd7a3) ||
  between(code, 0x3400, 0x4dbf)

const plain = (code: number) => narrow(code) || wide(code) || code === 9
const plainAt = (text: string, at: number) => at >= text.length || plain(text.charCodeAt(at))

/** The end of the cluster that begins at an offset. */
export function clusterEnd(text: string, at: number): number {
  if (at >= text.length) return text.length
  if (plain(text.charCodeAt(at)) && plainAt(text, at + 1)) return at + 1
  return at + (firstCluster(text.slice(at, at + PIECE))?.length ?? 1)
}

/** The beginning of the cluster that ends at an offset. */
export function clusterStart(text: string, at: number): number {
  if (at <= 1) return 0
  if (plain(text.charCodeAt(at - 1)) && plain(text.charCodeAt(at - 2))) return at - 1
  // Plain text before other plain text is a safe place to begin to segment.
  let from = at - 1
  while (from > 0 && at - from < PIECE && !(plain(text.charCodeAt(from)) && plain(text.charCodeAt(from - 1))))
    from--
  let start = from
  for (let end = clusterEnd(text, start); end < at; end = clusterEnd(text, start)) start = end
  return start
}

const TAB_CELLS = 4
const widths = new Map<string, number>()

/** How many cells a cluster takes on the screen. */
export function clusterWidth(cluster: string): number {
  const code = cluster.charCodeAt(0)
  if (cluster.length === 1) {
    if (narrow(code)) return 1
    if (wide(code)) return 2
    if (code === 9) return TAB_CELLS
    if (code < 0x20 || between(code, 0x7f, 0x9f)) return 1
  }
  let width = widths.get(cluster)
  if (width === undefined) {
    width = stringWidth(cluster)
    if (widths.size > 5000) widths.clear()
    widths.set(cluster, width)
  }
  return width
}

/** How many cells a piece of a line takes. */
export function cellsOf(line: string, from: number, to: number): number {
  let cells = 0
  for (let at = from; at < to; ) {
    const end = clusterEnd(line, at)
    cells += clusterWidth(line.slice(at, end))
    at = end
  }
  return cells
}

/** A row without its colours. */
const uncoloured = (row: string) => row.replace(/\u001b\[[0-9;]*m/g, '')

/** How many cells a row takes that may have colours. */
export function cellsIn(row: string): number {
  const plain = uncoloured(row)
  return cellsOf(plain, 0, plain.length)
}

/** A piece of a line as it is drawn: tabs as spaces, control characters as a dot, so that none steers the terminal. */
export function drawable(text: string): string {
  return text
    .replaceAll('\t', ' '.repeat(TAB_CELLS))
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '·')
}
