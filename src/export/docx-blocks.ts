import { type Block, escaped, type Inline, type ListItem, wordsOf } from './blocks.ts'
import { type Item, type Pair, type QuestionItem, type Response, type Title, titlesOf } from './document.ts'

/* Blocks as WordprocessingML. Lengths in twentieths of a point ("twips"), type sizes in half points. */

/** How blocks stand on the page. */
interface Place {
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

export const ACCENT = '1F4E79'
const TINT = 'EEF3F8'
export const STEP = 360
/** Indent of answers, which leaves room for their bar. */
const ANSWER = 200
export const DEEPEST_LIST = 8

export const tag = (name: string, value: string | number) => `<w:${name} w:val="${value}"/>`

/** Turns items into paragraphs and tables, and keeps what a Word file wants elsewhere: links, numberings and boxes. */
export class ItemWriter {
  /** The id that the text refers to an address with. */
  readonly links = new Map<string, string>()
  /** Level and first number of each run of numbers that does not continue the one before. */
  readonly starts: { level: number; start: number }[] = []
  /** Between the margins. */
  readonly width: number
  /** The boxes to write in: the question's id by its anchor. */
  readonly rooms = new Map<string, string>()
  #marks = 0

  constructor(width: number) {
    this.width = width
  }

  /** One item ahead is known: a sentence that leads to a question does not stay behind on the page before it. */
  items(items: Iterable<Item>): string[] {
    const all = [...items]
    return all.flatMap((item, i) => this.#item(item, all[i + 1]))
  }

  #item(item: Item, next: Item | undefined): string[] {
    switch (item.kind) {
      case 'heading':
        return [heading(item.level, run(item.text, { language: item.language }), item)]
      case 'text': {
        const toQuestion = next?.kind === 'question' || next?.kind === 'pairs'
        const keepNext = item.leads || (item.blocks.length === 1 && toQuestion)
        return this.blocks(item.blocks, { language: item.language, keepNext, width: this.width })
      }
      case 'question':
        return [this.#title(item), ...this.#said(item, this.width), ...this.#room(item)]
      case 'pairs':
        return [this.#pairs(item), GAP]
    }
  }

  /** The label stands in the heading, above the words: so the list of headings tells like questions apart. */
  #title({ level, label, text, language, anchor }: Title): string {
    const [part = '', ...ours] = label?.split(/(?= · )/) ?? []
    const place = label
      ? `${run(part, { style: 'Label' })}${run(ours.join(''), { style: 'Label', language })}<w:r><w:br/></w:r>`
      : ''
    return heading(level, this.#marked('q', anchor, place + run(text, { style: 'Question' })))
  }

  /** Between the ends of a bookmark, by which a reader knows the place again. */
  #marked(kind: 'q' | 'in', anchor: string | undefined, runs: string): string {
    if (anchor === undefined) return runs
    const id = ++this.#marks
    return `<w:bookmarkStart w:id="${id}" w:name="${kind}_${anchor}"/>${runs}<w:bookmarkEnd w:id="${id}"/>`
  }

  #said({ said, language, level }: QuestionItem, width: number): string[] {
    return [...said].flatMap(({ who, state, blocks }: Response) => [
      ...(who === undefined ? [] : [para({ style: 'Who' }, run(who))]),
      ...(state === 'answered'
        ? this.blocks(blocks(level), { answer: true, width })
        : this.blocks(blocks(level), { style: 'Silence', language, width })),
    ])
  }

  /** Word processors keep the bookmark or the style of the box; see `import/docx.ts`. */
  #room({ room, anchor = '', id }: QuestionItem): string[] {
    if (room === undefined) return []
    this.rooms.set(anchor, id)
    const box = cell(this.width, [para({ style: `Answer_${anchor}` }, this.#marked('in', anchor, ''))])
    return [grid([this.width], [rowOf([box], { height: room * 20 })]), GAP]
  }

  #pairs({ rows, heads, language }: Extract<Item, { kind: 'pairs' }>): string {
    const half = Math.floor(this.width / 2)
    const head = (text: string) =>
      cell(half, [para({ style: 'ColumnHead' }, run(text, { language }))], ACCENT)
    const rowsOf = (pair: Pair): string[] => {
      const all = titlesOf(pair)
      const columns = 3 - all.length
      const titles = all.map(asked => cell(columns * half, asked ? [this.#title(asked)] : [], TINT, columns))
      const answers = pair.map(asked => {
        const [first = '', ...rest] = asked ? this.#said(asked, half - 250) : []
        const begin = `</w:pPr>${this.#marked('in', asked?.anchor, '')}`
        return cell(half, asked ? [notKept(first).replace('</w:pPr>', begin), ...rest] : [])
      })
      return [rowOf(titles, { whole: true }), rowOf(answers, { whole: pair.every(isShort) })]
    }
    return grid([half, half], [rowOf(heads.map(head), { head: true }), ...rows.flatMap(rowsOf)])
  }

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
    const bar = answer ? depth : undefined
    switch (block.kind) {
      case 'paragraph':
        return [this.#paragraph(block.inlines, place)]
      case 'heading':
        return [heading(block.level, this.runs(block.inlines, { language }), { bar })]
      case 'list':
        return this.#list(block.items, place)
      case 'quote':
        return this.blocks(block.blocks, { ...place, style: 'Quotation', depth: depth + 1 })
      case 'code': {
        const code = run(block.text.replaceAll('\t', '    '))
        return [para({ style: 'CodeBlock', bar, left: indent(depth, answer) }, code)]
      }
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
    return para({ style: shown, keepNext, left: indent(depth, answer) }, this.runs(inlines, { language }))
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
      const isTask = done !== undefined
      const box = isTask ? `${run(done ? '☑' : '☐')}<w:r><w:tab/></w:r>` : ''
      const head = para(
        {
          style: place.style ?? (answer ? 'AnswerList' : 'ListParagraph'),
          ...(!isTask && { numbering: tag('ilvl', level) + tag('numId', numbering) }),
          ...{ bar: barOf(place), left: indent(depth + 1, answer), hanging: STEP },
        },
        box + this.runs(inlines, { language: place.language }),
      )
      return [head, ...this.blocks(first?.kind === 'paragraph' ? rest : blocks, inner)]
    })
  }

  #table({ header, rows }: Extract<Block, { kind: 'table' }>, { width, depth = 0, answer }: Place): string {
    const columns = columnWidths([header, ...rows], width - indent(depth, answer))
    const cells = (row: Inline[][], style: string) =>
      columns.map((size, i) => cell(size, [this.#paragraph(row[i] ?? [], { style, width: size })]))
    const head = rowOf(cells(header, 'TableHead'), { head: true })
    return grid(columns, [head, ...rows.map(row => rowOf(cells(row, 'TableText')))])
  }
}

const SHAPE = { strong: 'bold', emphasis: 'italics', strike: 'strike' } as const
const barOf = ({ answer, style, depth = 0 }: Place) => (answer && !style && depth > 0 ? depth : undefined)
const indent = (depth: number, answer: boolean | undefined) => STEP * depth + (answer ? ANSWER : 0)

/** In eighths of a point. */
export const edge = (side: 'left' | 'top' | 'bottom', width: number, color: string, space = 6) =>
  `<w:pBdr><w:${side} w:val="single" w:sz="${width}" w:space="${space}" w:color="${color}"/></w:pBdr>`
/** The bar of answers stays where it is beside what is indented so deep, as far as Word lets it. */
export const barAt = (depth: number) => edge('left', 18, ACCENT, Math.min(6 + (STEP / 20) * depth, 31))

/** Number of the numbering of bullets; runs of numbers have the next ones. */
export const BULLETS = 1

/** Word wants a paragraph between two tables, and at the end of a cell. */
const GAP = '<w:p><w:pPr><w:pStyle w:val="Gap"/></w:pPr></w:p>'

interface Paragraph {
  style: string
  keepNext?: boolean | undefined
  newPage?: boolean | undefined
  numbering?: string
  /** That of answers, where the style has none or is indented: how deep. */
  bar?: number | undefined
  left?: number
  hanging?: number
}

export function para(about: Paragraph, runs: string): string {
  const { style, keepNext, newPage, numbering, bar, left = 0, hanging = 0 } = about
  const properties = [
    tag('pStyle', style),
    keepNext ? '<w:keepNext/>' : '',
    newPage ? '<w:pageBreakBefore/>' : '',
    numbering ? `<w:numPr>${numbering}</w:numPr>` : '',
    bar === undefined ? '' : barAt(bar),
    isRightToLeft(runs) ? '<w:bidi/>' : '',
    left > 0 ? `<w:ind w:left="${left}"${hanging > 0 ? ` w:hanging="${hanging}"` : ''}/>` : '',
  ]
  return `<w:p><w:pPr>${properties.join('')}</w:pPr>${runs}</w:p>`
}

/** The title has a style of its own, so that level 2 is the first that Word numbers. */
function heading(level: number, runs: string, { bar, newPage }: Partial<Paragraph> = {}): string {
  const style = `Heading${Math.max(1, level - 1)}`
  return para({ style, bar, newPage, left: indent(0, bar !== undefined) }, runs)
}

const RTL = '\\p{Script=Hebrew}\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Thaana}\\p{Script=Nko}'
const RIGHT_TO_LEFT = new RegExp(`([${RTL}]+(?:[^\\p{L}\\p{N}]+[${RTL}]+)*)`, 'u')
const BEGINS_RIGHT = new RegExp(`^[^\\p{L}]*[${RTL}]`, 'u')
/** Whether the words in what was written begin so. */
const isRightToLeft = (written: string) => BEGINS_RIGHT.test(written.replace(/<[^>]*>|&\w+;/g, ''))

/** Words written from right to left are marked, or Word sets the signs around them wrong. */
export const run = (text: string, shape: Shape = {}) =>
  text
    .split(RIGHT_TO_LEFT)
    .map((part, i) => (part === '' ? '' : oneRun(part, shape, i % 2 === 1)))
    .join('')

function oneRun(text: string, { bold, italics, strike, style, language }: Shape, rtl: boolean): string {
  const properties = [
    style ? tag('rStyle', style) : '',
    bold ? '<w:b/><w:bCs/>' : '',
    italics ? '<w:i/><w:iCs/>' : '',
    strike ? '<w:strike/>' : '',
    rtl ? '<w:rtl/>' : '',
    language ? tag('lang', language) : '',
  ].join('')
  const words = escaped(text)
    .replaceAll('\t', '</w:t><w:tab/><w:t xml:space="preserve">')
    .replaceAll('\n', '</w:t><w:br/><w:t xml:space="preserve">')
  return `<w:r>${properties && `<w:rPr>${properties}</w:rPr>`}<w:t xml:space="preserve">${words}</w:t></w:r>`
}

function cell(width: number, content: readonly string[], shade = '', columns = 1): string {
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

function rowOf(cells: readonly string[], { head, whole = head, height }: Row = {}): string {
  const properties = [
    whole ? '<w:cantSplit/>' : '',
    height ? `<w:trHeight w:val="${height}" w:hRule="atLeast"/>` : '',
    head ? '<w:tblHeader/>' : '',
  ].join('')
  return `<w:tr>${properties && `<w:trPr>${properties}</w:trPr>`}${cells.join('')}</w:tr>`
}

function grid(columns: readonly number[], rows: readonly string[]): string {
  const width = columns.reduce((sum, size) => sum + size, 0)
  return `<w:tbl><w:tblPr>${tag('tblStyle', 'Grid')}${isRightToLeft(rows[0] ?? '') ? '<w:bidiVisual/>' : ''}<w:tblW w:w="${width}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>${columns.map(size => `<w:gridCol w:w="${size}"/>`).join('')}</w:tblGrid>${rows.join('')}</w:tbl>`
}

/** The width shared out by how much the cells of each column have to say. */
function columnWidths(rows: Inline[][][], width: number): number[] {
  const weights = (rows[0] ?? []).map((_, column) =>
    rows.reduce((most, row) => Math.min(66, Math.max(most, 6 + wordsOf(row[column] ?? []).length)), 14),
  )
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map(weight => Math.floor((width * weight) / sum))
}

/** LibreOffice keeps a row with the next one if the first paragraph is kept with what follows: all rows, in the end. */
const notKept = (paragraph: string) =>
  paragraph.replace(/^(<w:p><w:pPr><w:pStyle [^>]*>)(?:<w:keepNext\/>)?/, '$1<w:keepNext w:val="0"/>')

/** A row of short answers stays on one page; a long one may go on overleaf. */
const isShort = ({ said }: Pick<QuestionItem, 'said'> = { said: [] }) =>
  [...said]
    .flatMap(({ who, text }) => [...(who === undefined ? [] : [who]), ...text.split('\n')])
    .reduce((sum, line) => sum + Math.max(60, line.length), 0) < 600
