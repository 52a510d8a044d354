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

interface Frame {
  pieces: Piece[]
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
  const walk = new PageWalk()
  readMarkup(text, walk, { name }, true)
  walk.flush()
  return walk.page
}

interface Open {
  name: string
  look: Partial<Run>
  /** A box of ours to write in, or a cell of a table. */
  cell?: Cell | undefined
}

class PageWalk {
  readonly page: Page = { pieces: [], digest: false }
  readonly #frames: Frame[] = [{ pieces: this.page.pieces, lists: [] }]
  readonly #tables: Cell[][][] = []
  readonly #open: Open[] = []
  #runs: Run[] = []
  #marks: string[] = []

  get #top(): Frame {
    return this.#frames.at(-1) ?? { pieces: this.page.pieces, lists: [] }
  }

  #within = (name: string) => this.#open.some(each => each.name === name)

  open(tag: string, { id = '', class: kind = '', href, start = '1', value }: Record<string, string>): void {
    if (BLOCKS.test(tag)) this.flush()
    if (kind === 'who') this.page.digest = true
    if (id.startsWith('q_')) this.#marks.push(id)
    const { lists } = this.#top
    const look = LOOKS.get(tag)
    this.#open.push({
      ...{ name: tag, look: look ? { [look]: true } : tag === 'a' ? { href } : {} },
      cell: this.#beginCell(tag, id),
    })
    if (tag === 'br') this.#runs.push({ text: '\n' })
    else if (tag === 'ul' || tag === 'ol') lists.push(tag === 'ol' ? Number(start) : undefined)
    else if (tag === 'table') this.#tables.push([])
    else if (tag === 'tr') this.#tables.at(-1)?.push([])
    else if (tag === 'li') {
      const next = value === undefined ? lists.at(-1) : Number(value)
      this.#top.marker = next === undefined ? '-' : `${next}.`
      if (next !== undefined) lists[lists.length - 1] = next + 1
    }
  }

  #beginCell(tag: string, id: string): Cell | undefined {
    const isBox = tag === 'div' && id.startsWith('in_')
    const row = tag === 'td' || tag === 'th' ? this.#tables.at(-1)?.at(-1) : undefined
    if (!isBox && !row) return undefined
    const cell: Cell = { pieces: [], marks: isBox ? [id] : [], styles: new Set() }
    row?.push(cell)
    this.#frames.push({ pieces: cell.pieces, lists: [] })
    return cell
  }

  text(piece: string): void {
    if (['style', 'title', 'script'].some(this.#within)) return
    const text = this.#within('pre') ? piece : piece.replace(/\s+/g, ' ')
    this.#runs.push({ text, ...Object.assign({}, ...this.#open.map(({ look }) => look)) })
  }

  close(tag: string): void {
    if (BLOCKS.test(tag)) this.flush()
    const { cell } = this.#open.pop() ?? {}
    if (tag === 'ul' || tag === 'ol') this.#top.lists.pop()
    if (cell) this.#frames.pop()
    const rows = cell && tag === 'div' ? [[cell]] : tag === 'table' ? this.#tables.pop() : undefined
    if (rows) this.#top.pieces.push({ text: tableMarkdown(rows), rows })
  }

  /** Makes a piece of the words that have been read. */
  flush(): void {
    const { pieces, lists, marker } = this.#top
    const said = this.#within('pre') ? fenced(this.#runs) : markdownOf(this.#runs)
    this.#runs = []
    if (said === '') return
    const level = Number(/^h(\d)$/.exec(this.#open.at(-1)?.name ?? '')?.[1] ?? 0)
    const words = this.#within('blockquote') ? said.replace(/^/gm, '> ') : said
    const isTight = marker !== undefined && /^\s*(?:[-*]|\d+\.) /.test(pieces.at(-1)?.text ?? '')
    pieces.push({
      text: lists.length > 0 ? asItem(words, marker ?? '', lists.length) : words,
      ...(level > 0 && { level }),
      ...(this.#marks.length > 0 && { marks: this.#marks }),
      ...(this.#within('header') && { frame: true }),
      ...(isTight && lists.length + pieces.length > 1 && { tight: true }),
    })
    this.#top.marker = undefined
    this.#marks = []
  }
}

function fenced(runs: readonly Run[]): string {
  const text = runs.map(run => run.text).join('')
  const fence = '`'.repeat(
    (text.match(/`{3,}/g) ?? []).reduce((most, { length }) => Math.max(most, length + 1), 3),
  )
  return text.trim() === '' ? '' : `${fence}\n${text.replace(/\n$/, '')}\n${fence}`
}
