import { type Action, actionsOf } from '../domain/actions.ts'
import { answerTo, type Count, count, type State, stateOf } from '../domain/answers.ts'
import {
  capitalized,
  DISCUSSED,
  type Guide,
  labelOf,
  placeName,
  type Question,
  type QuestionId,
} from '../domain/guide.ts'
import type { DigestAction } from '../notes/digest.ts'
import { type Document, type Item, ourHeading, outlined, sourceNote } from './document.ts'
import { actionTables, type MoreColumns, type ResponseSource } from './guide-document.ts'
import {
  type Block,
  blocksOf,
  type Inline,
  paragraph,
  plainText,
  strong,
  table,
  wordsOf,
} from './markdown-parser.ts'

/** One page for a site leader: who will do what by when, what was discussed, and what was not answered. */
export function summaryDocument(
  guide: Guide,
  { answers }: ResponseSource,
  { title, facts }: { title: string; facts: (string | undefined)[] },
): Document {
  const those = (wanted: State) => guide.questions.filter(({ id }) => stateOf(answers, id) === wanted)
  const said = (id: QuestionId) => [answerTo(answers, id)]
  return outlined({
    language: guide.language,
    title,
    facts: facts.filter(fact => fact !== undefined),
    items: briefItems({
      ...{ guide, said, open: those('open'), skipped: those('skipped') },
      actions: [...actionsOf(guide, said)],
      count: id => (stateOf(answers, id) === 'answered' ? 1 : 0),
    }),
    source: sourceNote(guide),
    shape: 'brief',
  })
}

/** `7 of 20 questions answered, 1 skipped`. */
function reached({ total, answered, skipped }: Count): string {
  return `${answered} of ${total} questions answered${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

export const reachedBy = (guide: Guide, { answers }: Pick<ResponseSource, 'answers'>) =>
  reached(count(guide.questions, answers))

/** What one page is about: one person's notes, or many groups'. */
export interface Brief {
  guide: Guide
  actions: DigestAction[]
  more?: MoreColumns<DigestAction> | undefined
  /** Whether it matters who said what. */
  named?: boolean
  /** How many answered a question. */
  count(id: QuestionId): number
  said(id: QuestionId, turn: number): Iterable<{ who?: string; text: string }>
  open: Question[]
  skipped?: Question[]
}

/* How much fits on one page, in lines of its small type; a wide font holds so many characters in each. */

const LINES = 55
const ACROSS = 112
const COLUMN = 47
/** What actions may take, so that something of what was said fits. */
const FOR_ACTIONS = 26

/** Actions first; then element by element the story beside our system; then what was not answered. */
export function briefItems(brief: Brief): Item[] {
  const { guide, actions, named = false, count, open, skipped = [] } = brief
  const discussed = guide.questions.filter(({ id, kind }) => kind !== 'action' && count(id) > 0)
  const shown = fitting(actions)
  const more = actions.length - shown.length
  const rest = [
    ...unreached(guide, 'Not yet answered', open),
    ...unreached(guide, guide.labels.skipped, skipped),
  ]
  const none = actions.length + discussed.length === 0
  const taken = shown.reduce((sum, action) => sum + linesOf(action), 3) + linesIn(rest, ACROSS) + 4
  return [
    ...(shown.length > 0
      ? [ourHeading(guide, 'actions'), ...actionTables(guide, shown, named, brief.more)]
      : []),
    ...(more > 0 ? [ours(`And ${more} more ${more === 1 ? 'action' : 'actions'} in the notes.`)] : []),
    ...(discussed.length > 0 ? [heading(DISCUSSED), ...gridFor(brief, discussed, LINES - taken)] : []),
    ...(none ? [ours('Nothing has been answered yet.')] : []),
    ...(rest.length > 0 ? [heading('Not yet answered'), ...rest.map(ours)] : []),
  ]
}

const heading = (text: string): Item => ({ kind: 'heading', level: 2, text, ours: true })
const ours = (text: string): Item => ({ kind: 'text', blocks: [paragraph(text)], ours: true })
const linesIn = (texts: readonly string[], width: number) =>
  texts.reduce((sum, text) => sum + Math.ceil(text.length / width), 0)
const linesOf = ({ what }: Pick<Action, 'what'>) => Math.ceil(what.length / 60) * 1.05 + 0.3

function fitting<T extends Pick<Action, 'what'>>(actions: T[]): T[] {
  let lines = 0
  return actions.filter(action => {
    lines += linesOf(action)
    return lines <= FOR_ACTIONS
  })
}

function unreached(guide: Guide, title: string, questions: Question[]): string[] {
  return questions.length === 0
    ? []
    : [`${title.replace(/\.$/, '')}: ${places(guide, questions).join('; ')}.`]
}

/** `Element B · the story (2 questions)`: for readers who have no guide at hand. */
export function places(guide: Guide, questions: readonly Question[]): string[] {
  const sides = new Map<string, number>()
  for (const question of questions) {
    const side = labelOf(guide, { ...question, of: 1 })
    sides.set(side, (sides.get(side) ?? 0) + 1)
  }
  return [...sides].map(([side, count]) => `${side} (${count === 1 ? '1 question' : `${count} questions`})`)
}

/** How much of what was said is shown: lines for each question, and questions for each side of an element. */
interface Measure {
  lines: number
  questions: number
}

const MEASURES: Measure[] = [
  ...Array.from({ length: 4 * 39 + 1 }, (_, i) => ({
    lines: 40 - i / 4,
    questions: Number.POSITIVE_INFINITY,
  })),
  ...Array.from({ length: 9 }, (_, i) => ({ lines: 1, questions: 9 - i })),
]

/** As much as the lines hold; what does not fit is counted, and an element that does not is named. */
function gridFor(brief: Brief, questions: Question[], lines: number): Item[] {
  const { guide } = brief
  const places = [...new Set(questions.map(question => placeOf(guide, question)))]
  const alone = questions.filter(({ element }) => !element).map(question => placeOf(guide, question))
  const cellsOf = (measure: Measure) =>
    places.map(place => {
      const those = questions.filter(question => placeOf(guide, question) === place)
      if (alone.includes(place)) return [cellFor(brief, those, measure, ACROSS)]
      const side = (comparison: boolean) => those.filter(({ kind }) => (kind === 'comparison') === comparison)
      return [cellFor(brief, side(false), measure), cellFor(brief, side(true), measure)]
    })
  const heightOf = (row: Cell[]) => Math.max(...row.map(({ height }) => height)) + 0.4
  const sum = (rows: Cell[][]) => rows.reduce((sum, row) => sum + heightOf(row), 2)
  // The first that fits, found by halving.
  let [from, to] = [0, MEASURES.length - 1]
  while (from < to) {
    const middle = (from + to) >> 1
    if (sum(cellsOf(MEASURES[middle] as Measure)) <= lines) to = middle
    else from = middle + 1
  }
  const rows = cellsOf(MEASURES[from] as Measure)
  while (rows.length > 1 && sum(rows) > lines) rows.pop()
  const missing = places.slice(rows.length)
  const head = ['', capitalized(guide.labels.story), capitalized(guide.labels.comparison)]
  const cells = rows.flatMap((row, i) => {
    return row.length === 1
      ? []
      : [[[strong(plainText(places[i] ?? ''))], ...row.map(({ inlines }) => inlines)]]
  })
  const paragraphs = rows
    .filter(row => row.length === 1)
    .map(([cell]): Block => ({ kind: 'paragraph', inlines: cell?.inlines ?? [] }))
  return [
    { kind: 'text', blocks: [...paragraphs, ...(cells.length > 0 ? [table(head, cells)] : [])] },
    ...(missing.length > 0 ? [ours(`Not on this page: ${missing.join(', ')}.`)] : []),
  ]
}

const placeOf = (guide: Guide, question: Question) =>
  question.element ? placeName(guide, question) : labelOf(guide, { ...question, of: 1 })

interface Cell {
  inlines: Inline[]
  height: number
}

function cellFor(
  { count, said }: Brief,
  questions: Question[],
  { lines, questions: most }: Measure,
  width = COLUMN,
): Cell {
  const inlines: Inline[] = []
  let height = 0
  const put = (words: Inline[]) => {
    if (inlines.length > 0) inlines.push({ kind: 'break' })
    inlines.push(...words)
    height += Math.ceil(wordsOf(words).length / width)
  }
  for (const question of questions.slice(0, most)) {
    put([strong(plainText(excerpt(question.text, width * (lines < 2 || width > COLUMN ? 1 : 2))))])
    const total = count(question.id)
    const shown = Math.min(total, Math.floor(lines))
    const room = Math.floor((lines / shown) * width)
    let number = 0
    for (const { who, text } of said(question.id, question.position * shown)) {
      if (number++ === shown) break
      const name = who === undefined ? [] : [{ kind: 'emphasis', inlines: plainText(`${who}: `) } as const]
      const more = number === shown && total > shown ? ` (and ${total - shown} more)` : ''
      put([...name, ...plainText(excerpt(text, room - (who ? who.length + 2 : 0) - more.length) + more)])
    }
  }
  const left = questions.length - most
  if (left > 0) put(plainText(`… and ${left} more answered`))
  return { inlines, height }
}

/** The beginning of a text in so many characters, as plain words. */
export function excerpt(text: string, longest: number): string {
  const all = plain(blocksOf(text.slice(0, 2 * longest + 500)))
    .split(/\s+/)
    .filter(Boolean)
    .join(' ')
  if (all.length <= longest) return all
  const cut = all.slice(0, Math.max(12, longest - 2))
  const words = all[cut.length] === ' ' ? cut : cut.replace(/\s\S*$/, '')
  return `${words.replace(/[\s,;:–-]+$/, '')} …`
}

/** What is written one below the other is told apart when it stands in one line. */
function plain(blocks: readonly Block[]): string {
  return blocks
    .map(block => {
      if ('inlines' in block) return lineByLine(block.inlines)
      if (block.kind === 'list') return block.items.map(item => plain(item.blocks)).join('; ')
      if (block.kind === 'quote') return plain(block.blocks)
      if (block.kind === 'table')
        return [block.header, ...block.rows].map(row => row.map(wordsOf).join(', ')).join('; ')
      return block.kind === 'code' ? block.text : ''
    })
    .join(' ')
}

/** A line end after a word is where one thing ends. */
function lineByLine(inlines: readonly Inline[]): string {
  const lines: Inline[][] = [[]]
  for (const inline of inlines) inline.kind === 'break' ? lines.push([]) : lines.at(-1)?.push(inline)
  return lines
    .map(line => wordsOf(line).trim())
    .filter(line => line !== '')
    .reduce(
      (before, line) =>
        before === '' ? line : `${before}${/[\p{L}\p{N})]$/u.test(before) ? ';' : ''} ${line}`,
      '',
    )
}
