import {
  Archive,
  type Bytes,
  damaged,
  elementsIn,
  type Markup,
  markupOf,
  textIn,
  wordsIn,
} from './archive.ts'
import {
  asItem,
  type Cell,
  joined,
  markdownOf,
  type Page,
  type Piece,
  type Remark,
  type Run,
  tableMarkdown,
} from './reading.ts'

/** What a Word file holds. Only the parts with its text, styles, numbers and addresses are unpacked. */
export function readDocx(file: Bytes): Page {
  const archive = new Archive(file)
  const text = archive.text(/^word\/document\d*\.xml$/)
  if (text === undefined) throw damaged(file)
  const part = (name: RegExp) => elementsIn(markupOf(archive.text(name) ?? '', file))
  const walk = new Walk()
  for (const style of part(/^word\/styles\d*\.xml$/))
    if (style.name === 'w:style') walk.styles.set(style.attributes['w:styleId'] ?? '', propertiesIn(style))
  readNumbering(walk, part(/^word\/numbering\d*\.xml$/))
  for (const { attributes } of part(/^word\/_rels\/document\d*\.xml\.rels$/)) {
    const { Id = '', Target = '' } = attributes
    if (/^(?:https?:\/\/|mailto:)/i.test(Target)) walk.addresses.set(Id, Target)
  }
  const frame = new Frame()
  walk.read(markupOf(text, file), { frame })
  return { pieces: frame.pieces, digest: walk.digest, guide: guideOf(archive, file) }
}

/** From the property of the file, else from the footer of its pages. */
function guideOf(archive: Archive, file: Bytes): string | undefined {
  const custom = archive.text(/^docProps\/custom\.xml$/) ?? ''
  const property = /name="guide"[^>]*>\s*<vt:lpwstr>([^<]*)/.exec(custom)?.[1]
  if (property !== undefined) return property
  for (const footer of archive.texts(/^word\/footer\d*\.xml$/)) {
    const named = / · ([a-z0-9._-]+)(?: · |$)/.exec(textIn(markupOf(footer, file), TEXT))
    if (named) return named[1]
  }
  return undefined
}

/** The body, a cell or a text box, in which paragraphs are gathered. */
class Frame {
  readonly cell: Cell | undefined
  /** Its own cell, and those around it. */
  readonly cells: Cell[]
  readonly pieces: Piece[]
  /** Of the paragraph that has begun. */
  runs: Run[] = []
  /** Levels of the list that the last paragraph belongs to. */
  levels: number[] = []
  /** Bookmarks and remarks that stand before their paragraph. */
  marks: string[] = []
  remarks = new Set<Remark>()

  constructor(outer?: Frame, cell?: Cell) {
    this.cell = cell
    this.cells = [...(outer?.cells ?? []), ...(cell ? [cell] : [])]
    this.pieces = cell?.pieces ?? []
  }
}

/** What stands around a place. */
interface Place {
  frame: Frame
  /** Of the innermost table. */
  rows?: Cell[][]
  href?: string | undefined
  /** Words in it that stand out alike; what is no text of the document has none. */
  run?: Run | undefined
  /** A content control: whether a placeholder stands in it, or a box to check. */
  control?: { placeholder?: boolean; box?: string }
}

/** A walk through a document, and what it has found. */
class Walk {
  /** The names, bases and lists of styles. */
  readonly styles = new Map<string, Properties>()
  readonly addresses = new Map<string, string>()
  /** Of the numbering: by list or kind, level and name. */
  readonly numbering = new Map<string, string>()
  readonly counters = new Map<string, number[]>()
  digest = false

  read({ children }: Markup, place: Place): void {
    for (const child of children) {
      if (typeof child === 'string') continue
      const remark = REMARKS.get(child.name)
      if (remark) place.frame.remarks.add(remark)
      if (SKIPPED.has(child.name)) continue
      add(place.run, SIGNS.get(child.name) ?? '')
      const read = READ.get(child.name)
      if (read) read(this, child, place, child.attributes['w:val'] ?? '')
      else this.read(child, place)
    }
  }
}

function readNumbering({ numbering }: Walk, elements: Iterable<Markup>): void {
  let list = ''
  let level = ''
  for (const { name, attributes } of elements) {
    if (name === 'w:abstractNum') list = `kind ${attributes['w:abstractNumId']}`
    else if (name === 'w:num') list = attributes['w:numId'] ?? ''
    else if (name === 'w:lvl' || name === 'w:lvlOverride') level = attributes['w:ilvl'] ?? ''
    else if (name === 'w:abstractNumId') numbering.set(`kind of ${list}`, `kind ${attributes['w:val']}`)
    else numbering.set(`${list} ${level} ${name}`, attributes['w:val'] ?? '')
  }
}

/** Not what somebody reads: what was deleted or moved away, the older of two ways to say it, codes of fields. */
const SKIPPED = new Set([
  ...['w:del', 'w:moveFrom', 'mc:Fallback', 'w:instrText', 'w:delText', 'w:sectPr', 'w:rt', 'w:rPrChange'],
  ...['w:pPrChange', 'w:tblPr', 'w:tblGrid', 'w:trPr', 'w:tcPr'],
])
const REMARKS = new Map<string, Remark>(
  Object.entries({
    ...{ 'w:del': 'tracked', 'w:ins': 'tracked', 'w:moveFrom': 'tracked', 'w:moveTo': 'tracked' },
    ...{ 'pic:pic': 'picture', 'v:imagedata': 'picture', 'w:commentReference': 'comment' },
    ...{ 'w:footnoteReference': 'footnote', 'w:endnoteReference': 'footnote' },
  } as const),
)
/** What Word shows in a control, where another program has made text of it. */
const PLACEHOLDER = /Click(?: or tap)?(?: here)? to enter (?:text|a date)\.|^Choose an item\.$/g
const SIGNS = new Map(
  Object.entries({ 'w:br': '\n', 'w:cr': '\n', 'w:tab': '\t', 'w:noBreakHyphen': '\u2011' }),
)
/** Boxes and ticks of the fonts that draw them. */
const DRAWN = new Map(Object.entries({ F0FE: '☒', F0FD: '☒', F052: '☑', F0FC: '✓', F0A8: '☐', F06F: '☐' }))

const TEXT = /^[wm]:t$/
const isOn = (value: string) => !/^(?:0|false|off|none)$/.test(value)

/** What is done with each element; what is in others is read as if they were not there. */
type Reader = (walk: Walk, element: Markup, place: Place, value: string) => void
const READ = new Map(
  Object.entries<Reader>({
    'w:tbl'(walk, element, place) {
      const rows: Cell[][] = []
      walk.read(element, { ...place, rows })
      place.frame.pieces.push({ text: tableMarkdown(rows), rows })
      place.frame.levels = []
    },
    'w:tr'(walk, element, place) {
      place.rows?.push([])
      walk.read(element, place)
    },
    'w:tc'(walk, element, place) {
      const cell: Cell = { pieces: [], marks: [], styles: new Set() }
      place.rows?.at(-1)?.push(cell)
      walk.read(element, { ...place, frame: new Frame(place.frame, cell) })
    },
    'w:txbxContent'(walk, element, place) {
      const frame = new Frame(place.frame)
      walk.read(element, { ...place, frame, run: undefined })
      place.frame.pieces.push({ text: joined(frame.pieces), apart: 'text box' })
    },
    'm:oMath': (_, element, { frame }) =>
      frame.pieces.push({ text: textIn(element, TEXT), apart: 'formula' }),
    'w:p'(walk, element, place) {
      walk.read(element, place)
      endParagraph(walk, place.frame, propertiesOf(element, 'w:pPr'))
    },
    'w:bookmarkStart'(_, { attributes }, { frame }) {
      for (const { marks } of [frame, ...frame.cells]) marks.push(attributes['w:name'] ?? '')
    },
    'w:hyperlink': (walk, element, place) =>
      walk.read(element, { ...place, href: walk.addresses.get(element.attributes['r:id'] ?? '') }),
    'w:r'(walk, element, place) {
      const look = propertiesOf(element, 'w:rPr')
      const run = runOf(look, walk, place)
      walk.read(element, { ...place, run })
      if (run?.text && isSet(look, 'w:vanish')) place.frame.remarks.add('hidden text')
      else if (run) place.frame.runs.push(run)
    },
    'w:t': (_, element, { run, control }) => add(run, control?.box ?? wordsIn(element)),
    'w:sdt': (walk, element, place) => walk.read(element, { ...place, control: {} }),
    'w:showingPlcHdr': (_, __, { control }, value) =>
      Object.assign(control ?? {}, { placeholder: isOn(value) }),
    'w14:checked': (_, { attributes }, { control }) =>
      Object.assign(control ?? {}, { box: isOn(attributes['w14:val'] ?? '') ? '☑' : '☐' }),
    'w:sdtContent'(walk, element, place) {
      if (!place.control?.placeholder) walk.read(element, place)
    },
    'w:sym': (_, { attributes }, { run }) => add(run, DRAWN.get(attributes['w:char'] ?? '') ?? ''),
  }),
)

function add(run: Run | undefined, sign: string): void {
  if (run) run.text += sign
}

type Properties = Map<string, Markup['attributes']>

/** What a style, a paragraph or a run says of itself: the attributes of each property. */
const propertiesIn = (element: Markup): Properties =>
  new Map(elementsIn(element, SKIPPED).map(({ name, attributes }) => [name, attributes]))

function propertiesOf({ children }: Markup, name: 'w:pPr' | 'w:rPr'): Properties {
  const own = children.filter(child => typeof child !== 'string' && child.name === name)
  return propertiesIn({ name, attributes: {}, children: own })
}

const valueIn = (properties: Properties | undefined, name: string) => properties?.get(name)?.['w:val']
const isSet = (properties: Properties, name: string, otherwise = false) =>
  properties.has(name) ? isOn(valueIn(properties, name) ?? '') : otherwise

const nameOf = (styles: Walk['styles'], id: string) => valueIn(styles.get(id), 'w:name') ?? id

/** Without text, with its look; undefined of a placeholder. */
function runOf(look: Properties, { styles }: Walk, { href }: Place): Run | undefined {
  const id = valueIn(look, 'w:rStyle') ?? ''
  const name = nameOf(styles, id)
  if (/^placeholder/i.test(name)) return undefined
  return {
    ...{ text: '', href },
    strong: isSet(look, 'w:b', /^strong/i.test(name)),
    emphasis: isSet(look, 'w:i', /^emphasis/i.test(name)),
    strike: isSet(look, 'w:strike'),
    code: /^(?:code|verbatim|source)/i.test(name),
  }
}

function endParagraph(walk: Walk, frame: Frame, properties: Properties): void {
  // What follows a deleted end goes on in the next one.
  if (properties.has('w:del')) return
  const { runs, marks, remarks } = frame
  const id = valueIn(properties, 'w:pStyle') ?? ''
  const style = nameOf(walk.styles, id)
  for (const name of [style, id]) frame.cell?.styles.add(name.toLowerCase())
  const said = markdownOf(runs).replace(PLACEHOLDER, '')
  const isQuote = /quot/i.test(style)
  const words = isQuote && said !== '' ? said.replace(/^/gm, '> ') : said
  const { 'w:left': left, 'w:start': start = left } = properties.get('w:ind') ?? {}
  const indent = Number(start ?? 0) - (isQuote ? STEP : 0)
  if (style === 'Who' && words !== '') walk.digest = true
  // The title has a style of its own, so the highest heading is on the second level.
  const level = style === 'Title' ? 1 : Number(/^heading ?(\d)$/i.exec(style)?.[1] ?? -1) + 1
  const piece: Piece = {
    ...itemOf(walk, frame.levels, words, indent, listOf(walk, properties)),
    ...(level > 0 && { level }),
    ...(marks.length > 0 && { marks }),
    ...(remarks.size > 0 && { remarks: [...remarks] }),
  }
  if (piece.text !== '' || piece.marks || piece.remarks) frame.pieces.push(piece)
  Object.assign(frame, { runs: [], marks: [], remarks: new Set() })
}

type List = NonNullable<ReturnType<typeof listOf>>

/** The list and level of a paragraph, from itself, its style or what that is based on. */
function listOf({ styles, numbering }: Walk, properties: Properties) {
  let base = styles.get(valueIn(properties, 'w:pStyle') ?? '')
  for (let depth = 0; depth < 20 && base && !base.has('w:numId'); depth++)
    base = styles.get(valueIn(base, 'w:basedOn') ?? '')
  const value = (name: string) => valueIn(properties, name) ?? valueIn(base, name)
  const id = value('w:numId') ?? ''
  const kind = numbering.get(`kind of ${id}`)
  return kind
    ? { id, kind, level: Math.min(Math.max(Number.parseInt(value('w:ilvl') ?? '', 10) || 0, 0), 8) }
    : undefined
}

/** A task or an item of a list, with the number that is shown before it; else the words alone. */
function itemOf(walk: Walk, levels: number[], words: string, indent: number, list: List | undefined): Piece {
  const marker = list ? markerOf(walk, list) : /^[☐☑☒]/u.test(words) ? '-' : ''
  if (words === '') return { text: '' }
  const tight = levels.length > 0 && marker !== ''
  const level = list?.level ?? 0
  // A paragraph as far in as the words of an item belongs to it.
  const depth = marker === '' && indent > 0 ? Math.min(levels.length, Math.floor(indent / STEP)) : 0
  while (levels.length > depth && (marker === '' || (levels.at(-1) ?? 0) >= level)) levels.pop()
  if (marker === '') return { text: depth > 0 ? asItem(words, '', depth) : words }
  return { text: asItem(words, marker, levels.push(level)), ...(tight && { tight }) }
}

/** By which a list is set in, in twips. */
const STEP = 360

/** Markdown has no other marks than bullets and numbers. */
function markerOf({ numbering, counters }: Walk, { id, kind, level }: List): string {
  const own = (name: string) => numbering.get(`${id} ${level} ${name}`)
  const value = (name: string) => own(name) ?? numbering.get(`${kind} ${level} ${name}`)
  if (value('w:numFmt') === 'bullet') return '-'
  const numbers = counters.get(kind) ?? []
  counters.set(kind, numbers)
  // It begins again once.
  const restart = own('w:startOverride')
  numbering.delete(`${id} ${level} w:startOverride`)
  numbers[level] = Number(restart ?? (numbers[level] ?? Number(value('w:start') ?? 1) - 1) + 1)
  numbers.length = level + 1
  return `${numbers[level]}.`
}
