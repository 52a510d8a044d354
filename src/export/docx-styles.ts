import type { Document } from './document.ts'

/* The look of a Word file. Type sizes in half points, distances in twentieths of a point. */

export const ACCENT = '1F4E79'
export const TINT = 'EEF3F8'
const INK = '1D2733'
const SOFT = '51606F'
const LINE = 'BFB8A8'

interface Look {
  size?: number
  color?: string
  bold?: boolean
  italics?: boolean
  font?: string
  before?: number
  after?: number
  /** In 240ths of a line. */
  line?: number
  keepNext?: boolean
  /** Of one side, with its width in eighths of a point. */
  border?: [side: 'left' | 'top' | 'bottom', size: number, color: string]
  left?: number
  shade?: string
  outline?: number
}

const run = ({ font, bold, italics, color, size }: Look) =>
  [
    font ? `<w:rFonts w:ascii="${font}" w:hAnsi="${font}" w:cs="${font}"/>` : '',
    bold ? '<w:b/><w:bCs/>' : '',
    italics ? '<w:i/><w:iCs/>' : '',
    color ? `<w:color w:val="${color}"/>` : '',
    size ? `<w:sz w:val="${size}"/><w:szCs w:val="${size}"/>` : '',
  ].join('')

function paragraph({ keepNext, border, shade, before, after, line, left, outline }: Look): string {
  const [side, width, color] = border ?? []
  const spacing = [
    before === undefined ? '' : ` w:before="${before}"`,
    after === undefined ? '' : ` w:after="${after}"`,
    line === undefined ? '' : ` w:line="${line}" w:lineRule="auto"`,
  ].join('')
  return [
    keepNext ? '<w:keepNext/><w:keepLines/>' : '',
    side ? `<w:pBdr><w:${side} w:val="single" w:sz="${width}" w:space="6" w:color="${color}"/></w:pBdr>` : '',
    shade ? `<w:shd w:val="clear" w:color="auto" w:fill="${shade}"/>` : '',
    spacing && `<w:spacing${spacing}/>`,
    left === undefined ? '' : `<w:ind w:left="${left}"/>`,
    outline === undefined ? '' : `<w:outlineLvl w:val="${outline}"/>`,
  ].join('')
}

const BAR = ['left', 18, ACCENT] as const satisfies Look['border']
const MONOSPACED = 'Consolas'

/** Paragraph styles: `id` or `id=name`, and what they are based on. */
const looks = (brief: boolean, dense: boolean): [style: string, base: string, look: Look][] => {
  const headline = (outline: number, size: number, before: number, color: string): Look => ({
    ...{ outline, color, bold: true, keepNext: true },
    ...{ size: brief ? size - 5 : dense ? size - 4 : size, line: 250 },
    ...{ before: brief ? before / 3 : dense ? before / 2.5 : before, after: brief ? 40 : dense ? 20 : 80 },
  })
  const small = brief ? 16 : 18
  return [
    ['Title', 'Normal', { size: brief ? 32 : 48, bold: true, color: INK, after: 40, line: 240 }],
    ['Heading1=heading 1', 'Normal', headline(0, 32, 400, ACCENT)],
    ['Heading2=heading 2', 'Normal', headline(1, 28, 320, ACCENT)],
    ['Heading3=heading 3', 'Normal', headline(2, 24, 260, INK)],
    ['Heading4=heading 4', 'Normal', headline(3, 22, 220, INK)],
    ['Heading5=heading 5', 'Normal', headline(4, 21, 160, SOFT)],
    ['Facts', 'Normal', { color: SOFT, after: brief ? 100 : 280, border: ['bottom', 12, ACCENT] }],
    ['ListParagraph=List Paragraph', 'Normal', { after: brief || dense ? 20 : 60 }],
    ['Answer', 'Normal', { border: BAR, left: 200 }],
    ['AnswerList=Answer List', 'Answer', { after: 50 }],
    ['Who', 'Normal', { bold: true, color: ACCENT, before: 140, after: 40, keepNext: true }],
    ['Silence', 'Normal', { italics: true, color: SOFT }],
    ['Quotation=Quote', 'Normal', { border: ['left', 8, LINE] }],
    ['CodeBlock=Code Block', 'Normal', { font: MONOSPACED, size: small, shade: 'F2F2F2' }],
    ['TableHead=Table Head', 'Normal', { bold: true, color: INK, after: 0, size: brief ? 18 : 20 }],
    ['ColumnHead=Column Head', 'TableHead', { color: 'FFFFFF' }],
    ['TableText=Table Text', 'Normal', { after: 0, size: brief ? 17 : 21, line: brief ? 235 : 255 }],
    ['Gap', 'Normal', { size: 8, after: 0, line: 160 }],
    ['Rule', 'Normal', { border: ['bottom', 6, LINE], after: 160 }],
    [
      'Source',
      'Normal',
      { size: small, color: SOFT, border: ['top', 6, LINE], before: brief || dense ? 100 : 480, after: 0 },
    ],
    ['Footer=footer', 'Normal', { size: 16, color: SOFT, after: 0 }],
  ]
}

const CHARACTERS: [string, Look][] = [
  ['Label', { size: 18, bold: true, color: ACCENT }],
  ['Question', { size: 23, bold: true, color: INK }],
  ['CodeCharacters=Code Characters', { font: MONOSPACED, size: 20 }],
]

const names = (style: string) => {
  const [id = '', name = id] = style.split('=')
  return `w:styleId="${id}"><w:name w:val="${name}"/>`
}

/** Each box of a handout has a style of its own: `rooms` holds the questions' ids by their anchors. */
export function stylesXml(
  language: string,
  shape: Document['shape'],
  rooms: ReadonlyMap<string, string>,
): string {
  const brief = shape === 'brief'
  const dense = shape === 'dense'
  const normal = { font: 'Calibri', size: brief ? 18 : dense ? 18 : 22 }
  const spacing = { after: brief ? 50 : dense ? 40 : 120, line: brief || dense ? 240 : 264 }
  const cells =
    '<w:top w:w="50" w:type="dxa"/><w:left w:w="110" w:type="dxa"/><w:bottom w:w="50" w:type="dxa"/><w:right w:w="110" w:type="dxa"/>'
  const boxes = [...rooms].map(([anchor, id]): [string, string, Look] => [
    `Answer_${anchor}=Answer ${id}`,
    'TableText',
    {},
  ])
  const lines = ['top', 'left', 'bottom', 'right', 'insideH', 'insideV']
    .map(side => `<w:${side} w:val="single" w:sz="4" w:space="0" w:color="${LINE}"/>`)
    .join('')
  return [
    `<w:docDefaults><w:rPrDefault><w:rPr>${run(normal)}<w:lang w:val="${language}" w:eastAsia="ja-JP" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>${paragraph(spacing)}</w:pPr></w:pPrDefault></w:docDefaults>`,
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>',
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/></w:style>',
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/></w:style>',
    '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/></w:style>',
    `<w:style w:type="table" w:customStyle="1" w:styleId="Grid"><w:name w:val="Grid"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>${lines}</w:tblBorders><w:tblCellMar>${cells}</w:tblCellMar></w:tblPr></w:style>`,
    '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:rPr><w:color w:val="1A5490"/><w:u w:val="single"/></w:rPr></w:style>',
    ...CHARACTERS.map(
      ([style, look]) =>
        `<w:style w:type="character" w:customStyle="1" ${names(style)}<w:rPr>${run(look)}</w:rPr></w:style>`,
    ),
    ...[...looks(brief, dense), ...boxes].map(
      ([style, base, look]) =>
        `<w:style w:type="paragraph" ${names(style)}<w:basedOn w:val="${base}"/>${base === 'TableText' ? '' : '<w:qFormat/>'}<w:pPr>${paragraph(look)}</w:pPr><w:rPr>${run(look)}</w:rPr></w:style>`,
    ),
  ].join('')
}
