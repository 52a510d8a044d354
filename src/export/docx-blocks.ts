import { type Block, type Inline, type ListItem, legal, wordsOf } from './blocks.ts'

/* Blocks as WordprocessingML. Lengths in twentieths of a point ("twips"), type sizes in half points. */

/** How blocks stand on the page. */
export interface Place {
  /** Paragraph style; inside an answer every style is one that shows the bar of answers. */
  style?: string
  answer?: boolean
  /** How deep in lists and quotes. */
  depth?: number
  /** Of the room between the margins. */
  width: number
  keepNext?: boolean
  language?: string | undefined
}

interface Shape {
  bold?: boolean
  italics?: boolean
  strike?: boolean
  style?: string
  language?: string | undefined
}

const STEP = 360
/** Indent of answers, which leaves room for their bar. */
const ANSWER = 200
const DEEPEST_LIST = 8

export const xml = (text: string) => legal(text).replace(/[&<>"]/g, one => `&#${one.charCodeAt(0)};`)
const tag = (name: string, value: string | number) => `<w:${name} w:val="${value}"/>`

/** Turns blocks into paragraphs and tables, and keeps what a Word file wants elsewhere: links and numberings. */
export class BlockWriter {
  /** The id that the text refers to an address with. */
  readonly links = new Map<string, string>()
  /** Level and first number of each run of numbers that does not continue the one before. */
  readonly starts: { level: number; start: number }[] = []

  blocks(blocks: readonly Block[], place: Place): string[] {
    return blocks.flatMap(block => this.#block(block, place))
  }

  runs(inlines: readonly Inline[], shape: Shape = {}): string {
    return inlines
      .map(inline => {
        switch (inline.kind) {
          case 'text':
            return run(inline.text, shape)
          case 'code':
            return run(inline.text, { ...shape, style: 'CodeCharacters' })
          case 'break':
            return '<w:r><w:br/></w:r>'
          case 'link':
            return this.#link(inline.href, this.runs(inline.inlines, { ...shape, style: 'Hyperlink' }))
          default:
            return this.runs(inline.inlines, { ...shape, [SHAPE[inline.kind]]: true })
        }
      })
      .join('')
  }

  #link(href: string, runs: string): string {
    const id = this.links.get(href) ?? `link${this.links.size + 1}`
    this.links.set(href, id)
    return `<w:hyperlink r:id="${id}" w:history="1">${runs}</w:hyperlink>`
  }

  #block(block: Block, place: Place): string[] {
    const { depth = 0, answer = false, language } = place
    switch (block.kind) {
      case 'paragraph':
        return [this.#paragraph(block.inlines, place)]
      case 'heading':
        return [heading(block.level, this.runs(block.inlines, { language }), wordsOf(block.inlines))]
      case 'list':
        return this.#list(block.items, place)
      case 'quote':
        return this.blocks(block.blocks, { ...place, style: 'Quotation', depth: depth + 1 })
      case 'code':
        return [
          para({ style: 'CodeBlock', left: indent(depth, answer) }, run(block.text.replaceAll('\t', '    '))),
        ]
      case 'table':
        return [this.#table(block, place), GAP]
      case 'rule':
        return [para({ style: 'Rule' }, '')]
      case 'comment':
        return []
    }
  }

  #paragraph(inlines: readonly Inline[], place: Place): string {
    const { style, depth = 0, answer = false, keepNext, language } = place
    const shown = style ?? (answer ? 'Answer' : 'Normal')
    return para(
      {
        ...{ style: shown, keepNext, left: indent(depth, answer) },
        rtl: isRightToLeft(wordsOf(inlines)),
      },
      this.runs(inlines, { language }),
    )
  }

  #list(items: readonly ListItem[], place: Place): string[] {
    const { depth = 0, answer = false } = place
    const level = Math.min(depth, DEEPEST_LIST)
    let next: number | undefined
    let numbering = BULLETS
    return items.flatMap(({ number, done, blocks }) => {
      if (number !== undefined && number !== next)
        numbering = this.starts.push({ level, start: number }) + BULLETS
      next = number === undefined ? undefined : number + 1
      const [first, ...rest] = blocks
      const inlines = first?.kind === 'paragraph' ? first.inlines : []
      const inner: Place = { ...place, depth: depth + 1 }
      const style = place.style ?? (answer ? 'AnswerList' : 'ListParagraph')
      const rtl = isRightToLeft(wordsOf(inlines))
      const runs = this.runs(inlines, { language: place.language })
      const left = indent(depth + 1, answer)
      const head =
        done === undefined
          ? para(
              {
                ...{ style, rtl, left, hanging: STEP * (depth + 1) },
                numbering: `${tag('ilvl', level)}${tag('numId', numbering)}`,
              },
              runs,
            )
          : para({ style, rtl, left, hanging: STEP }, `${run(done ? '☑' : '☐')}<w:r><w:tab/></w:r>${runs}`)
      return [head, ...this.blocks(first?.kind === 'paragraph' ? rest : blocks, inner)]
    })
  }

  #table({ header, rows }: Extract<Block, { kind: 'table' }>, { width, depth = 0, answer }: Place): string {
    const columns = columnWidths([header, ...rows], width - indent(depth, answer))
    const cells = (row: Inline[][], style: string) =>
      columns.map((size, i) => cell(size, [this.#paragraph(row[i] ?? [], { style, width: size })]))
    return grid(
      columns,
      [rowOf(cells(header, 'TableHead'), { head: true }), ...rows.map(row => rowOf(cells(row, 'TableText')))],
      isRightToLeft(header.map(wordsOf).join(' ')),
    )
  }
}

const SHAPE = { strong: 'bold', emphasis: 'italics', strike: 'strike' } as const
const indent = (depth: number, answer?: boolean) => STEP * depth + (answer ? ANSWER : 0)

/** Number of the numbering of bullets; runs of numbers have the next ones. */
const BULLETS = 1

/** Word wants a paragraph between two tables, and at the end of a cell. */
export const GAP = '<w:p><w:pPr><w:pStyle w:val="Gap"/></w:pPr></w:p>'

interface Paragraph {
  style: string
  keepNext?: boolean | undefined
  newPage?: boolean | undefined
  numbering?: string
  rtl?: boolean
  left?: number
  hanging?: number
}

export function para(
  { style, keepNext, newPage, numbering, rtl, left = 0, hanging = 0 }: Paragraph,
  runs: string,
) {
  const properties = [
    tag('pStyle', style),
    keepNext ? '<w:keepNext/>' : '',
    newPage ? '<w:pageBreakBefore/>' : '',
    numbering ? `<w:numPr>${numbering}</w:numPr>` : '',
    rtl ? '<w:bidi/>' : '',
    left > 0 ? `<w:ind w:left="${left}"${hanging > 0 ? ` w:hanging="${hanging}"` : ''}/>` : '',
  ]
  return `<w:p><w:pPr>${properties.join('')}</w:pPr>${runs}</w:p>`
}

/** The title has a style of its own, so that level 2 is the first that Word numbers. */
export const heading = (level: number, runs: string, words: string, newPage = false) =>
  para({ style: `Heading${Math.max(1, level - 1)}`, newPage, rtl: isRightToLeft(words) }, runs)

const RTL = '\\p{Script=Hebrew}\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Thaana}\\p{Script=Nko}'
const RIGHT_TO_LEFT = new RegExp(`[${RTL}]+(?:[^\\p{L}\\p{N}]+[${RTL}]+)*`, 'gu')
const BEGINS_RIGHT = new RegExp(`^[^\\p{L}]*[${RTL}]`, 'u')
export const isRightToLeft = (words: string) => BEGINS_RIGHT.test(words)

/** Words written from right to left are marked, or Word sets the signs around them wrong. */
export function run(text: string, shape: Shape = {}): string {
  let end = 0
  const runs: string[] = []
  const piece = (from: number, to: number, rtl: boolean) => {
    if (to > from) runs.push(oneRun(text.slice(from, to), shape, rtl))
    end = to
  }
  for (const { 0: words, index } of text.matchAll(RIGHT_TO_LEFT)) {
    piece(end, index, false)
    piece(index, index + words.length, true)
  }
  piece(end, text.length, false)
  return runs.join('')
}

function oneRun(text: string, { bold, italics, strike, style, language }: Shape, rtl: boolean): string {
  const properties = [
    style ? tag('rStyle', style) : '',
    bold ? '<w:b/><w:bCs/>' : '',
    italics ? '<w:i/><w:iCs/>' : '',
    strike ? '<w:strike/>' : '',
    rtl ? '<w:rtl/>' : '',
    language ? tag('lang', language) : '',
  ].join('')
  const words = xml(text)
    .replaceAll('\t', '</w:t><w:tab/><w:t xml:space="preserve">')
    .replaceAll('\n', '</w:t><w:br/><w:t xml:space="preserve">')
  return `<w:r>${properties && `<w:rPr>${properties}</w:rPr>`}<w:t xml:space="preserve">${words}</w:t></w:r>`
}

export interface Cell {
  columns?: number
  shade?: string
}

export function cell(width: number, content: readonly string[], { columns = 1, shade }: Cell = {}): string {
  const span = columns > 1 ? tag('gridSpan', columns) : ''
  const fill = shade ? `<w:shd w:val="clear" w:color="auto" w:fill="${shade}"/>` : ''
  const end = content.at(-1)?.startsWith('<w:p>') ? '' : GAP
  return `<w:tc><w:tcPr><w:tcW w:w="${width}" w:type="dxa"/>${span}${fill}</w:tcPr>${content.join('')}${end}</w:tc>`
}

interface Row {
  /** Repeated at the top of each page. */
  head?: boolean
  /** Not broken over two pages. */
  whole?: boolean
  /** At least so high. */
  height?: number
}

export function rowOf(cells: readonly string[], { head, whole = head, height }: Row = {}): string {
  const properties = [
    whole ? '<w:cantSplit/>' : '',
    height ? `<w:trHeight w:val="${height}" w:hRule="atLeast"/>` : '',
    head ? '<w:tblHeader/>' : '',
  ].join('')
  return `<w:tr>${properties && `<w:trPr>${properties}</w:trPr>`}${cells.join('')}</w:tr>`
}

export function grid(
  columns: readonly number[],
  rows: readonly string[],
  rtl = false,
  style = 'Grid',
): string {
  const width = columns.reduce((sum, size) => sum + size, 0)
  return `<w:tbl><w:tblPr>${tag('tblStyle', style)}${rtl ? '<w:bidiVisual/>' : ''}<w:tblW w:w="${width}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>${columns.map(size => `<w:gridCol w:w="${size}"/>`).join('')}</w:tblGrid>${rows.join('')}</w:tbl>`
}

/** The width shared out by how much the cells of each column have to say. */
function columnWidths(rows: Inline[][][], width: number): number[] {
  const weights = (rows[0] ?? []).map((_, column) =>
    rows.reduce((most, row) => Math.min(66, Math.max(most, 6 + wordsOf(row[column] ?? []).length)), 14),
  )
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map(weight => Math.floor((width * weight) / sum))
}

/** The numberings of a file: bullets first, then each run of numbers. */
export function numberingXml(starts: readonly { level: number; start: number }[]): string {
  const abstract = (id: number, format: string, text: (level: number) => string) => {
    const levels = Array.from({ length: DEEPEST_LIST + 1 }, (_, level) => {
      // The hanging indent reaches to the bar of answers, which would else step in with each level.
      const left = STEP * (level + 1)
      return `<w:lvl w:ilvl="${level}">${tag('start', 1)}${tag('numFmt', format)}${tag('lvlText', '\u2002'.repeat(3 * level) + text(level))}${tag('lvlJc', 'start')}<w:pPr><w:ind w:left="${left}" w:hanging="${left}"/></w:pPr></w:lvl>`
    })
    return `<w:abstractNum w:abstractNumId="${id}">${tag('multiLevelType', 'hybridMultilevel')}${levels.join('')}</w:abstractNum>`
  }
  const nums = starts.map(
    ({ level, start }, i) =>
      `<w:num w:numId="${i + 1 + BULLETS}">${tag('abstractNumId', 1)}<w:lvlOverride w:ilvl="${level}">${tag('startOverride', start)}</w:lvlOverride></w:num>`,
  )
  return `${abstract(0, 'bullet', level => '•◦▪'[level % 3] ?? '•')}${abstract(1, 'decimal', level => `%${level + 1}.`)}<w:num w:numId="${BULLETS}">${tag('abstractNumId', 0)}</w:num>${nums.join('')}`
}
