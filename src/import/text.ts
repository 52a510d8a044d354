import { isDigest } from '../notes/digest.ts'
import { codeBlock } from '../notes/markdown.ts'
import { type Markup, markupOf } from './archive.ts'
import {
  asItem,
  type Cell,
  joined,
  markdownOf,
  type Page,
  type Piece,
  type Run,
  tableMarkdown,
} from './reading.ts'

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
  if (signs)
    return { level: signs.length, text: plainer(words.replace(/\s#+\s*$|\s*\{#[^\s}]+\}\s*$/, '').trim()) }
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
  text.replace(
    /(?<![\\`])(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)|\[(https?:\/\/[^\s\]]+)\]\(\2\)|\\([\\!.=+>#-])/g,
    (whole, _, url, sign, at: number) => {
      if (url !== undefined) return `<${url}>`
      const isNeeded =
        /(?:^|\n)[ \t>]*\d*$/.test(text.slice(Math.max(0, at - 12), at)) || text[at + 2] === '['
      return sign === undefined || sign === '\\' || isNeeded ? whole : sign
    },
  )

const BLOCKS = /^(?:p|h[1-6]|li|ul|ol|div|pre|blockquote|table|tr|td|th|section|header|footer|hr|main)$/
const LOOKS = new Map(
  Object.entries({
    ...{ strong: 'strong', b: 'strong', em: 'emphasis', i: 'emphasis' },
    ...{ s: 'strike', del: 'strike', code: 'code' },
  } as const),
)

/** A page of ours, as it was exported or as a browser saved it. */
export function readHtml(name: string, text: string): Page {
  const walk = new PageWalk()
  const place: Place = { frame: walk.page, look: {}, within: [] }
  walk.read(markupOf(text, { name }, true), place)
  walk.flush(place)
  return walk.page
}

/** What stands around a place in a page. */
interface Place {
  /** Of the page, of a box to write in or of a cell; `marker` of an item that has just begun. */
  frame: { pieces: Piece[]; marker?: string | undefined }
  look: Partial<Run>
  /** The names of the elements around it. */
  within: string[]
  /** `next` is the number of the next item; undefined in a list of bullets. */
  list?: { depth: number; next: number | undefined } | undefined
  rows?: Cell[][]
}

class PageWalk {
  readonly page: Page = { pieces: [], digest: false }
  #runs: Run[] = []
  #marks: string[] = []

  read({ children }: Markup, place: Place): void {
    for (const child of children)
      if (typeof child !== 'string') this.#element(child, place)
      else if (place.within.includes('pre')) this.#runs.push({ text: child, ...place.look })
      else this.#runs.push({ text: child.replace(/\s+/g, ' '), ...place.look })
  }

  #element(element: Markup, place: Place): void {
    const { name, attributes } = element
    const { id = '', class: kind } = attributes
    if (/^(?:style|title|script)$/.test(name)) return
    if (BLOCKS.test(name)) this.flush(place)
    if (kind === 'who') this.page.digest = true
    if (id.startsWith('q_')) this.#marks.push(id)
    if (name === 'br') this.#runs.push({ text: '\n' })
    if (name === 'li') beginItem(attributes, place)
    if (name === 'tr') place.rows?.push([])
    const isBox = name === 'div' && id.startsWith('in_')
    const rows: Cell[][] | undefined = isBox ? [[]] : name === 'table' ? [] : undefined
    const inner = placeIn(element, rows ? { ...place, rows } : place, isBox)
    this.read(element, inner)
    if (BLOCKS.test(name)) this.flush(inner)
    if (rows) place.frame.pieces.push({ text: tableMarkdown(rows), rows })
  }

  /** Makes a piece of the words that have been read. */
  flush({ frame, within, list }: Place): void {
    const { pieces, marker } = frame
    const said = within.includes('pre') ? fenced(this.#runs) : markdownOf(this.#runs)
    this.#runs = []
    if (said === '') return
    const level = Number(/^h(\d)$/.exec(within.at(-1) ?? '')?.[1] ?? 0)
    const words = within.includes('blockquote') ? said.replace(/^/gm, '> ') : said
    const isTight = marker !== undefined && /^\s*(?:[-*]|\d+\.) /.test(pieces.at(-1)?.text ?? '')
    pieces.push({
      text: list ? asItem(words, marker ?? '', list.depth) : words,
      ...(level > 0 && { level }),
      ...(this.#marks.length > 0 && { marks: this.#marks }),
      ...(within.includes('header') && { frame: true }),
      ...(isTight && { tight: true }),
    })
    frame.marker = undefined
    this.#marks = []
  }
}

function beginItem({ value }: Markup['attributes'], { frame, list }: Place): void {
  const number = value === undefined ? list?.next : Number(value)
  frame.marker = number === undefined ? '-' : `${number}.`
  if (list && number !== undefined) list.next = number + 1
}

/** The place within an element; a box or a cell has pieces of its own. */
function placeIn({ name, attributes }: Markup, place: Place, isBox: boolean): Place {
  const { id = '', href, start = '1' } = attributes
  const look = LOOKS.get(name)
  const inner: Place = {
    ...place,
    look: { ...place.look, ...(look && { [look]: true }), ...(name === 'a' && { href: direct(href) }) },
    within: [...place.within, name],
  }
  if (name === 'ol' || name === 'ul') {
    const depth = (place.list?.depth ?? 0) + 1
    return { ...inner, list: { depth, next: name === 'ol' ? Number(start) : undefined } }
  }
  const row = isBox || name === 'td' || name === 'th' ? place.rows?.at(-1) : undefined
  if (!row) return inner
  const cell: Cell = { pieces: [], marks: isBox ? [id] : [], styles: new Set() }
  row.push(cell)
  return { ...inner, frame: { pieces: cell.pieces }, list: undefined }
}

/** Google Docs leads each address of a page through its own. */
const direct = (href = '') =>
  (/^https:\/\/www\.google\.com\/url\?/.test(href) && new URL(href).searchParams.get('q')) || href

function fenced(runs: readonly Run[]): string {
  const text = runs.map(run => run.text).join('')
  return text.trim() === '' ? '' : codeBlock(text.replace(/\n$/, '')).join('\n')
}
