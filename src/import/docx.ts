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
  readStyles(walk, part(/^word\/styles\d*\.xml$/))
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

interface Style {
  name: string
  basedOn?: string
  list?: string
  level?: number
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
  readonly styles = new Map<string, Style>()
  readonly addresses = new Map<string, string>()
  /** Of the lists: their kind by number; by list or kind and level which are bullets, and where numbers start. */
  readonly kinds = new Map<string, string>()
  readonly bullets = new Set<string>()
  readonly starts = new Map<string, number>()
  readonly restarts = new Map<string, number>()
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

function readStyles({ styles }: Walk, elements: Iterable<Markup>): void {
  let style: Style = { name: '' }
  for (const { name, attributes } of elements) {
    const { 'w:val': value = '', 'w:styleId': id = '' } = attributes
    if (name === 'w:style') {
      style = { name: id }
      styles.set(id, style)
    } else if (name === 'w:name') style.name = value
    else if (name === 'w:basedOn') style.basedOn = value
    else if (name === 'w:numId') style.list = value
    else if (name === 'w:ilvl') style.level = Number(value)
  }
}

function readNumbering({ kinds, bullets, starts, restarts }: Walk, elements: Iterable<Markup>): void {
  let list = ''
  let level = ''
  for (const { name, attributes } of elements) {
    const {
      'w:val': value = '',
      'w:abstractNumId': kind,
      'w:numId': id = '',
      'w:ilvl': depth = '',
    } = attributes
    if (name === 'w:abstractNum') list = `kind ${kind}`
    else if (name === 'w:num') list = id
    else if (name === 'w:abstractNumId') kinds.set(list, `kind ${value}`)
    else if (name === 'w:lvl' || name === 'w:lvlOverride') level = depth
    else if (name === 'w:numFmt' && value === 'bullet') bullets.add(`${list} ${level}`)
    else if (name === 'w:start') starts.set(`${list} ${level}`, Number(value))
    else if (name === 'w:startOverride') restarts.set(`${list} ${level}`, Number(value))
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
      walk.read(element, { ...place, frame })
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

/** What a paragraph or a run says of itself: the attributes of each property. */
function propertiesOf({ children }: Markup, name: 'w:pPr' | 'w:rPr'): Properties {
  const own = children.filter(child => typeof child !== 'string' && child.name === name)
  const all = elementsIn({ name, attributes: {}, children: own }, SKIPPED)
  return new Map([...all].map(({ name, attributes }) => [name, attributes]))
}

const valueIn = (properties: Properties, name: string) => properties.get(name)?.['w:val']
const isSet = (properties: Properties, name: string) =>
  properties.has(name) && isOn(valueIn(properties, name) ?? '')

/** Without text, with its look; undefined of a placeholder. */
function runOf(look: Properties, { styles }: Walk, { href }: Place): Run | undefined {
  const id = valueIn(look, 'w:rStyle') ?? ''
  const name = styles.get(id)?.name ?? id
  if (/^placeholder/i.test(name)) return undefined
  return {
    ...{ text: '', href },
    strong: isSet(look, 'w:b') || /^strong/i.test(name),
    emphasis: isSet(look, 'w:i') || /^emphasis/i.test(name),
    strike: isSet(look, 'w:strike'),
    code: /^(?:code|verbatim|source)/i.test(name),
  }
}

function endParagraph(walk: Walk, frame: Frame, properties: Properties): void {
  // What follows a deleted end goes on in the next one.
  if (properties.has('w:del')) return
  const { runs, marks, remarks } = frame
  const id = valueIn(properties, 'w:pStyle') ?? ''
  const style = walk.styles.get(id) ?? { name: id }
  for (const each of [style.name, id]) frame.cell?.styles.add(each.toLowerCase())
  const said = markdownOf(runs).replace(PLACEHOLDER, '')
  const isQuote = /quot/i.test(style.name)
  const words = isQuote && said !== '' ? said.replace(/^/gm, '> ') : said
  const { 'w:left': left, 'w:start': start = left } = properties.get('w:ind') ?? {}
  const indent = Number(start ?? 0) - (isQuote ? STEP : 0)
  if (style.name === 'Who' && words !== '') walk.digest = true
  // The title has a style of its own, so the highest heading is on the second level.
  const level = style.name === 'Title' ? 1 : Number(/^heading ?(\d)$/i.exec(style.name)?.[1] ?? -1) + 1
  const piece: Piece = {
    ...itemOf(walk, frame.levels, words, indent, listOf(walk, properties, style)),
    ...(level > 0 && { level }),
    ...(marks.length > 0 && { marks }),
    ...(remarks.size > 0 && { remarks: [...remarks] }),
  }
  if (piece.text !== '' || piece.marks || piece.remarks) frame.pieces.push(piece)
  Object.assign(frame, { runs: [], marks: [], remarks: new Set() })
}

/** The list and level of a paragraph, from itself, its style or what that is based on. */
function listOf({ styles, kinds }: Walk, properties: Properties, style: Style) {
  let base: Style | undefined = style
  for (let depth = 0; depth < 20 && base && base.list === undefined; depth++)
    base = styles.get(base.basedOn ?? '')
  const id = valueIn(properties, 'w:numId') ?? base?.list ?? ''
  const level = Number(valueIn(properties, 'w:ilvl') ?? base?.level ?? 0)
  return kinds.has(id) ? { id, level: Math.min(Math.max(level, 0), 8) } : undefined
}

/** A task or an item of a list, with the number that is shown before it; else the words alone. */
function itemOf(
  walk: Walk,
  levels: number[],
  words: string,
  indent: number,
  list: ReturnType<typeof listOf>,
): Piece {
  const marker = list ? markerOf(walk, list) : /^[☐☑☒]/u.test(words) ? '-' : ''
  if (words === '') return { text: '' }
  const tight = levels.length > 0 && marker !== ''
  const level = list?.level ?? 0
  // A paragraph as far in as the words of an item belongs to it.
  const depth = marker === '' ? Math.min(levels.length, Math.floor(indent / STEP)) : 0
  while (levels.length > depth && (marker === '' || (levels.at(-1) ?? 0) >= level)) levels.pop()
  if (marker === '') return { text: depth > 0 ? asItem(words, '', depth) : words }
  return { text: asItem(words, marker, levels.push(level)), ...(tight && { tight }) }
}

/** By which a list is set in, in twips. */
const STEP = 360

/** Markdown has no other marks than bullets and numbers. */
function markerOf(walk: Walk, { id, level }: { id: string; level: number }): string {
  const kind = walk.kinds.get(id) ?? ''
  const [own, general] = [`${id} ${level}`, `${kind} ${level}`]
  if (walk.bullets.has(own) || walk.bullets.has(general)) return '-'
  const counters = walk.counters.get(kind) ?? []
  walk.counters.set(kind, counters)
  const restart = walk.restarts.get(own)
  walk.restarts.delete(own)
  const start = walk.starts.get(own) ?? walk.starts.get(general) ?? 1
  counters[level] = restart ?? (counters[level] ?? start - 1) + 1
  counters.length = level + 1
  return `${counters[level]}.`
}
