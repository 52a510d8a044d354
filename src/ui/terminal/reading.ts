import { stripVTControlCharacters } from 'node:util'
import type { MarkedExtension, RendererObject, Token, Tokens } from 'marked'
import { type Key, type Live, untilAsked } from './keyboard.ts'
import { clip, contentWidth, hasColor, keyRows, paint } from './layout.ts'
import type { RowRenderer } from './renderer.ts'
import { cellsIn } from './wrap.ts'

/* Reading on a terminal: a document on a screen of its own, and Markdown drawn for it. */

const OTHER_SCREEN = '\u001b[?1049h'
const FIRST_SCREEN = '\u001b[?1049l\u001b[?25h'

export interface PagerOptions {
  /** Whether it begins with asking for words to search for. */
  searching?: boolean
  /** Where Esc leads, in words. */
  back?: string
}

export type Render = (columns: number) => Promise<string>

/**
 * Shows a document from its top on a screen of its own, where it can be searched, until the person closes it.
 * `render` draws it in so many columns.
 */
export async function openPager(live: Live, render: Render, options?: PagerOptions): Promise<undefined> {
  const { stage, leaving } = live
  const { screen } = stage
  if (leaving.aborted) return undefined
  const restore = () => void screen.write(FIRST_SCREEN)
  process.on('exit', restore)
  screen.write(OTHER_SCREEN)
  const pager = new Pager(stage, options)
  let columns = 0
  const show = async () => {
    columns = stage.columns
    pager.show((await render(columns)).trimEnd().split('\n'))
  }
  await show()
  const draw = () => {
    if (columns !== stage.columns) void show()
    pager.draw()
    return undefined
  }
  await untilAsked(
    live,
    () => true,
    draw,
    key => pager.press(key) || undefined,
  )
  process.off('exit', restore)
  restore()
  return undefined
}

class Pager {
  readonly #stage: RowRenderer
  readonly #back: string
  #rows: readonly string[] = []
  #top = 0
  /** The words being typed; undefined while nobody searches. */
  #typed: string | undefined
  #words = ''
  /** The row of the last match. */
  #found = -1
  #notice = ''

  constructor(stage: RowRenderer, { searching = false, back = 'back' }: PagerOptions = {}) {
    this.#stage = stage
    this.#back = back
    if (searching) this.#typed = ''
  }

  get #height(): number {
    return Math.max(1, this.#stage.rows - 2)
  }

  show(rows: readonly string[]): void {
    this.#rows = rows
    this.#go(this.#top)
  }

  #go(top: number): void {
    this.#top = Math.max(0, Math.min(top, this.#rows.length - this.#height))
  }

  draw(): void {
    const height = this.#height
    const width = contentWidth(this.#stage.columns)
    const shown = this.#rows.slice(this.#top, this.#top + height).map(row => marked(row, this.#words))
    while (shown.length <= height) shown.push('')
    if (this.#typed !== undefined) {
      const row = clip(`Search for: ${this.#typed}`, width)
      this.#stage.draw([...shown, row], { row: height + 1, column: cellsIn(row) })
      return
    }
    const end = Math.min(this.#top + height, this.#rows.length)
    const keys = [
      ...(this.#rows.length > height ? [`${this.#top + 1}–${end} of ${this.#rows.length}`] : []),
      `Esc ${this.#back}`,
      '/ search',
      ...(this.#words === '' ? [] : ['n next']),
      'PgDn/PgUp scroll',
    ]
    const foot = this.#notice ? [paint.bold(clip(this.#notice, width))] : keyRows(keys, width, 1)
    this.#stage.draw([...shown, ...foot])
  }

  /** @returns whether the person is done. */
  press(key: Key): boolean {
    this.#notice = ''
    const name = key.kind === 'key' ? key.name : key.text
    const escaped = name === 'escape' || name === 'ctrl+c'
    if (this.#typed !== undefined) {
      if (escaped) this.#typed = undefined
      else if (name === 'enter') this.#search(this.#top, this.#typed.trim())
      else if (name === 'backspace') this.#typed = [...this.#typed].slice(0, -1).join('')
      else if (key.kind !== 'key') this.#typed += key.text.replace(/\s+/g, ' ')
      return false
    }
    // Enter pressed once too often, as in a list, must not close what has just come.
    const atEnd = this.#top + this.#height >= this.#rows.length
    if (name === '/') this.#typed = ''
    else if (name === 'n') this.#search(this.#found + 1, this.#words)
    else this.#go(this.#moves.get(name)?.() ?? this.#top)
    return escaped || (name === 'enter' && atEnd) || name.toLowerCase() === 'q'
  }

  readonly #moves = new Map([
    ['up', () => this.#top - 1],
    ['down', () => this.#top + 1],
    ['pageup', () => this.#top - this.#height + 1],
    ['pagedown', () => this.#top + this.#height - 1],
    [' ', () => this.#top + this.#height - 1],
    ['enter', () => this.#top + this.#height - 1],
    ['home', () => 0],
    ['end', () => this.#rows.length],
  ])

  /** Goes to the first match from a row on, round to the top. */
  #search(from: number, words: string): void {
    this.#typed = undefined
    this.#words = words
    const hits = this.#rows.flatMap((row, i) => (marked(row, words) === row ? [] : [i]))
    this.#found = hits.find(row => row >= from) ?? hits[0] ?? -1
    if (this.#found >= 0) this.#go(this.#found - 2)
    else if (words !== '') this.#notice = `"${words}" isn't here. / searches again, Esc goes back.`
  }
}

/** The row with every match in reverse, for which its other colours give way. */
function marked(row: string, words: string): string {
  if (words === '') return row
  const text = stripVTControlCharacters(row)
  const pattern = new RegExp(words.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'giu')
  return pattern.test(text) ? text.replace(pattern, match => `\u001b[7m${match}\u001b[27m`) : row
}

/** Markdown as text for a terminal so many columns wide. The renderer is heavy: it is loaded when first used. */
export async function renderMarkdown(markdown: string, columns = 80): Promise<string> {
  const [{ Marked }, { markedTerminal }, { wrapAnsi }] = await Promise.all([
    import('marked'),
    import('marked-terminal'),
    import('fast-wrap-ansi'),
  ])
  const table: { colWidths?: number[]; wordWrap?: boolean } = {}
  const drawn = markedTerminal({
    showSectionPrefix: false,
    // What people type between colons, such as a time, is no smiley.
    emoji: false,
    tab: INDENT,
    tableOptions: table,
  }) as unknown as Drawn
  // People's lines stay lines: a page they pasted is rarely meant as one paragraph.
  const marked = new Marked({ breaks: true })
  // Its types still describe an older marked.
  marked.use(drawn as unknown as MarkedExtension)
  const wrapped = (text: string, width: number) => wrapAnsi(text, Math.max(MIN, width), { hard: true })
  marked.use({ renderer: fitting(drawn, table, wrapped, Math.min(columns, 100) - 2) })
  const text = marked.parse(markdown) as string
  // It draws with a chalk of its own, which does not know NO_COLOR.
  return hasColor() ? text : stripVTControlCharacters(text)
}

const INDENT = 2
/** In less room nothing can be read. */
const MIN = 8

/** What marked-terminal makes of each token. */
interface Drawn {
  renderer: Record<string, (this: unknown, token: unknown) => string>
}

/**
 * Draws as marked-terminal does, in the width that there is: by itself it breaks nothing in lists and tables, and where
 * it breaks, it loses the indent. It also prints the text of tight list items raw, with its asterisks.
 */
function fitting(
  { renderer }: Drawn,
  table: { colWidths?: number[]; wordWrap?: boolean },
  wrapped: (text: string, width: number) => string,
  width: number,
): RendererObject {
  const room = new Room(width)
  const draw = (name: string, self: unknown, token: unknown) => renderer[name]?.call(self, token) ?? ''
  const block = (name: string) =>
    function (this: unknown, token: unknown) {
      return `${wrapped(draw(name, this, token).trimEnd(), room.width)}\n\n`
    }
  return {
    paragraph: block('paragraph'),
    heading: block('heading'),
    hr: () => `${'-'.repeat(room.width)}\n\n`,
    blockquote(token) {
      return room.narrower(INDENT, () => draw('blockquote', this, token))
    },
    // A block of text in a tight list has tokens, a text within a line has none.
    text(token: Tokens.Text | Tokens.Escape) {
      if (!('tokens' in token && token.tokens)) return token.text
      return `${wrapped(draw('paragraph', this, token).trimEnd(), room.width)}\n`
    },
    list(token) {
      return listRows(token, room, tokens => this.parser.parse(tokens))
    },
    // The list item draws its box itself.
    checkbox: () => '',
    table(token) {
      const cells = [token.header, ...token.rows].map(row =>
        row.map(cell => this.parser.parseInline(cell.tokens)),
      )
      const colWidths = cells.length > MOST_ROWS ? undefined : shares(cells, room.width)
      if (colWidths === undefined) return inLines(cells, text => wrapped(text, room.width))
      Object.assign(table, { colWidths, wordWrap: colWidths.length > 0 })
      return draw('table', this, token)
    },
  }
}

/** The width that there is, which is less within what is indented. */
class Room {
  width: number

  constructor(width: number) {
    this.width = width
  }

  narrower(by: number, draw: () => string): string {
    this.width -= by
    try {
      return draw()
    } finally {
      this.width += by
    }
  }
}

/** Numbers stay as people gave them. */
function listRows({ items, ordered }: Tokens.List, room: Room, draw: (tokens: Token[]) => string): string {
  const lines = items.map(({ raw, task, checked, tokens }) => {
    const point = ordered ? `${Number.parseInt(raw, 10)}. ` : '* '
    const mark = point + (task ? (checked ? '[X] ' : '[ ] ') : '')
    const text = room.narrower(INDENT + mark.length, () => draw(tokens))
    return mark + indented(text.trim(), mark.length)
  })
  return `${' '.repeat(INDENT)}${indented(lines.join('\n'), INDENT)}\n\n`
}

/** The library that draws tables overflows the stack with some hundred thousand cells. */
const MOST_ROWS = 10_000

const indented = (text: string, by: number) => text.replace(/\n(?=.)/g, `\n${' '.repeat(by)}`)

/** Lines and spaces around the text of a cell. */
const FRAME = 3

/**
 * How wide each column has to be where they do not fit by themselves: what is short keeps its width. Undefined if a
 * word would have to be cut.
 */
function shares(cells: string[][], room: number): number[] | undefined {
  const columns = (cells[0] ?? []).map((_, i) => cells.map(row => stripVTControlCharacters(row[i] ?? '')))
  const natural = columns.map(column => column.reduce((most, cell) => Math.max(most, cell.length), 0))
  const most = room - columns.length * FRAME - 1
  if (natural.reduce((sum, width) => sum + width, 0) <= most) return []
  let left = most
  const widths: number[] = []
  const byWidth = natural.map((width, i) => ({ width, i })).sort((a, b) => a.width - b.width)
  for (const [done, { width, i }] of byWidth.entries()) {
    const share = Math.min(width, Math.floor(left / (byWidth.length - done)))
    widths[i] = share
    left -= share
  }
  const isCut = columns.some((column, i) =>
    column.some(cell => cell.split(/\s+/).some(word => word.length > (widths[i] ?? 0))),
  )
  return isCut ? undefined : widths.map(width => width + FRAME - 1)
}

/** A table for which there is no room: each row as lines of its own, each cell behind the head of its column. */
function inLines([header = [], ...rows]: string[][], wrapped: (text: string) => string): string {
  const lines = rows.map(row => row.map((cell, i) => wrapped(`${header[i] ?? ''}: ${cell}`)).join('\n'))
  return `${(lines.length > 0 ? lines : [wrapped(header.join(' · '))]).join('\n\n')}\n\n`
}
