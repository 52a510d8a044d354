import { crc32, deflateRawSync } from 'node:zlib'
import {
  type Document,
  differsFrom,
  type Item,
  type Pair,
  type QuestionItem,
  type Response,
} from './document.ts'
import {
  BlockWriter,
  cell,
  GAP,
  grid,
  heading,
  isRightToLeft,
  numberingXml,
  para,
  rowOf,
  run,
  xml,
} from './docx-blocks.ts'
import { ACCENT, stylesXml, TINT } from './docx-styles.ts'

const INCH = 1440
const LETTER = { short: 8.5 * INCH, long: 11 * INCH }
/** Of a page, in twips. */
const MARGINS = { brief: 0.6 * INCH, wide: 0.7 * INCH, dense: 0.55 * INCH, usual: INCH, room: 0.7 * INCH }
const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'

/** A Word file with real headings, lists, header rows, language and title. The same document gives the same bytes. */
export function docx(document: Document): Uint8Array {
  const { title, language, facts, items, source, shape, guide } = document
  const margin = MARGINS[shape ?? (guide ? 'room' : 'usual')]
  const [width, height] = shape === 'wide' ? [LETTER.long, LETTER.short] : [LETTER.short, LETTER.long]
  const write = new ItemWriter(width - 2 * margin)
  const body = [
    para({ style: 'Title', rtl: isRightToLeft(title) }, run(title)),
    ...(facts.length > 0 ? [para({ style: 'Facts' }, run(facts.join(' · ')))] : []),
    ...write.items(items),
    ...write.blocks(source, { style: 'Source', language: differsFrom(language), width: write.width }),
  ]
  const turned = shape === 'wide' ? ' w:orient="landscape"' : ''
  const page = `<w:sectPr><w:footerReference w:type="default" r:id="footer"/><w:pgSz w:w="${width}" w:h="${height}"${turned}/><w:pgMar w:top="${margin}" w:right="${margin}" w:bottom="${margin}" w:left="${margin}" w:header="500" w:footer="400" w:gutter="0"/></w:sectPr>`
  const parts: [string, string][] = [
    ['[Content_Types].xml', contentTypes(guide !== undefined)],
    ['_rels/.rels', relations(PARTS.filter(([name]) => name !== 'custom' || guide))],
    ['docProps/core.xml', coreProperties(title, language)],
    ...(guide ? [['docProps/custom.xml', customProperty('guide', guide)] as [string, string]] : []),
    [
      'word/document.xml',
      `<w:document ${W} xmlns:r="${OFFICE}"><w:body>${body.join('')}${page}</w:body></w:document>`,
    ],
    ['word/styles.xml', `<w:styles ${W}>${stylesXml(wordLanguage(language), shape, write.rooms)}</w:styles>`],
    ['word/numbering.xml', `<w:numbering ${W}>${numberingXml(write.starts)}</w:numbering>`],
    ['word/settings.xml', `<w:settings ${W}>${SETTINGS}</w:settings>`],
    ['word/footer.xml', `<w:ftr ${W}>${footer(guide ? `${title} · ${guide}` : title)}</w:ftr>`],
    [
      'word/_rels/document.xml.rels',
      relations([...WORD_PARTS, ...[...write.links].map(([href, id]): Relation => [id, 'hyperlink', href])]),
    ],
  ]
  return zip(
    parts.map(([name, text]) => [name, `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${text}`]),
  )
}

type Relation = [id: string, type: string, target: string]
const PARTS: Relation[] = [
  ['document', 'officeDocument', 'word/document.xml'],
  ['core', 'core-properties', 'docProps/core.xml'],
  ['custom', 'custom-properties', 'docProps/custom.xml'],
]
const WORD_PARTS: Relation[] = ['styles', 'numbering', 'settings', 'footer'].map(name => [
  name,
  name,
  `${name}.xml`,
])

function relations(list: readonly Relation[]): string {
  const each = list.map(([id, type, target]) => {
    const base = type === 'core-properties' ? `${PACKAGE}/relationships/metadata` : OFFICE
    const outside = type === 'hyperlink' ? ' TargetMode="External"' : ''
    return `<Relationship Id="${id}" Type="${base}/${type}" Target="${xml(target)}"${outside}/>`
  })
  return `<Relationships xmlns="${PACKAGE}/relationships">${each.join('')}</Relationships>`
}

function contentTypes(custom: boolean): string {
  const word = 'application/vnd.openxmlformats-officedocument.wordprocessingml.'
  const office = 'application/vnd.openxmlformats-officedocument.custom-properties+xml'
  const parts = [
    ['word/document.xml', `${word}document.main+xml`],
    ...['styles', 'numbering', 'settings', 'footer'].map(name => [`word/${name}.xml`, `${word}${name}+xml`]),
    ['docProps/core.xml', 'application/vnd.openxmlformats-package.core-properties+xml'],
    ...(custom ? [['docProps/custom.xml', office]] : []),
  ]
  return `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${parts.map(([part, type]) => `<Override PartName="/${part}" ContentType="${type}"/>`).join('')}</Types>`
}

/** Without times: a document of the same words is the same document. */
const coreProperties = (title: string, language: string) =>
  `<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${xml(title)}</dc:title><dc:creator>pl-stories</dc:creator><dc:language>${xml(wordLanguage(language))}</dc:language></cp:coreProperties>`

const customProperty = (name: string, value: string) =>
  `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="${name}"><vt:lpwstr>${xml(value)}</vt:lpwstr></property></Properties>`

/** Word knows no English without a country. */
const wordLanguage = (language: string) => (/^en$/i.test(language) ? 'en-US' : language)

const SETTINGS =
  '<w:defaultTabStop w:val="360"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'

function footer(words: string): string {
  const field = (name: string) => `<w:fldSimple w:instr=" ${name} ">${run('1')}</w:fldSimple>`
  return para(
    { style: 'Footer' },
    `${run(`${words} · Page `)}${field('PAGE')}${run(' of ')}${field('NUMPAGES')}`,
  )
}

/* Questions, answers and pairs as paragraphs and tables. */

class ItemWriter extends BlockWriter {
  /** Between the margins. */
  readonly width: number
  /** The boxes to write in: the question's id by its anchor. */
  readonly rooms = new Map<string, string>()
  #marks = 0

  constructor(width: number) {
    super()
    this.width = width
  }

  /** One item ahead is known: a sentence that leads to a question does not stay behind on the page before it. */
  items(items: Iterable<Item>): string[] {
    const parts: string[] = []
    let waiting: Item | undefined
    const write = (item: Item, next?: Item) => {
      for (const part of this.#item(item, next)) parts.push(part)
    }
    for (const item of items) {
      if (waiting) write(waiting, item)
      waiting = item
    }
    if (waiting) write(waiting)
    return parts
  }

  #item(item: Item, next: Item | undefined): string[] {
    switch (item.kind) {
      case 'heading':
        return [heading(item.level, run(item.text, { language: item.language }), item.text, item.newPage)]
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
  #title({
    level,
    label,
    text,
    language,
    anchor,
  }: Pick<QuestionItem, 'level' | 'label' | 'text' | 'language' | 'anchor'>): string {
    const [part = '', ...ours] = label?.split(/(?= · )/) ?? []
    const place = label
      ? `${run(part, { style: 'Label' })}${run(ours.join(''), { style: 'Label', language })}<w:r><w:br/></w:r>`
      : ''
    return heading(level, this.#marked('q', anchor, place + run(text, { style: 'Question' })), text)
  }

  /** Between the ends of a bookmark, by which a reader knows the place again. */
  #marked(kind: 'q' | 'in', anchor: string | undefined, runs: string): string {
    if (anchor === undefined) return runs
    const id = ++this.#marks
    return `<w:bookmarkStart w:id="${id}" w:name="${kind}_${anchor}"/>${runs}<w:bookmarkEnd w:id="${id}"/>`
  }

  #said({ said, language, level }: QuestionItem, width: number): string[] {
    return said.flatMap(({ who, state, blocks }: Response) => [
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
      cell(half, [para({ style: 'ColumnHead' }, run(text, { language }))], { shade: ACCENT })
    const pair = ({ label, text, sides }: Pair): string[] => {
      const level = sides[0]?.level ?? sides[1]?.level ?? 5
      const shared = { level, ...(label !== undefined && { label }), ...(language && { language }) }
      const titles =
        text === undefined
          ? sides.map(asked => cell(half, asked ? [this.#title(asked)] : [], { shade: TINT }))
          : [cell(2 * half, [this.#title({ ...shared, text })], { columns: 2, shade: TINT })]
      const answers = sides.map(asked => {
        const [first = '', ...rest] = asked ? this.#said(asked, half - 250) : []
        const begin = `</w:pPr>${this.#marked('in', asked?.anchor, '')}`
        return cell(half, asked ? [first.replace('</w:pPr>', begin), ...rest] : [])
      })
      return [rowOf(titles, { whole: true }), rowOf(answers, { whole: sides.every(isShort) })]
    }
    return grid([half, half], [rowOf(heads.map(head), { head: true }), ...rows.flatMap(pair)])
  }
}

/** A row of short answers stays on one page; a long one may go on overleaf. */
const isShort = (asked: QuestionItem | undefined) =>
  (asked?.said ?? []).reduce((sum, { text }) => sum + text.length, 0) < 600

/** A zip file with the first day that zip knows as the time of every entry. */
function zip(entries: [name: string, text: string][]): Uint8Array {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const [name, text] of entries) {
    const bytes = Buffer.from(text)
    const packed = deflateRawSync(bytes)
    const head = Buffer.alloc(26)
    for (const [place, value] of [
      [0, 20],
      [2, 0x800],
      [4, 8],
      [8, 0x21],
    ] as const)
      head.writeUInt16LE(value, place)
    for (const [place, value] of [
      [10, crc32(bytes)],
      [14, packed.length],
      [18, bytes.length],
    ] as const)
      head.writeUInt32LE(value, place)
    head.writeUInt16LE(name.length, 22)
    files.push(Buffer.from('PK\x03\x04'), head, Buffer.from(name), packed)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(at, 10)
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), head, place, Buffer.from(name))
    at += 30 + name.length + packed.length
  }
  const end = Buffer.alloc(18)
  for (const place of [4, 6]) end.writeUInt16LE(entries.length, place)
  end.writeUInt32LE(Buffer.concat(directory).length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...files, ...directory, Buffer.from('PK\x05\x06'), end])
}
