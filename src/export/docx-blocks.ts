import {
  AlignmentType,
  BorderStyle,
  ConcreteHyperlink,
  HeadingLevel,
  type INumberingOptions,
  type IParagraphStyleOptions,
  type IStylesOptions,
  LevelFormat,
  LineRuleType,
  Paragraph,
  type ParagraphChild,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  WidthType,
} from 'docx'
import { type Block, type Inline, type ListItem, wordsOf } from './document.ts'
import { legal } from './markdown-parser.ts'

type Numbering = INumberingOptions['config'][number]
interface Shape {
  bold?: boolean
  italics?: boolean
  strike?: boolean
  style?: string
  /** Where it is another than the document's. */
  language?: string | undefined
}
export type Parts = (Paragraph | Table)[]

/** How blocks stand on the page. Lengths in twentieths of a point. */
export interface Place {
  style?: string
  /** How deep in lists and quotes. */
  depth?: number
  /** Of the room between the margins. */
  width?: number
  /** Stays on the page of what follows. */
  keepNext?: boolean
  language?: string | undefined
}

const STEP = 360
const DEEPEST_LIST = 8

/** Turns blocks into paragraphs and tables, and keeps what a Word file wants elsewhere: links and numberings. */
export class BlockWriter {
  readonly #links = new Map<string, string>()
  readonly #numberings: Numbering[] = [BULLETS]
  /** Between the margins. */
  readonly width: number

  constructor(width: number) {
    this.width = width
  }

  /** The address by the id that the text refers to it with. */
  links(): [string, string][] {
    return [...this.#links].map(([href, id]) => [id, href])
  }

  numberings(): Numbering[] {
    return this.#numberings
  }

  blocks(blocks: readonly Block[], place: Place = {}): Parts {
    return blocks.flatMap(block => this.#block(block, place))
  }

  runs(inlines: readonly Inline[], shape: Shape = {}): ParagraphChild[] {
    return inlines.flatMap((inline): ParagraphChild[] => {
      switch (inline.kind) {
        case 'text':
          return [run(inline.text, shape)]
        case 'code':
          return [run(inline.text, { ...shape, style: 'CodeCharacters' })]
        case 'break':
          return [new TextRun({ break: 1 })]
        case 'link':
          return [this.#link(inline.href, this.runs(inline.inlines, { ...shape, style: 'Hyperlink' }))]
        default:
          return this.runs(inline.inlines, { ...shape, [SHAPE[inline.kind]]: true })
      }
    })
  }

  /** The library's own links have random ids. */
  #link(href: string, children: ParagraphChild[]): ParagraphChild {
    const id = this.#links.get(href) ?? `Link${this.#links.size + 1}`
    this.#links.set(href, id)
    return new ConcreteHyperlink(children, id)
  }

  #block(block: Block, place: Place): Parts {
    const { depth = 0 } = place
    switch (block.kind) {
      case 'paragraph':
        return [this.#paragraph(block.inlines, place)]
      case 'heading':
        return [heading(block.level, this.runs(block.inlines, { language: place.language }))]
      case 'list': {
        const reference = block.start === undefined ? BULLETS.reference : this.#numberingFrom(block.start)
        return block.items.flatMap(item => this.#item(item, reference, place))
      }
      case 'quote':
        return this.blocks(block.blocks, { ...place, style: 'Quotation', depth: depth + 1 })
      case 'code':
        return [new Paragraph({ style: 'CodeBlock', ...indented(depth), children: codeRuns(block.text) })]
      case 'table':
        return [this.#table(block, place), new Paragraph({ style: 'Gap' })]
      case 'rule':
        return [new Paragraph({ style: 'Rule' })]
      case 'comment':
        return []
    }
  }

  #paragraph(
    inlines: readonly Inline[],
    { style = 'Normal', depth = 0, keepNext = false, language }: Place,
  ): Paragraph {
    return new Paragraph({
      style,
      keepNext,
      ...indented(depth),
      ...direction(inlines),
      children: this.runs(inlines, { language }),
    })
  }

  #item({ done, blocks }: ListItem, reference: string, place: Place): Parts {
    const { depth = 0, style = 'ListParagraph', language } = place
    const [first, ...rest] = blocks
    const bare = first?.kind === 'paragraph'
    const task = done === undefined ? [] : [run(done ? '☑ ' : '☐ ')]
    const head = new Paragraph({
      style,
      numbering: { reference, level: Math.min(depth, DEEPEST_LIST) },
      ...(bare && direction(first.inlines)),
      children: [...task, ...(bare ? this.runs(first.inlines, { language }) : [])],
    })
    return [head, ...this.blocks(bare ? rest : blocks, { ...place, depth: depth + 1 })]
  }

  #numberingFrom(start: number): string {
    const reference = `numbers-${this.#numberings.length}`
    this.#numberings.push({
      reference,
      levels: levels(LevelFormat.DECIMAL, level => `%${level + 1}.`, start),
    })
    return reference
  }

  #table({ header, rows }: TableBlock, { width = this.width, depth = 0 }: Place): Table {
    const columns = columnWidths([header, ...rows], width - STEP * depth)
    const row = (cells: Inline[][], style: string) =>
      columns.map(
        (size, i) =>
          new TableCell({
            width: { size, type: WidthType.DXA },
            margins: CELL,
            children: [this.#paragraph(cells[i] ?? [], { style })],
          }),
      )
    return wordTable(columns, [
      new TableRow({ tableHeader: true, cantSplit: true, children: row(header, 'TableHead') }),
      ...rows.map(cells => new TableRow({ children: row(cells, 'TableText') })),
    ])
  }
}

type TableBlock = Extract<Block, { kind: 'table' }>

const SHAPE = { strong: 'bold', emphasis: 'italics', strike: 'strike' } as const
export const CELL = { top: 60, bottom: 60, left: 110, right: 110 }

export function wordTable(columns: number[], rows: TableRow[], sides = true): Table {
  const line = { style: BorderStyle.SINGLE, size: 4, color: 'BFB8A8' }
  const side = sides ? line : { style: BorderStyle.NONE, size: 0, color: 'auto' }
  return new Table({
    layout: TableLayoutType.FIXED,
    width: { size: columns.reduce((sum, size) => sum + size, 0), type: WidthType.DXA },
    columnWidths: columns,
    borders: {
      top: line,
      bottom: line,
      left: side,
      right: side,
      insideHorizontal: line,
      insideVertical: line,
    },
    rows,
  })
}

/** The width shared out by how much the cells of each column have to say. */
function columnWidths(rows: Inline[][][], width: number): number[] {
  const weights = (rows[0] ?? []).map((_, column) =>
    Math.min(60, Math.max(12, ...rows.map(row => wordsOf(row[column] ?? []).length))),
  )
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map(weight => Math.floor((width * weight) / sum))
}

export const run = (text: string, { language, ...shape }: Shape = {}) =>
  new TextRun({
    text: legal(text),
    ...shape,
    ...(language !== undefined && { language: { value: language } }),
  })

const HEADINGS = [
  HeadingLevel.TITLE,
  HeadingLevel.HEADING_1,
  HeadingLevel.HEADING_2,
  HeadingLevel.HEADING_3,
  HeadingLevel.HEADING_4,
  HeadingLevel.HEADING_5,
]

/** The title has a style of its own, so that level 2 is the first that Word numbers. */
export function heading(level: number, children: ParagraphChild[]): Paragraph {
  return new Paragraph({ heading: HEADINGS[level - 1] ?? HeadingLevel.HEADING_5, children })
}

const indented = (depth: number) => (depth > 0 ? { indent: { left: STEP * depth } } : {})

const codeRuns = (text: string) =>
  text.split('\n').map((line, i) => new TextRun({ text: legal(line), ...(i > 0 && { break: 1 }) }))

/** A paragraph that begins in a script written from right to left runs that way. */
function direction(inlines: readonly Inline[]): { bidirectional?: true } {
  return /^[^\p{L}]*[\p{Script=Hebrew}\p{Script=Arabic}]/u.test(wordsOf(inlines))
    ? { bidirectional: true }
    : {}
}

function levels(
  format: Numbering['levels'][number]['format'] & string,
  text: (level: number) => string,
  start = 1,
): Numbering['levels'] {
  return Array.from({ length: DEEPEST_LIST + 1 }, (_, level) => ({
    level,
    start: level === 0 ? start : 1,
    format,
    text: text(level),
    alignment: AlignmentType.START,
    style: { paragraph: { indent: { left: STEP * (level + 1), hanging: STEP } } },
  }))
}

const BULLETS: Numbering = {
  reference: 'bullets',
  levels: levels(LevelFormat.BULLET, level => '•◦▪'[level % 3] ?? '•'),
}

/* The look of a Word file. Type sizes in half points, distances in twentieths of a point. */

const FONT = 'Calibri'
const MONOSPACED = 'Consolas'
const INK = '1D2733'
const ACCENT = '1F4E79'
const SOFT = '51606F'
const rule = { style: BorderStyle.SINGLE, size: 6, color: 'BFB8A8', space: 1 }

export function styles(language: string, brief: boolean): IStylesOptions {
  const size = brief ? 19 : 22
  return {
    default: {
      document: {
        run: { font: FONT, size, language: { value: language } },
        paragraph: {
          spacing: { after: brief ? 60 : 120, line: brief ? 245 : 264, lineRule: LineRuleType.AUTO },
        },
      },
      title: {
        run: { font: FONT, size: brief ? 34 : 44, bold: true, color: INK },
        paragraph: { spacing: { after: 60, line: 240, lineRule: LineRuleType.AUTO } },
      },
      ...headings(brief),
      listParagraph: { paragraph: { spacing: { after: brief ? 30 : 60 } } },
      hyperlink: { run: { color: '1A5490', underline: {} } },
    },
    characterStyles: [
      { id: 'Label', name: 'Label', run: { size: size - 3, color: ACCENT, bold: true } },
      { id: 'Question', name: 'Question', run: { color: INK } },
      { id: 'CodeCharacters', name: 'Code Characters', run: { font: MONOSPACED, size: size - 2 } },
    ],
    paragraphStyles: paragraphStyles(size, brief).map(style => ({ basedOn: 'Normal', ...style })),
  }
}

function headings(brief: boolean) {
  const headline = (outlineLevel: number, size: number, before: number, color: string) => ({
    run: { font: FONT, size: brief ? size - 4 : size, bold: true, color },
    paragraph: {
      outlineLevel,
      spacing: { before: brief ? before / 2 : before, after: brief ? 40 : 80 },
      keepNext: true,
      keepLines: true,
    },
  })
  return {
    heading1: headline(0, 32, 400, ACCENT),
    heading2: headline(1, 26, 300, ACCENT),
    heading3: headline(2, 23, 240, INK),
    heading4: headline(3, 22, 200, INK),
    heading5: headline(4, 21, 160, SOFT),
  }
}

function paragraphStyles(size: number, brief: boolean): IParagraphStyleOptions[] {
  return [
    {
      id: 'Facts',
      name: 'Facts',
      run: { color: SOFT },
      paragraph: {
        spacing: { after: brief ? 120 : 280 },
        border: { bottom: { ...rule, color: ACCENT, size: 12, space: 6 } },
      },
    },
    {
      id: 'Who',
      name: 'Who',
      run: { bold: true },
      paragraph: { keepNext: true, spacing: { before: 120, after: 40 } },
    },
    { id: 'Silence', name: 'Silence', run: { italics: true, color: SOFT } },
    { id: 'Quotation', name: 'Quotation', paragraph: { border: { left: { ...rule, space: 8 } } } },
    { id: 'CodeBlock', name: 'Code Block', run: { font: MONOSPACED, size: size - 3 } },
    {
      id: 'TableHead',
      name: 'Table Head',
      run: { bold: true, color: ACCENT },
      paragraph: { keepNext: true, spacing: { after: 0 } },
    },
    { id: 'TableText', name: 'Table Text', paragraph: { spacing: { after: 0 } } },
    ...LINES,
    {
      id: 'Source',
      name: 'Source',
      run: { size: size - 3, color: SOFT },
      paragraph: { border: { top: { ...rule, space: 6 } }, spacing: { before: brief ? 160 : 480 } },
    },
    { id: 'Footer', name: 'footer', run: { size: size - 3, color: SOFT } },
  ]
}

const writing = { ...rule, color: '808080' }

/** Paragraphs without words. */
const LINES: IParagraphStyleOptions[] = [
  { id: 'Gap', name: 'Gap', run: { size: 8 }, paragraph: { spacing: { after: 0, line: 120 } } },
  { id: 'Rule', name: 'Rule', paragraph: { border: { bottom: rule }, spacing: { after: 160 } } },
  {
    id: 'WritingLine',
    name: 'Writing Line',
    paragraph: { border: { bottom: writing, between: writing }, spacing: { after: 0, line: 480 } },
  },
]
