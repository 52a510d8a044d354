import { stripVTControlCharacters } from 'node:util'
import type { MarkedExtension, RendererObject, Token, Tokens } from 'marked'
import { hasColor } from './layout.ts'

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
  let room = width
  const narrower = (by: number, draw: () => string) => {
    room -= by
    try {
      return draw()
    } finally {
      room += by
    }
  }
  const draw = (name: string, self: unknown, token: unknown) => renderer[name]?.call(self, token) ?? ''
  const block = (name: string) =>
    function (this: unknown, token: unknown) {
      return `${wrapped(draw(name, this, token).trimEnd(), room)}\n\n`
    }
  return {
    paragraph: block('paragraph'),
    heading: block('heading'),
    hr: () => `${'-'.repeat(room)}\n\n`,
    blockquote(token) {
      return narrower(INDENT, () => draw('blockquote', this, token))
    },
    // A block of text in a tight list has tokens, a text within a line has none.
    text(token: Tokens.Text | Tokens.Escape) {
      if (!('tokens' in token && token.tokens)) return token.text
      return `${wrapped(draw('paragraph', this, token).trimEnd(), room)}\n`
    },
    list({ items, ordered, start }) {
      const lines = items.map((item, i) => {
        const point = ordered ? `${Number(start || 1) + i}. ` : '* '
        const mark = point + (item.task ? (item.checked ? '[X] ' : '[ ] ') : '')
        const text = narrower(INDENT + mark.length, () => this.parser.parse(item.tokens as Token[]))
        return mark + indented(text.trim(), mark.length)
      })
      return `${' '.repeat(INDENT)}${indented(lines.join('\n'), INDENT)}\n\n`
    },
    // The list item draws its box itself.
    checkbox: () => '',
    table(token) {
      const cells = [token.header, ...token.rows].map(row =>
        row.map(cell => this.parser.parseInline(cell.tokens)),
      )
      const colWidths = shares(
        cells.map(row => row.map(cell => stripVTControlCharacters(cell))),
        room,
      )
      if (colWidths === undefined || cells.length > MOST_ROWS)
        return inLines(cells, text => wrapped(text, room))
      Object.assign(table, { colWidths, wordWrap: colWidths.length > 0 })
      return draw('table', this, token)
    },
  }
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
  const columns = (cells[0] ?? []).map((_, i) => cells.map(row => row[i] ?? ''))
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
