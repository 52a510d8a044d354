import { isDigest } from '../notes/digest.ts'
import { readMarkup } from './archive.ts'
import {
  asItem,
  type Cell,
  joined,
  markdownOf,
  type Page,
  type Piece,
  type Run,
  tableMarkdown,
} from './page.ts'

/* Pages as text: Markdown of ours or of a word processor, and our web page. */

/** Markdown's paragraphs as they are: what people wrote is not rewritten. */
export function readMarkdown(text: string): Page {
  const pieces: Piece[] = []
  let block: string[] = []
  let fence: string | undefined
  const end = (next: number) => {
    if (block.length > 0) pieces.push({ ...pieceOf(block), at: `line ${next - block.length}` })
    block = []
  }
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  for (const [i, line] of lines.entries()) {
    const [, opening] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? []
    if (fence === undefined && opening) fence = opening
    else if (fence !== undefined && opening?.startsWith(fence) && line.trim() === opening) fence = undefined
    if (fence === undefined && (line.trim() === '' || /^#{1,6}\s/.test(line))) end(i + 1)
    if (fence !== undefined || line.trim() !== '') block.push(line)
    if (fence === undefined && /^#{1,6}\s/.test(line)) end(i + 2)
  }
  end(lines.length + 1)
  return { pieces, digest: isDigest(text) }
}

function pieceOf(block: string[]): Piece {
  const [first = ''] = block
  const [, signs, words = ''] = /^(#{1,6})\s+(.*)$/.exec(first) ?? []
  if (signs) return { level: signs.length, text: plainer(words.replace(/\s#+\s*$/, '').trim()) }
  // A program that knows no boxes makes of each a table of one cell.
  const cells = block.map(line => /^\s*\|((?:\\.|[^|\\])*)\|\s*$/.exec(line)?.[1]?.trim())
  if (block.length < 2 || !cells.every(cell => cell !== undefined)) return { text: plainer(block.join('\n')) }
  const texts = cells
    .filter(cell => !/^:?-+:?$/.test(cell))
    .map(cell => plainer(cell.replace(/<br\s*\/?>/gi, '\n')))
  const cell: Cell = { pieces: texts.map(text => ({ text })), marks: [], styles: new Set() }
  return { text: joined(cell.pieces), rows: [[cell]] }
}

/** Without the backslashes that some programs put before every sign, wherever it stands; in code each is one. */
const plainer = (text: string) =>
  text.replace(/(?<![\\`])(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)|\\([\\!.=+>#-])/g, (whole, _, sign, at: number) =>
    sign === undefined ||
    sign === '\\' ||
    /(?:^|\n)[ \t>]*\d*$/.test(text.slice(Math.max(0, at - 12), at)) ||
    text[at + 2] === '['
      ? whole
      : sign,
  )

interface Frame {
  pieces: Piece[]
  cell?: Cell
  /** Numbers of the lists that are open; undefined in one of bullets. */
  lists: (number | undefined)[]
  /** The marker of an item that has just begun. */
  marker?: string | undefined
}

const BLOCKS = /^(?:p|h[1-6]|li|ul|ol|div|pre|blockquote|table|tr|td|th|section|header|footer|hr|main)$/
const LOOKS = new Map([
  ...(['strong', 'b'] as const).map(name => [name as string, 'strong'] as const),
  ...(['em', 'i'] as const).map(name => [name as string, 'emphasis'] as const),
  ...(['s', 'del'] as const).map(name => [name as string, 'strike'] as const),
  ['code', 'code'] as const,
])

/** A page of ours, as it was exported or as a browser saved it. */
export function readHtml(name: string, text: string): Page {
  const page: Page = { pieces: [], digest: false }
  const frames: Frame[] = [{ pieces: page.pieces, lists: [] }]
  const tables: Cell[][][] = []
  const open: { name: string; look: Partial<Run>; marks: string[]; isBox: boolean }[] = []
  let runs: Run[] = []
  let marks: string[] = []
  const top = () => frames.at(-1) ?? { pieces: page.pieces, lists: [] }
  const within = (name: string) => open.some(each => each.name === name)
  const flush = () => {
    const frame = top()
    const words = within('pre') ? fenced(runs) : markdownOf(runs)
    runs = []
    if (words === '') return
    const level = Number(/^h(\d)$/.exec(open.at(-1)?.name ?? '')?.[1] ?? 0)
    const depth = frame.lists.length
    const isItem = frame.marker !== undefined
    const quoted = within('blockquote') ? words.replace(/^/gm, '> ') : words
    const item = asItem(quoted, frame.marker ?? '', depth)
    frame.pieces.push({
      text: depth > 0 ? item : quoted,
      ...(level > 0 && { level }),
      ...(marks.length > 0 && { marks }),
      ...(within('header') && { frame: true }),
      ...(isItem &&
        depth + frame.pieces.length > 1 &&
        /^\s*(?:[-*]|\d+\.) /.test(frame.pieces.at(-1)?.text ?? '') && { tight: true }),
    })
    frame.marker = undefined
    marks = []
  }
  const beginCell = (cell: Cell) => frames.push({ pieces: cell.pieces, cell, lists: [] })
  readMarkup(
    text,
    {
      open(tag, attributes) {
        if (BLOCKS.test(tag)) flush()
        const { id = '', class: kind = '', href, start, value } = attributes
        const isBox = tag === 'div' && id.startsWith('in_')
        if (kind === 'who') page.digest = true
        if (id.startsWith('q_')) marks.push(id)
        if (isBox) beginCell({ pieces: [], marks: [id], styles: new Set() })
        const look = LOOKS.get(tag)
        open.push({
          name: tag,
          look: look ? { [look]: true } : tag === 'a' ? { href } : {},
          marks: [],
          isBox,
        })
        const frame = top()
        if (tag === 'br') runs.push({ text: '\n' })
        else if (tag === 'ul' || tag === 'ol') frame.lists.push(tag === 'ol' ? Number(start ?? 1) : undefined)
        else if (tag === 'li') {
          const next = value === undefined ? frame.lists.at(-1) : Number(value)
          frame.marker = next === undefined ? '-' : `${next}.`
          if (next !== undefined) frame.lists[frame.lists.length - 1] = next + 1
        } else if (tag === 'table') tables.push([])
        else if (tag === 'tr') tables.at(-1)?.push([])
        else if (tag === 'td' || tag === 'th') {
          const cell: Cell = { pieces: [], marks: [], styles: new Set() }
          tables.at(-1)?.at(-1)?.push(cell)
          beginCell(cell)
        }
      },
      text(piece) {
        if (within('style') || within('title') || within('script')) return
        const words = within('pre') ? piece : piece.replace(/\s+/g, ' ')
        runs.push({ text: words, ...Object.assign({}, ...open.map(({ look }) => look)) })
      },
      close(tag) {
        if (BLOCKS.test(tag)) flush()
        const { isBox } = open.pop() ?? {}
        const frame = top()
        if (tag === 'ul' || tag === 'ol') frame.lists.pop()
        if (tag === 'td' || tag === 'th' || isBox) frames.pop()
        const rows = isBox && frame.cell ? [[frame.cell]] : tag === 'table' ? tables.pop() : undefined
        if (rows) top().pieces.push({ text: tableMarkdown(rows), rows })
      },
    },
    { name },
    true,
  )
  flush()
  return page
}

function fenced(runs: readonly Run[]): string {
  const text = runs.map(run => run.text).join('')
  const fence = '`'.repeat(
    (text.match(/`{3,}/g) ?? []).reduce((most, { length }) => Math.max(most, length + 1), 3),
  )
  return text.trim() === '' ? '' : `${fence}\n${text.replace(/\n$/, '')}\n${fence}`
}
