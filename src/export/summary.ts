import { type Action, actionsOf } from '../domain/actions.ts'
import { answerTo, count, type State, stateOf } from '../domain/answers.ts'
import { wide } from '../domain/errors.ts'
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
import { type Block, type Inline, paragraph, plainText, strong, table, textLines, wordsOf } from './blocks.ts'
import { type Document, documentOf, type Item, ourHeading, type Parts, toolHeading } from './document.ts'
import { actionTables, type MoreColumns, type ResponseSource } from './guide-document.ts'
import { blocksOf } from './markdown-parser.ts'

type About = Pick<Parts, 'title' | 'facts'>

/** What one page is about: one person's notes, or many groups'. */
interface Brief extends About {
  guide: Guide
  actions: DigestAction[]
  more?: MoreColumns<DigestAction> | undefined
  /** Whether it matters who said what. */
  named?: boolean
  /** How many answered a question. */
  count(id: QuestionId): number
  said(id: QuestionId, turn: number): Iterable<{ who?: string | undefined; text: string }>
  /** In words, where not all were asked. */
  askedOf?(id: QuestionId): string | undefined
  open: Question[]
  skipped?: Question[]
}

/** One page for a site leader: who will do what by when, what was discussed, and what was not answered. */
export function summaryDocument(guide: Guide, { answers }: ResponseSource, about: About): Document {
  const those = (wanted: State) => guide.questions.filter(({ id }) => stateOf(answers, id) === wanted)
  const said = (id: QuestionId) => [answerTo(answers, id)]
  return briefDocument({
    ...{ ...about, guide, said, open: those('open'), skipped: those('skipped') },
    actions: [...actionsOf(guide, said)],
    count: id => (stateOf(answers, id) === 'answered' ? 1 : 0),
  })
}

/** `7 of 20 questions answered, 1 skipped`. */
export function reachedBy({ questions }: Guide, { answers }: Pick<ResponseSource, 'answers'>): string {
  const { total, answered, skipped } = count(questions, answers)
  return `${answered} of ${total} questions answered${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

/* How much fits on one page, in lines of its small type; a wide font holds so many characters in each. */

const LINES = 55
const ACROSS = 112
const COLUMN = 47
/** What actions may take, so that something of what was said fits. */
const FOR_ACTIONS = 26
/** Headings, and the line about the source. */
const FOR_FORM = 7

/** Actions first; then element by element the story beside our system; then what was not answered. */
export function briefDocument(brief: Brief): Document {
  const { guide, title, facts = [], actions, named = false, count, open, skipped = [] } = brief
  const discussed = guide.questions.filter(({ id, kind }) => kind !== 'action' && count(id) > 0)
  const shown = fitting(actions)
  const more = actions.length - shown.length
  const rest = [
    ...unreached(guide, '', open),
    ...unreached(guide, `${guide.labels.skipped.replace(/\.$/, '')}: `, skipped),
  ]
  const lines = LINES - FOR_FORM - sumOf(shown, linesOf) - sumOf(rest, text => linesIn(text, ACROSS))
  const items = [
    ...(shown.length > 0
      ? [ourHeading(guide, 'actions'), ...actionTables(guide, shown, named, brief.more)]
      : []),
    ...(more > 0 ? [ours(`And ${more} more ${more === 1 ? 'action' : 'actions'} in the notes.`)] : []),
    ...(discussed.length > 0 ? [toolHeading(DISCUSSED), ...gridFor(brief, discussed, lines)] : []),
    ...(actions.length + discussed.length === 0 ? [ours('Nothing has been answered yet.')] : []),
    ...(rest.length > 0 ? [toolHeading('Not yet answered'), ...rest.map(ours)] : []),
  ]
  return documentOf(guide, { title, facts, items, shape: 'small' })
}

const ours = (text: string): Item => ({ kind: 'text', blocks: [paragraph(text)], ours: true })
const sumOf = <T>(list: readonly T[], size: (one: T) => number) =>
  list.reduce((sum, one) => sum + size(one), 0)
const linesIn = (text: string, width: number) =>
  Math.ceil((text.length + countOf(text, wide()) + countOf(text, /\p{Lu}/gu) / 4) / width)
const countOf = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0
const linesOf = ({ what }: Pick<Action, 'what'>) => linesIn(what, 60) * 1.05 + 0.3

function fitting<T extends Pick<Action, 'what'>>(actions: T[]): T[] {
  let lines = 0
  return actions.filter(action => {
    lines += linesOf(action)
    return lines <= FOR_ACTIONS
  })
}

const unreached = (guide: Guide, title: string, questions: Question[]): string[] =>
  questions.length === 0 ? [] : [`${title}${places(guide, questions).join('; ')}.`]

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
  most: number
}

const MEASURES: Measure[] = [
  ...[40, 32, 25, 20, 16, 13, 10, 8, 7, 6, 5, 4, 3.5, 3, 2.5, 2, 1.75, 1.5, 1.25, 1].map(lines => ({
    ...{ lines, most: Number.POSITIVE_INFINITY },
  })),
  ...[9, 8, 7, 6, 5, 4, 3, 2, 1].map(most => ({ lines: 1, most })),
]

/** An element with its two sides, or what is asked besides elements. */
interface Row {
  place: string
  sides: Question[][]
}

function rowsIn(guide: Guide, questions: readonly Question[]): Row[] {
  const rows = new Map<string, Row>()
  for (const question of questions) {
    const { element, kind } = question
    const place = element ? placeName(guide, question) : labelOf(guide, { ...question, of: 1 })
    const row = rows.get(place) ?? { place, sides: element ? [[], []] : [[]] }
    row.sides[kind === 'comparison' ? 1 : 0]?.push(question)
    rows.set(place, row)
  }
  return [...rows.values()]
}

/** As much as the lines hold; what does not fit is counted, and an element that does not is named. */
function gridFor(brief: Brief, questions: Question[], lines: number): Item[] {
  const { guide } = brief
  const written = (measure: Measure) =>
    rowsIn(guide, questions).map(({ place, sides }) => ({
      ...{ place, sides },
      cells: sides.map(side => cellFor(brief, side, measure, sides.length > 1 ? COLUMN : ACROSS)),
    }))
  const fits = (rows: ReturnType<typeof written>) =>
    2 + sumOf(rows, ({ cells }) => Math.max(...cells.map(({ height }) => height)) + 0.4) <= lines
  const measure = MEASURES.find(measure => fits(written(measure))) ?? { lines: 1, most: 1 }
  const rows = written(measure)
  const missing: string[] = []
  while (rows.length > 1 && !fits(rows)) missing.unshift(rows.pop()?.place ?? '')
  const paragraphs = rows
    .filter(({ cells }) => cells.length === 1)
    .map(({ cells }): Block => ({ kind: 'paragraph', inlines: cells[0]?.inlines ?? [] }))
  const grid = rows
    .filter(({ cells }) => cells.length > 1)
    .map(({ place, sides, cells }) => [
      [strong(plainText(place)), ...askedOf(brief, sides.flat())],
      ...cells.map(({ inlines }) => inlines),
    ])
  const head = ['', capitalized(guide.labels.story), capitalized(guide.labels.comparison)]
  return [
    { kind: 'text', blocks: [...paragraphs, ...(grid.length > 0 ? [table(head, grid)] : [])] },
    ...(missing.length > 0 ? [ours(`Not on this page: ${missing.join(', ')}.`)] : []),
  ]
}

/** Of whom an element was asked, where that was not everybody. */
function askedOf(brief: Brief, questions: readonly Question[]): Inline[] {
  const [only, ...more] = new Set(questions.map(({ id }) => brief.askedOf?.(id)))
  return only === undefined || more.length > 0 ? [] : [{ kind: 'break' }, ...plainText(only)]
}

function cellFor(brief: Brief, questions: Question[], { lines, most }: Measure, width: number) {
  const short = width * (lines < 2 || width > COLUMN ? 1 : 2)
  const paragraphs = questions
    .slice(0, most)
    .flatMap(question => [
      [strong(plainText(excerpt(question.text, short)))],
      ...answersTo(brief, question, lines, width),
    ])
  const left = questions.length - most
  if (left > 0) paragraphs.push(plainText(`… and ${left} more answered`))
  return {
    inlines: paragraphs.flatMap((words): Inline[] => [{ kind: 'break' }, ...words]).slice(1),
    height: sumOf(paragraphs, words => linesIn(wordsOf(words), width)),
  }
}

function answersTo(brief: Brief, { id, position }: Question, lines: number, width: number): Inline[][] {
  const { count, said } = brief
  const total = count(id)
  const shown = Math.min(total, Math.floor(lines))
  const answers: Inline[][] = []
  for (const { who, text } of said(id, position * shown)) {
    if (answers.length === shown) break
    const name = who === undefined ? '' : `${who}: `
    const more = answers.length + 1 === shown && total > shown ? ` (and ${total - shown} more)` : ''
    const words = excerpt(text, Math.floor((lines / shown) * width) - name.length - more.length) + more
    answers.push([
      // In Markdown, a space at the end of an emphasis would end it as one.
      ...(name ? [{ kind: 'emphasis', inlines: plainText(name.trim()) } as const, ...plainText(' ')] : []),
      ...plainText(words),
    ])
  }
  return answers
}

/** The beginning of a text in so many characters, as plain words. */
export function excerpt(text: string, longest: number): string {
  const lines = textLines(blocksOf(text.slice(0, 2 * longest + 500)))
  // What is written one below the other is told apart when it stands in one line.
  const all = lines
    .map(line => line.trim().replace(/\s+/g, ' '))
    .filter(Boolean)
    .map((line, i, { length }) => (i < length - 1 && /[\p{L}\p{N})]$/u.test(line) ? `${line};` : line))
    .join(' ')
  if (all.length <= longest) return all
  const cut = all.slice(0, Math.max(12, longest - 2))
  const words = all[cut.length] === ' ' ? cut : cut.replace(/\s\S*$/, '')
  return `${words.replace(/[\s,;:–-]+$/, '')} …`
}
