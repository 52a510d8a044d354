import Papa from 'papaparse'
import { type Answer, counted, normalizeAnswer, unguardedCell } from '../domain/answers.ts'
import { noSuch, UserError } from '../domain/errors.ts'
import { anchorsOf, type Guide, headLabel, labelOf, type QuestionId } from '../domain/guide.ts'
import {
  Archive,
  type Bytes,
  damaged,
  elementsIn,
  type Markup,
  markupOf,
  textIn,
  tooLarge,
} from './archive.ts'
import { endOf, squeezed } from './printed.ts'
import type { Decided, Group, Left, Reading } from './reading.ts'

/* Tables: our own csv with a row for each question, and a form tool's with a row for each person or group. */

/** Rows of cells, the heads first, and what is wrong with the text as a table. */
export interface Table {
  rows: string[][]
  fault?: UserError
}

/** A quote without an end swallows what follows it. */
export function readCsv(name: string, text: string): Table {
  const delimitersToGuess = [',', '\t', ';']
  const { data, errors } = Papa.parse<string[]>(text, { delimitersToGuess, skipEmptyLines: 'greedy' })
  assertNarrow(name, data[0]?.length ?? 0)
  const [wrong] = errors.filter(({ type }) => type === 'Quotes')
  if (!wrong) return { rows: data }
  const what = `a quotation mark in row ${(wrong.row ?? 0) + 1} has no end. Save the table as csv again.`
  return { rows: data, fault: new UserError(`${name}: ${what}`) }
}

/** @throws UserError (exit 2) beyond where any form reaches. */
function assertNarrow(name: string, columns: number): void {
  if (columns >= 2000) throw new UserError(`${name} has thousands of columns: no form has so many questions.`)
}

/** Empty cells are left out of the file, but take memory here. */
const MOST_GAPS = 2_000_000

/** The sheets of an Excel file. */
export function readXlsx(file: Bytes): Table[] {
  const archive = new Archive(file)
  const sheets = [...archive.texts(/^xl\/worksheets\/[^/]+\.xml$/)]
  if (sheets.length === 0) throw damaged(file)
  const words = (one: Markup) => textIn(one, /^[vt]$/)
  const strings = markupOf(archive.text(/^xl\/sharedStrings\.xml$/) ?? '', file)
  const shared = all(strings, 'si').map(one => plain(words(one)))
  const codeOf = formatCodes(markupOf(archive.text(/^xl\/styles\.xml$/) ?? '', file))
  const textOf = (cell: Markup) => {
    const { t, s } = cell.attributes
    const text = words(cell)
    if (t === 's') return shared[Number(text)] ?? ''
    if (t === 'b') return text === '1' ? 'TRUE' : 'FALSE'
    return (t ?? 'n') === 'n' && text !== '' ? asShown(text, codeOf(s)) : plain(text)
  }
  let gaps = 0
  const cellsOf = (row: Markup) => {
    const cells: string[] = []
    for (const cell of all(row, 'c')) {
      const column = columnOf(cell.attributes.r, cells.length)
      assertNarrow(file.name, column)
      gaps += column - cells.length
      if (gaps > MOST_GAPS) throw tooLarge(file)
      while (cells.length < column) cells.push('')
      cells[column] = textOf(cell)
    }
    return cells
  }
  return sheets.map(sheet => {
    const rows = all(markupOf(sheet, file), 'row').map(cellsOf)
    return { rows: rows.filter(row => row.some(cell => cell.trim() !== '')) }
  })
}

const all = (one: Markup, wanted: string) => elementsIn(one).filter(({ name }) => name === wanted)

/** Formats that have a number and no code in the file. */
const BUILT_IN: [RegExp, string][] = [
  [/^(?:9|10)$/, '%'],
  [/^1[4-7]$/, 'y'],
  [/^(?:18|19|20|21|45|46|47)$/, 'h'],
  [/^22$/, 'yh'],
]

/** Which format code a cell has, by its style. */
function formatCodes(styles: Markup): (style?: string) => string {
  const own = new Map(all(styles, 'numFmt').map(({ attributes: a }) => [a.numFmtId, a.formatCode ?? '']))
  const used = all(styles, 'cellXfs').flatMap(formats => all(formats, 'xf'))
  const codes = used.map(({ attributes: { numFmtId: id = '' } }) => {
    const code = own.get(id) ?? BUILT_IN.find(([ids]) => ids.test(id))?.[1] ?? ''
    return code.replace(/"[^"]*"|\[[^\]]*\]|\\./g, '')
  })
  return style => codes[Number(style)] ?? ''
}

const DAY_MS = 24 * 3_600_000

/** Excel keeps `1/15` as a number of days, and `85%` as 0.85: nobody typed those. */
function asShown(number: string, code: string): string {
  if (code.includes('%')) return `${Number((Number(number) * 100).toFixed(6))}%`
  const time = new Date(Math.round(Date.UTC(1899, 11, 30) + Number(number) * DAY_MS))
  if (!/[ydh]/i.test(code) || Number.isNaN(time.getTime())) return number
  const [date = '', clock = ''] = time.toISOString().split('T')
  const parts = [/[yd]/i.test(code) ? date : '', /h/i.test(code) ? clock.slice(0, 5) : '']
  return parts.join(' ').trim()
}

/** `C7` is in column 2; a cell without a reference comes after the one before. */
function columnOf(reference: string | undefined, next: number): number {
  const letters = /^[A-Z]{1,3}(?=\d)/.exec(reference ?? '')?.[0]
  return letters ? [...letters].reduce((sum, one) => sum * 26 + one.charCodeAt(0) - 64, 0) - 1 : next
}

/** Excel writes characters that XML has not as `_x000D_`. */
const plain = (text: string) =>
  text.replace(/_x([\dA-F]{4})_/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))

export interface TableOptions {
  decided: Decided
  /** The head of the column that names the groups. */
  labelColumn?: string | undefined
}

/** What the first table that has to do with the questions of a guide says to them; of others it is told. */
export function readTables(
  tables: readonly Table[],
  guide: Guide,
  options: TableOptions,
): Reading | undefined {
  const readings = tables.map(table => readTable(table, guide, options))
  const reading = readings.find(each => each !== undefined)
  const others = tables.filter(({ rows }, i) => rows.length > 0 && readings[i] !== reading)
  if (others.length > 0) reading?.told.push(`${counted(others.length, 'other sheet')} not read`)
  return reading
}

/** What a table says to the questions of a guide; undefined if it has nothing to do with them. */
function readTable({ rows, fault }: Table, guide: Guide, options: TableOptions): Reading | undefined {
  const plainRows = rows.map(row => row.map(unguardedCell))
  const [heads = [], ...body] = plainRows
  const names = heads.map(head => head.trim().toLowerCase())
  const isOurs = names.includes('id') && names.includes('answer')
  const reading = isOurs ? ownTable(names, body, guide) : responses(plainRows, guide, options)
  if (reading && fault) throw fault
  return reading
}

/** What our csv says besides who, to which question and what. */
const OWN = /^(?:element|part|question number|questions in part|question|status|who|id|answer)$/

function ownTable(heads: readonly string[], body: readonly string[][], guide: Guide): Reading {
  const isDigest = heads.includes('who')
  const reading: Reading = { groups: [], told: [], left: [], unclear: [], isDigest }
  const groups = new Map<string, Map<QuestionId, Answer>[]>()
  const times = new Map<string, number>()
  const ids = new Set(guide.questions.map(({ id }) => id))
  for (const [i, row] of body.entries()) {
    const cell = (name: string) => row[heads.indexOf(name)] ?? ''
    const [id, text, who] = [cell('id').trim(), normalizeAnswer(cell('answer')), cell('who')]
    const theirs = groups.get(who) ?? [new Map()]
    groups.set(who, theirs)
    const where = `row ${i + 1}`
    const skipped = text === '' && cell('status') === 'skipped'
    if (ids.has(id) && (text !== '' || skipped)) {
      // Where a digest names nobody, or tables were put together, each answer to a question is another group's.
      const time = times.get(`${id} ${who}`) ?? 0
      times.set(`${id} ${who}`, time + 1)
      theirs[time] = (theirs[time] ?? new Map<QuestionId, Answer>()).set(id, { text, skipped })
    } else if (text !== '') reading.left.push({ where: `${where}, "${id}"`, text })
    for (const [column, text] of row.entries())
      if (!OWN.test(heads[column] ?? '') && text.trim())
        reading.left.push({ where: `${columnAt(heads[column] ?? '', column)}, ${where}`, text })
  }
  for (const [who, theirs] of groups)
    for (const [i, answers] of theirs.entries()) {
      const name = who || (theirs.length > 1 && `Response ${i + 1}`)
      reading.groups.push({ ...(name && { name }), answers, jots: '' })
    }
  return reading
}

const columnAt = (head: string, at: number) => (head.trim() ? `column "${head}"` : `column ${at + 1}`)

interface Column {
  head: string
  at: number
  ids: QuestionId[]
  /** What form tools write themselves: told, and left out. */
  isKnown: boolean
}

type Rows = readonly string[][]

function responses(rows: Rows, guide: Guide, { decided, labelColumn }: TableOptions): Reading | undefined {
  const [heads = [], ...body] = rows
  const columns = columnsOf(rows, guide, decided)
  if (columns.every(({ ids }) => ids.length === 0)) return undefined
  const label = labelColumn === undefined ? -1 : columnNamed(heads, labelColumn)
  const left: Left[] = []
  const groups: Group[] = []
  for (const [i, row] of body.entries()) {
    const answers = new Map<QuestionId, Answer>()
    for (const [at, cell] of row.entries()) {
      const { head, ids, isKnown } = columns[at] ?? { head: '', ids: [], isKnown: false }
      const [id = ''] = ids
      const text = normalizeAnswer(cell)
      if (text === '' || isKnown || at === label) continue
      // A renamed question has a second column: what stands in either is its answer.
      const before = answers.get(id)?.text
      const could = ids.length > 1 ? `, could be ${ids.join(' or ')}` : ''
      if (ids.length === 1) answers.set(id, { text: before ? `${before}\n\n${text}` : text, skipped: false })
      else left.push({ where: `${columnAt(head, at)}${could}, row ${i + 1}`, text: cell })
    }
    const name = row[label]?.trim() || `Response ${i + 1}`
    if (answers.size > 0) groups.push({ name, row: i + 1, answers, jots: '' })
  }
  const told = toldOf(
    columns.filter(({ at }) => at !== label),
    guide,
  )
  if (groups.length < body.length)
    told.push(`${counted(body.length - groups.length, 'row')} without an answer`)
  const unclear = columns
    .filter(({ ids }) => ids.length > 1)
    .map(({ head, at, ids }) => ({
      ...{ key: keyOf(heads, at), where: columnAt(head, at), ids },
      text: body.find(row => row[at]?.trim())?.[at] ?? '',
    }))
  return { groups, told, left, unclear, heads: [...heads] }
}

/** @throws UserError (exit 2) that names the nearest. */
function columnNamed(heads: readonly string[], name: string): number {
  const at = heads.findIndex(head => head.trim().toLowerCase() === name.toLowerCase())
  if (at !== -1) return at
  throw noSuch('column', name, heads)
}

function toldOf(columns: readonly Column[], guide: Guide): string[] {
  const found = new Set(columns.flatMap(({ ids }) => (ids.length === 1 ? ids : [])))
  const known = columns.flatMap(({ head, isKnown }) => (isKnown ? [head] : []))
  const unknown = columns.flatMap(({ head, ids, isKnown }) =>
    ids.length > 0 || isKnown || head.trim() === '' ? [] : [`"${head}"`],
  )
  const others =
    unknown.length > 0 ? `; ${counted(unknown.length, 'column')} not recognized: ${unknown.join(', ')}` : ''
  return [
    `${found.size} of ${guide.questions.length} questions found${others}`,
    ...(known.length > 0 ? [`left out, as no answers: ${known.join(', ')}`] : []),
  ]
}

/** Heads may be equal. */
const keyOf = (heads: readonly string[], at: number) =>
  `${heads[at]} ${heads.slice(0, at).filter(head => head === heads[at]).length}`

function columnsOf([heads = [], ...body]: Rows, guide: Guide, decided: Decided): Column[] {
  const find = finder(guide)
  const columns = heads.map((head, at): Column => {
    const chosen = decided.get(keyOf(heads, at))
    const ids =
      chosen === undefined ? find(head) : guide.questions.some(({ id }) => id === chosen) ? [chosen] : []
    const cells = body.flatMap(row => row[at]?.trim() || [])
    const isMade = MADE.some(form => cells.length > 0 && cells.every(cell => form.test(cell)))
    return { head, at, ids, isKnown: ids.length === 0 && (KNOWN.test(head.trim()) || isMade) }
  })
  const clear = new Set(columns.flatMap(({ ids }) => (ids.length === 1 ? ids : [])))
  return columns.map(column =>
    column.ids.length < 2 ? column : { ...column, ids: column.ids.filter(id => !clear.has(id)) },
  )
}

/** Heads of what form tools add, and people's names. */
const KNOWN =
  /^(?:id|#|timestamp|(?:start|end|completion|last modified|submission|submitted)(?: (?:time|date|at|on))?|e-?mail(?: address)?|(?:(?:full|first|last|your|group|table|team|school|site|district) )?name|name or group|group|table|team|school|site|district|score|total points|quiz feedback|(?:points|feedback) - .*|.* \[(?:score|feedback)\]|user ?name|start|end|today|deviceid|phonenumber|_.*|__version__|meta\/.*|uuid|nombre|nom|correo.*|marca temporal|puntuaci[oó]n)$/i
/** What they write in: times, addresses, scores. */
const MADE = [
  /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}[T, ]+\d{1,2}[:.]\d{2}.{0,20}$/,
  /^\d{5}\.\d+$/,
  /^(?:[^\s@]+@[^\s@]+|anonymous)$/i,
  /^\d+(?:\.\d+)? ?\/ ?\d+$/,
]

/** Which questions a head may mean: by id, by label, alone or before its words, or by the words. */
function finder(guide: Guide): (head: string) => QuestionId[] {
  const names = new Map<string, QuestionId[]>()
  const add = (name: string, id: QuestionId) =>
    names.set(name, [...new Set([...(names.get(name) ?? []), id])])
  const labels: [string, QuestionId][] = []
  for (const question of guide.questions) {
    const { id, text } = question
    for (const name of [id, anchorsOf(guide).get(id) ?? id, squeezed(text)]) add(name, id)
    for (const label of [labelOf(guide, question), headLabel(guide, question)])
      labels.push([squeezed(label), id])
  }
  return head => {
    const bare = head.trim().replace(/ \(\d+\)$|^(?:[^/]*\/)+(?=\w)/g, '')
    for (const name of [bare.toLowerCase(), squeezed(bare), squeezed(bare.replace(/^\d{1,3}[.)]\s+/, ''))]) {
      const ids = names.get(name)
      if (ids) return ids
    }
    const [best] = labels
      .flatMap(([label, id]) => {
        const end = endOf(label, bare, 0)
        return end !== undefined && /^\s*(?::|$)/.test(bare.slice(end)) ? [{ id, end }] : []
      })
      .sort((a, b) => b.end - a.end)
    return best ? [best.id] : []
  }
}
