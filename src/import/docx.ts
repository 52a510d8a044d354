import { Archive, type Bytes, damaged, readMarkup } from './archive.ts'
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
} from './page.ts'

/** What a Word file holds. Only the parts with its text, styles, numbers and addresses are unpacked. */
export function readDocx(file: Bytes): Page {
  const archive = new Archive(file)
  const text = archive.text(/^word\/document\d*\.xml$/)
  if (text === undefined) throw damaged(file)
  const part = (name: RegExp, open: Opened) => eachElement(archive.text(name), file, open)
  const walk = new Walk()
  readStyles(walk, open => part(/^word\/styles\d*\.xml$/, open))
  readNumbering(walk, open => part(/^word\/numbering\d*\.xml$/, open))
  part(/^word\/_rels\/document\d*\.xml\.rels$/, (_, { Id = '', Target = '' }) => {
    if (/^(?:https?:\/\/|mailto:)/i.test(Target)) walk.addresses.set(Id, Target)
  })
  readMarkup(text, reader(walk), file)
  return { pieces: walk.frames[0]?.pieces ?? [], digest: walk.digest, guide: guideOf(archive, file) }
}

type Attributes = Record<string, string>
type Opened = (name: string, attributes: Attributes) => void

function eachElement(text: string | undefined, file: Bytes, open: Opened) {
  readMarkup(text ?? '', { open, text() {}, close() {} }, file)
}

/** From the property of the file, else from the footer of its pages. */
function guideOf(archive: Archive, file: Bytes): string | undefined {
  const custom = archive.text(/^docProps\/custom\.xml$/) ?? ''
  let words = /name="guide"[^>]*>\s*<vt:lpwstr>([^<]*)/.exec(custom)?.[1]
  if (words !== undefined) return words
  for (const footer of archive.texts(/^word\/footer\d*\.xml$/)) {
    words = ''
    const text = (piece: string) => {
      words += piece
    }
    readMarkup(footer, { open() {}, text, close() {} }, file)
    const named = / · ([a-z0-9._-]+)(?: · |$)/.exec(words)
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

class Frame {
  readonly cell: Cell | undefined
  readonly pieces: Piece[]
  run: Run | undefined
  hidden = false
  /** Of the paragraph that has begun. */
  runs: Run[] = []
  style = ''
  list: string | undefined
  level: number | undefined
  indent = 0
  endDeleted = false
  /** Levels of the list that the last paragraph belongs to. */
  levels: number[] = []
  /** Bookmarks and remarks that stand before their paragraph. */
  marks: string[] = []
  remarks = new Set<Remark>()

  constructor(cell?: Cell) {
    this.cell = cell
    this.pieces = cell?.pieces ?? []
  }
}

/** Where a walk through a document is, and what it has found. */
class Walk {
  readonly styles = new Map<string, Style>()
  readonly addresses = new Map<string, string>()
  /** Of the lists: their kind by number; by list or kind and level which are bullets, and where numbers start. */
  readonly kinds = new Map<string, string>()
  readonly bullets = new Set<string>()
  readonly starts = new Map<string, number>()
  readonly restarts = new Map<string, number>()
  readonly counters = new Map<string, number[]>()
  /** Paragraphs are gathered in the innermost: the body, a cell, a text box. */
  readonly frames = [new Frame()]
  readonly tables: Cell[][][] = []
  readonly hrefs: (string | undefined)[] = []
  /** Content controls: whether a placeholder stands in it, or a box to check. */
  readonly controls: { placeholder?: boolean; box?: string }[] = []
  skipped = 0
  inText = false
  inProperties = false
  formula: string | undefined
  digest = false

  get top(): Frame {
    return this.frames.at(-1) ?? new Frame()
  }
}

function readStyles({ styles }: Walk, each: (open: Opened) => void): void {
  let style: Style = { name: '' }
  each((name, { 'w:val': value = '', 'w:styleId': id = '' }) => {
    if (name === 'w:style') {
      style = { name: id }
      styles.set(id, style)
    } else if (name === 'w:name') style.name = value
    else if (name === 'w:basedOn') style.basedOn = value
    else if (name === 'w:numId') style.list = value
    else if (name === 'w:ilvl') style.level = Number(value)
  })
}

function readNumbering({ kinds, bullets, starts, restarts }: Walk, each: (open: Opened) => void): void {
  let list = ''
  let level = ''
  each((name, { 'w:val': value = '', 'w:abstractNumId': kind, 'w:numId': id = '', 'w:ilvl': depth = '' }) => {
    if (name === 'w:abstractNum') list = `kind ${kind}`
    else if (name === 'w:num') list = id
    else if (name === 'w:abstractNumId') kinds.set(list, `kind ${value}`)
    else if (name === 'w:lvl' || name === 'w:lvlOverride') level = depth
    else if (name === 'w:numFmt' && value === 'bullet') bullets.add(`${list} ${level}`)
    else if (name === 'w:start') starts.set(`${list} ${level}`, Number(value))
    else if (name === 'w:startOverride') restarts.set(`${list} ${level}`, Number(value))
  })
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
/** Boxes and ticks of the fonts that draw them. */
const DRAWN = new Map(Object.entries({ F0FE: '☒', F0FD: '☒', F052: '☑', F0FC: '✓', F0A8: '☐', F06F: '☐' }))

function reader(walk: Walk) {
  return {
    open(name: string, attributes: Attributes): void {
      const frame = walk.top
      const remark = REMARKS.get(name)
      if (remark && walk.skipped === 0) frame.remarks.add(remark)
      if (name === 'w:del' && walk.inProperties) frame.endDeleted = true
      const placeholder = name === 'w:sdtContent' && walk.controls.at(-1)?.placeholder
      if (walk.skipped > 0 || SKIPPED.has(name) || placeholder) walk.skipped++
      else OPEN.get(name)?.(walk, frame, attributes['w:val'] ?? '', attributes)
    },
    text(piece: string): void {
      const { run } = walk.top
      if (!walk.inText || walk.skipped > 0) return
      if (walk.formula !== undefined) walk.formula += piece
      else if (run) run.text += walk.controls.at(-1)?.box ?? piece
    },
    close(name: string): void {
      if (walk.skipped > 0) walk.skipped--
      else CLOSE.get(name)?.(walk, walk.top)
    },
  }
}

const isOn = (value: string) => !/^(?:0|false|off|none)$/.test(value)

/** What begins with each element. */
type Opening = (walk: Walk, frame: Frame, value: string, attributes: Attributes) => void
const OPEN = new Map(
  Object.entries<Opening>({
    'w:tbl': walk => walk.tables.push([]),
    'w:tr': walk => walk.tables.at(-1)?.push([]),
    'w:tc': walk => {
      const cell: Cell = { pieces: [], marks: [], styles: new Set() }
      walk.tables.at(-1)?.at(-1)?.push(cell)
      walk.frames.push(new Frame(cell))
    },
    'w:txbxContent': walk => walk.frames.push(new Frame()),
    // What the end of the paragraph before was deleted for goes on in it.
    'w:p': (_, frame) => Object.assign(frame, { style: '', list: undefined, level: undefined, indent: 0 }),
    'w:pPr': walk => Object.assign(walk, { inProperties: true }),
    'w:pStyle': (_, frame, value) => Object.assign(frame, { style: value }),
    'w:ilvl': (_, frame, value) => Object.assign(frame, { level: Number(value) }),
    'w:ind': (_, frame, __, { 'w:left': left, 'w:start': start = left }) =>
      Object.assign(frame, { indent: Number(start ?? 0) }),
    'w:numId': (_, frame, value) => Object.assign(frame, { list: value }),
    'w:bookmarkStart': (walk, frame, _, { 'w:name': name = '' }) => {
      frame.marks.push(name)
      for (const { cell } of walk.frames) cell?.marks.push(name)
    },
    'w:hyperlink': (walk, _, __, { 'r:id': id = '' }) => walk.hrefs.push(walk.addresses.get(id)),
    'w:r': (walk, frame) =>
      Object.assign(frame, { run: { text: '', href: walk.hrefs.at(-1) }, hidden: false }),
    'w:t': walk => Object.assign(walk, { inText: true }),
    'm:t': walk => Object.assign(walk, { inText: true }),
    'm:oMath': walk => Object.assign(walk, { formula: '' }),
    'w:sdt': walk => walk.controls.push({}),
    'w:showingPlcHdr': (walk, _, value) =>
      Object.assign(walk.controls.at(-1) ?? {}, { placeholder: isOn(value) }),
    'w14:checked': (walk, _, __, { 'w14:val': value = '' }) =>
      Object.assign(walk.controls.at(-1) ?? {}, { box: isOn(value) ? '☑' : '☐' }),
    'w:br': (_, frame) => add(frame, '\n'),
    'w:cr': (_, frame) => add(frame, '\n'),
    'w:tab': (_, frame) => add(frame, '\t'),
    'w:noBreakHyphen': (_, frame) => add(frame, '\u2011'),
    'w:sym': (_, frame, __, { 'w:char': code = '' }) => add(frame, DRAWN.get(code) ?? ''),
    'w:b': (_, { run }, value) => run && Object.assign(run, { strong: isOn(value) }),
    'w:i': (_, { run }, value) => run && Object.assign(run, { emphasis: isOn(value) }),
    'w:strike': (_, { run }, value) => run && Object.assign(run, { strike: isOn(value) }),
    'w:vanish': (_, frame, value) => Object.assign(frame, { hidden: isOn(value) }),
    'w:rStyle': ({ styles }, frame, value) => {
      const { run } = frame
      const name = styles.get(value)?.name ?? value
      if (/^placeholder/i.test(name)) Object.assign(frame, { run: undefined })
      if (run && /^strong/i.test(name)) run.strong = true
      if (run && /^emphasis/i.test(name)) run.emphasis = true
      if (run && /^(?:code|verbatim|source)/i.test(name)) run.code = true
    },
  }),
)

function add({ run }: Frame, sign: string): void {
  if (run) run.text += sign
}

/** What ends with each element. */
const CLOSE = new Map(
  Object.entries<(walk: Walk, frame: Frame) => void>({
    'w:t': walk => Object.assign(walk, { inText: false }),
    'm:t': walk => Object.assign(walk, { inText: false }),
    'w:pPr': walk => Object.assign(walk, { inProperties: false }),
    'w:hyperlink': walk => walk.hrefs.pop(),
    'w:sdt': walk => walk.controls.pop(),
    'w:r': (_, frame) => {
      const { run, runs, hidden } = frame
      if (run?.text && hidden) frame.remarks.add('hidden text')
      else if (run) runs.push(run)
      frame.run = undefined
    },
    'w:p': endParagraph,
    'm:oMath': (walk, { pieces }) => {
      pieces.push({ text: walk.formula ?? '', apart: 'formula' })
      walk.formula = undefined
    },
    'w:txbxContent': (walk, { pieces }) => {
      walk.frames.pop()
      walk.top.pieces.push({ text: joined(pieces), apart: 'text box' })
    },
    'w:tc': walk => walk.frames.pop(),
    'w:tbl': (walk, frame) => {
      const rows = walk.tables.pop() ?? []
      frame.pieces.push({ text: tableMarkdown(rows), rows })
      frame.levels = []
    },
  }),
)

function endParagraph(walk: Walk, frame: Frame): void {
  const { runs, style: id, endDeleted, marks, remarks } = frame
  frame.endDeleted = false
  if (endDeleted) return
  const style = walk.styles.get(id) ?? { name: id }
  for (const each of [style.name, id]) frame.cell?.styles.add(each.toLowerCase())
  const said = markdownOf(runs).replace(PLACEHOLDER, '')
  const isQuote = /quot/i.test(style.name)
  const words = isQuote && said !== '' ? said.replace(/^/gm, '> ') : said
  if (isQuote) frame.indent -= STEP
  if (style.name === 'Who' && words !== '') walk.digest = true
  // The title has a style of its own, so the highest heading is on the second level.
  const level = style.name === 'Title' ? 1 : Number(/^heading ?(\d)$/i.exec(style.name)?.[1] ?? -1) + 1
  const piece: Piece = {
    ...itemOf(walk, frame, words, listOf(walk, frame, style)),
    ...(level > 0 && { level }),
    ...(marks.length > 0 && { marks }),
    ...(remarks.size > 0 && { remarks: [...remarks] }),
  }
  if (piece.text !== '' || piece.marks || piece.remarks) frame.pieces.push(piece)
  Object.assign(frame, { runs: [], marks: [], remarks: new Set() })
}

/** The list and level of a paragraph, from itself, its style or what that is based on. */
function listOf({ styles, kinds }: Walk, { list, level }: Frame, style: Style) {
  let base: Style | undefined = style
  for (let depth = 0; depth < 20 && base && base.list === undefined; depth++)
    base = styles.get(base.basedOn ?? '')
  const id = list ?? base?.list ?? ''
  return kinds.has(id) ? { id, level: Math.min(Math.max(level ?? base?.level ?? 0, 0), 8) } : undefined
}

/** A task or an item of a list, with the number that is shown before it; else the words alone. */
function itemOf(walk: Walk, frame: Frame, words: string, list: ReturnType<typeof listOf>): Piece {
  const { levels, indent } = frame
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
