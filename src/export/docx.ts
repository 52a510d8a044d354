import { crc32, deflateRawSync } from 'node:zlib'
import { escaped } from './blocks.ts'
import { type Document, differsFrom } from './document.ts'
import {
  ACCENT,
  BULLETS,
  barAt,
  DEEPEST_LIST,
  edge,
  ItemWriter,
  para,
  run,
  STEP,
  tag,
} from './docx-blocks.ts'

/* A Word file: its parts, and its look. Lengths in twentieths of a point ("twips"), type sizes in half points. */

const LETTER = { short: 12_240, long: 15_840 }
/** Of a page. Word takes a file with a length that is no whole number for damaged. */
const MARGINS = { small: 792, wide: 1008, usual: 1440, room: 1008 }
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
    para({ style: 'Title' }, run(title)),
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
    return `<Relationship Id="${id}" Type="${base}/${type}" Target="${escaped(target)}"${outside}/>`
  })
  return `<Relationships xmlns="${PACKAGE}/relationships">${each.join('')}</Relationships>`
}

function contentTypes(custom: boolean): string {
  const base = 'application/vnd.openxmlformats-'
  const word = `${base}officedocument.wordprocessingml.`
  const parts = [
    ['word/document', `${word}document.main`],
    ...['styles', 'numbering', 'settings', 'footer'].map(name => [`word/${name}`, `${word}${name}`]),
    ['docProps/core', `${base}package.core-properties`],
    ...(custom ? [['docProps/custom', `${base}officedocument.custom-properties`]] : []),
  ].map(([part, type]) => `<Override PartName="/${part}.xml" ContentType="${type}+xml"/>`)
  return `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="${base}package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${parts.join('')}</Types>`
}

/** Without times: a document of the same words is the same document. */
const coreProperties = (title: string, language: string) =>
  `<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${escaped(title)}</dc:title><dc:creator>pl-stories</dc:creator><dc:language>${escaped(wordLanguage(language))}</dc:language></cp:coreProperties>`

const customProperty = (name: string, value: string) =>
  `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="${name}"><vt:lpwstr>${escaped(value)}</vt:lpwstr></property></Properties>`

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

/** A zip file with the first day that zip knows as the time of every entry. */
function zip(entries: [name: string, text: string][]): Uint8Array {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const [name, text] of entries) {
    const bytes = Buffer.from(text)
    const packed = deflateRawSync(bytes)
    const sizes = numbers(4, crc32(bytes), packed.length, bytes.length)
    const about = [numbers(2, 20, 0x800, 8, 0, 0x21), sizes, numbers(2, Buffer.byteLength(name), 0)]
    files.push(Buffer.from('PK\x03\x04'), ...about, Buffer.from(name), packed)
    const place = [numbers(2, 0, 0, 0, 0, 0), numbers(4, at)]
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), ...about, ...place, Buffer.from(name))
    at += 30 + name.length + packed.length
  }
  const list = Buffer.concat(directory)
  const end = [numbers(2, 0, 0, entries.length, entries.length), numbers(4, list.length, at), numbers(2, 0)]
  return Buffer.concat([...files, list, Buffer.from('PK\x05\x06'), ...end])
}

/** Each in so many bytes, the lowest first. */
function numbers(size: number, ...values: number[]): Buffer {
  const bytes = Buffer.alloc(size * values.length)
  for (const [i, value] of values.entries()) bytes.writeUIntLE(value, i * size, size)
  return bytes
}

/** The numberings of a file: bullets first, then each run of numbers. */
function numberingXml(starts: readonly { level: number; start: number }[]): string {
  const abstract = (id: number, format: string, text: (level: number) => string) => {
    const levels = Array.from({ length: DEEPEST_LIST + 1 }, (_, level) => {
      return `<w:lvl w:ilvl="${level}">${tag('start', 1)}${tag('numFmt', format)}${tag('lvlText', text(level))}${tag('lvlJc', 'start')}<w:pPr><w:ind w:left="${STEP * (level + 1)}" w:hanging="${STEP}"/></w:pPr></w:lvl>`
    })
    return `<w:abstractNum w:abstractNumId="${id}">${tag('multiLevelType', 'hybridMultilevel')}${levels.join('')}</w:abstractNum>`
  }
  const nums = starts.map(
    ({ level, start }, i) =>
      `<w:num w:numId="${i + 1 + BULLETS}">${tag('abstractNumId', 1)}<w:lvlOverride w:ilvl="${level}">${tag('startOverride', start)}</w:lvlOverride></w:num>`,
  )
  return `${abstract(0, 'bullet', level => (level % 2 === 0 ? '•' : '–'))}${abstract(1, 'decimal', level => `%${level + 1}.`)}<w:num w:numId="${BULLETS}">${tag('abstractNumId', 0)}</w:num>${nums.join('')}`
}

/* Its look. */

const INK = '1D2733'
const SOFT = '51606F'
const LINE = 'BFB8A8'

const bold = '<w:b/><w:bCs/>'
const ink = (color: string) => tag('color', color)
const size = (points: number) => tag('sz', points) + tag('szCs', points)
const font = (name: string) => `<w:rFonts w:ascii="${name}" w:hAnsi="${name}" w:cs="${name}"/>`
const space = (about: Partial<Record<'before' | 'after' | 'line', number>>) =>
  `<w:spacing${Object.entries(about)
    .map(([name, value]) => ` w:${name}="${Math.round(value)}"`)
    .join('')}${about.line === undefined ? '' : ' w:lineRule="auto"'}/>`
const shade = (color: string) => `<w:shd w:val="clear" w:color="auto" w:fill="${color}"/>`

const KEEP = '<w:keepNext/><w:keepLines/>'
const MONOSPACED = font('Consolas')

type Style = [style: string, base: string, paragraph: string, run: string]

/** Paragraph styles: `id` or `id=name`, what they are based on, and the look of paragraph and words. */
function paragraphStyles(isSmall: boolean): Style[] {
  const small = size(isSmall ? 16 : 18)
  const headline = (level: number, points: number, before: number, color: string): Style => [
    ...([`Heading${level}=heading ${level}`, 'Normal'] as const),
    `${KEEP}${space({ before: before / (isSmall ? 3 : 1), after: isSmall ? 40 : 80, line: 250 })}${tag('outlineLvl', level - 1)}`,
    bold + ink(color) + size(points - (isSmall ? 5 : 0)),
  ]
  return [
    ['Title', 'Normal', space({ after: 40, line: 240 }), bold + ink(INK) + size(isSmall ? 32 : 48)],
    headline(1, 32, 400, ACCENT),
    headline(2, 28, 320, ACCENT),
    headline(3, 24, 260, INK),
    headline(4, 22, 220, INK),
    headline(5, 21, 160, SOFT),
    ['Facts', 'Normal', edge('bottom', 12, ACCENT) + space({ after: isSmall ? 100 : 280 }), ink(SOFT)],
    ['ListParagraph=List Paragraph', 'Normal', space({ after: isSmall ? 20 : 60 }), ''],
    ['Answer', 'Normal', `${barAt(0)}<w:ind w:left="200"/>`, ''],
    ['AnswerList=Answer List', 'Answer', space({ after: 50 }), ''],
    ['Who', 'Normal', KEEP + space({ before: 140, after: 40 }), bold + ink(ACCENT)],
    ['Silence', 'Normal', '', `<w:i/><w:iCs/>${ink(SOFT)}`],
    ['Quotation=Quote', 'Normal', edge('left', 8, LINE), ''],
    ['CodeBlock=Code Block', 'Normal', shade('F2F2F2'), MONOSPACED + small],
    ['TableHead=Table Head', 'Normal', space({ after: 0 }), bold + ink(INK) + size(isSmall ? 18 : 20)],
    ['ColumnHead=Column Head', 'TableHead', '', ink('FFFFFF')],
    [
      'TableText=Table Text',
      'Normal',
      space({ after: 0, line: isSmall ? 235 : 255 }),
      size(isSmall ? 17 : 21),
    ],
    ['Gap', 'Normal', space({ after: 0, line: 160 }), size(8)],
    ['Rule', 'Normal', edge('bottom', 6, LINE) + space({ after: 160 }), ''],
    [
      'Source',
      'Normal',
      edge('top', 6, LINE) + space({ before: isSmall ? 100 : 480, after: 0 }),
      ink(SOFT) + small,
    ],
    ['Footer=footer', 'Normal', space({ after: 0 }), ink(SOFT) + size(16)],
  ]
}

const CHARACTERS: [style: string, run: string][] = [
  ['Label', bold + ink(ACCENT) + size(18)],
  ['Question', bold + ink(INK) + size(23)],
  ['CodeCharacters=Code Characters', MONOSPACED + size(20)],
]

const names = (style: string) => {
  const [id = '', name = id] = style.split('=')
  return `w:styleId="${id}"><w:name w:val="${name}"/>`
}

/** Each box of a handout has a style of its own: `rooms` holds the questions' ids by their anchors. */
function stylesXml(language: string, shape: Document['shape'], rooms: ReadonlyMap<string, string>): string {
  const isSmall = shape === 'small'
  const normal = font('Calibri') + size(isSmall ? 18 : 22)
  const spacing = space({ after: isSmall ? 50 : 120, line: isSmall ? 240 : 264 })
  const cells =
    '<w:top w:w="50" w:type="dxa"/><w:left w:w="110" w:type="dxa"/><w:bottom w:w="50" w:type="dxa"/><w:right w:w="110" w:type="dxa"/>'
  const boxes = [...rooms].map(
    ([anchor, id]): Style => [`Answer_${anchor}=Answer ${id}`, 'TableText', '', ''],
  )
  const lines = ['top', 'left', 'bottom', 'right', 'insideH', 'insideV']
    .map(side => `<w:${side} w:val="single" w:sz="4" w:space="0" w:color="${LINE}"/>`)
    .join('')
  return [
    `<w:docDefaults><w:rPrDefault><w:rPr>${normal}<w:lang w:val="${language}" w:eastAsia="ja-JP" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>${spacing}</w:pPr></w:pPrDefault></w:docDefaults>`,
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>',
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/></w:style>',
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/></w:style>',
    '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/></w:style>',
    `<w:style w:type="table" w:customStyle="1" w:styleId="Grid"><w:name w:val="Grid"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>${lines}</w:tblBorders><w:tblCellMar>${cells}</w:tblCellMar></w:tblPr></w:style>`,
    '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:rPr><w:color w:val="1A5490"/><w:u w:val="single"/></w:rPr></w:style>',
    ...CHARACTERS.map(
      ([style, run]) =>
        `<w:style w:type="character" w:customStyle="1" ${names(style)}<w:rPr>${run}</w:rPr></w:style>`,
    ),
    ...[...paragraphStyles(isSmall), ...boxes].map(
      ([style, base, paragraph, run]) =>
        `<w:style w:type="paragraph" ${names(style)}${tag('basedOn', base)}${base === 'TableText' ? '' : '<w:qFormat/>'}<w:pPr>${paragraph}</w:pPr><w:rPr>${run}</w:rPr></w:style>`,
    ),
  ].join('')
}
