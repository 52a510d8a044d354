import { type Answers, answerTo, stateOf } from '../domain/answers.ts'

import { didYouMean, UserError } from '../domain/errors.ts'
import {
  type Element,
  type Guide,
  partOf,
  type Question,
  type QuestionId,
  questionOf,
  type Section,
  SIDE_TITLE,
  unnamedLinks,
} from '../domain/guide.ts'

import {
  blankNotes,
  isHowTo,
  type Notes,
  type Piece,
  pieces,
  questionTitle,
  sourceLine,
  strayIds,
} from '../notes/notes.ts'

import {
  asked,
  type Block,
  type Document,
  type Item,
  outlined,
  type QuestionItem,
  type Response,
  sourceNote,
  wordsOf,
} from './document.ts'

import { markdown, spokenText } from './markdown.ts'
import { blocksOf, blocksOfFile } from './markdown-parser.ts'

/* Documents in the order of the guide. */

/** What one person, or one group, has said. */
export interface ResponseSource {
  answers: Answers
  jots: string
}

export type Layout = 'sequence' | 'compare'
export const LAYOUTS: readonly Layout[] = ['sequence', 'compare']

/** @throws UserError that names the nearest layout. */
export function layoutOf(word: string | undefined): Layout {
  const layout = LAYOUTS.find(name => name === (word ?? 'sequence').toLowerCase())
  if (layout) return layout
  throw new UserError(
    `"${word}" is no layout. ${didYouMean(word ?? '', LAYOUTS) || `Layouts: ${LAYOUTS.join(', ')}.`}`,
  )
}

export interface DocumentOptions {
  title: string
  facts: (string | undefined)[]
  layout?: Layout
  /** Only these questions, with what leads to them. */
  only?: readonly Question[]
  /** Without the guide's own paragraphs. */
  terse?: boolean
}

/** The guide with what somebody said; without a voice, the guide alone. */
export function guideDocument(
  guide: Guide,
  voice: ResponseSource | undefined,
  wish: DocumentOptions,
): Document {
  const ask = (question: Question) => asked(guide, question, voice ? [saidBy(voice, question.id)] : [])
  return assembled({
    ...{ guide, wish, ask },
    ...(voice && { jots: jotsOf(voice), after: strayItems(guide, voice) }),
  })
}

/** The guide with room to write under each question. */
export function handoutDocument(guide: Guide, wish: DocumentOptions): Document {
  const ask = (question: Question): QuestionItem => ({
    ...asked(guide, question, []),
    room: question.kind === 'action' ? ROOM.action : ROOM.answer,
  })
  return assembled({ guide, wish, ask, before: [{ kind: 'text', blocks: blocksOf(BLANKS), ours: true }] })
}

const ROOM = { answer: 5, action: 8 }
const BLANKS = `Name or group: ${'_'.repeat(36)}   Date: ${'_'.repeat(16)}`.replaceAll('_', '\\_')

/** What was said to a question. */
export const saidBy = ({ answers }: Pick<ResponseSource, 'answers'>, id: QuestionId): Response => ({
  state: stateOf(answers, id),
  text: answerTo(answers, id).text,
})

/** What was noted while watching, under a heading of its own. */
export function jotsOf({ jots }: Pick<ResponseSource, 'jots'>): Item[] {
  if (jots === '') return []
  return [
    { kind: 'heading', level: 3, text: JOTS, ours: true },
    { kind: 'text', blocks: blocksOf(jots) },
  ]
}

interface Making {
  guide: Guide
  wish: DocumentOptions
  ask: (question: Question) => QuestionItem
  /** What stands before the overview, above the elements, and at the end. */
  before?: Item[]
  jots?: Item[]
  after?: Item[]
}

function assembled(making: Making): Document {
  const { guide, wish, before = [], jots = [], after = [] } = making
  const elements = guide.stories.elements.flatMap(element => elementItems(making, element))
  return outlined({
    language: guide.language,
    title: wish.title,
    facts: wish.facts.filter(fact => fact !== undefined),
    items: [
      ...before,
      ...texts(making, guide.overview),
      ...sectionItems(making, guide.warmup),
      ...(elements.length > 0 ? [...opening(making, guide.stories), ...jots, ...elements] : []),
      ...sectionItems(making, guide.action),
      ...after,
    ],
    source: sourceNote(guide),
  })
}

function texts({ wish }: Making, paragraphs: readonly string[]): Item[] {
  return wish.terse || paragraphs.length === 0
    ? []
    : [{ kind: 'text', blocks: paragraphs.flatMap(paragraph => blocksOf(paragraph)) }]
}

function opening(making: Making, section: Section): Item[] {
  return [
    { kind: 'heading', level: 2, text: section.title },
    ...texts(making, section.intro),
    ...texts(making, unnamedLinks(section)),
  ]
}

function sectionItems(making: Making, section: Guide['warmup']): Item[] {
  const questions = wanted(making, section.questions)
  return questions.length === 0
    ? []
    : [...opening(making, section), ...questionItems(questions.map(making.ask))]
}

function elementItems(making: Making, element: Element): Item[] {
  const { wish, ask } = making
  const story = wanted(making, element.story)
  const comparison = wanted(making, element.comparison)
  if (story.length + comparison.length === 0) return []
  const sides =
    wish.layout === 'compare'
      ? pairItems(story, comparison, ask)
      : [
          ...side(SIDE_TITLE.story, [], story.map(ask)),
          ...side(SIDE_TITLE.comparison, texts(making, element.leadIn), comparison.map(ask)),
        ]
  return [{ kind: 'heading', level: 3, text: element.title }, ...texts(making, element.framing), ...sides]
}

const wanted = ({ wish: { only } }: Making, questions: readonly Question[]) =>
  questions.filter(question => !only || only.includes(question))

const questionItems = (list: QuestionItem[]): Item[] => list.map(each => ({ kind: 'question', ...each }))

function side(title: string, intro: Item[], list: QuestionItem[]): Item[] {
  return list.length === 0
    ? []
    : [{ kind: 'heading', level: 4, text: title, ours: true }, ...intro, ...questionItems(list)]
}

/** Each story question beside its counterpart; those that have none stand alone, in their place. */
function pairItems(
  story: Question[],
  comparison: Question[],
  ask: (question: Question) => QuestionItem,
): Item[] {
  const counterparts = new Map(
    story.map(({ id }) => [id, comparison.find(({ compares }) => compares === id)]),
  )
  const rows = story.map(question => {
    const counterpart = counterparts.get(question.id)
    return [ask(question), counterpart && ask(counterpart)] as [QuestionItem, QuestionItem | undefined]
  })
  const alone = comparison.filter(question => ![...counterparts.values()].includes(question))
  return [
    ...(rows.length > 0 ? [{ kind: 'pairs', level: 4, rows } as const] : []),
    ...questionItems(alone.map(ask)),
  ]
}

function strayItems(guide: Guide, voice: ResponseSource): Item[] {
  const ids = strayIds(voice, guide)
  if (ids.length === 0) return []
  const strays = ids.map((id): QuestionItem => strayQuestion(id, [saidBy(voice, id)]))
  return [{ kind: 'heading', level: 2, text: STRAY, ours: true }, ...questionItems(strays)]
}

export const STRAY = 'No longer in the guide'
export const JOTS = 'Noted while watching'

/** An answer whose question the guide does not have. */
export const strayQuestion = (id: QuestionId, said: Response[]): QuestionItem => ({
  level: 3,
  label: STRAY,
  text: id,
  id,
  said,
})

/** The notes as they stand: the file's own text in its place, each question with its answer. */
export function notesDocument(guide: Guide, notes: Notes, title?: string): Document {
  const all = pieces(notes)
  const own = blocksOfFile(all.map((piece, i) => ownText(guide, piece, all[i + 1])))
  let heading: string | undefined
  const items = all.flatMap((piece, i): Item[] => {
    if ('answer' in piece) return [{ kind: 'question', ...askedIn(guide, notes, piece.answer) }]
    if ('jots' in piece) return jotsOf(notes)
    const blocks = own[i] ?? []
    const [first, ...rest] = blocks
    if (i > 0 || first?.kind !== 'heading' || first.level > 1) return ownItems(blocks)
    heading = wordsOf(first.inlines)
    return ownItems(rest)
  })
  return outlined({
    language: guide.language,
    title: title ?? heading ?? `${guide.title}: notes`,
    facts: [guide.subtitle, notes.group].filter(fact => fact !== undefined),
    items,
    source: sourceNote(guide),
  })
}

/** The owner's lines without those of the form that a document says in its own way. */
function ownText(guide: Guide, piece: Piece, next: Piece | undefined): string {
  if (!('own' in piece)) return ''
  const question = next && 'answer' in next ? questionOf(guide, next.answer) : undefined
  const said = new Set([sourceLine(guide), `**${guide.subtitle}**`])
  const isSaid = (line: string | undefined) => line !== undefined && (said.has(line) || isHowTo(line))
  const lines = piece.own.split('\n')
  const left = lines.filter((line, i) => !isSaid(line) && !(line === '' && isSaid(lines[i - 1])))
  const last = left.findLastIndex(line => line.trim() !== '')
  if (question && left[last] === questionTitle(question)) left.splice(last)
  return left.join('\n')
}

function ownItems(blocks: Block[]): Item[] {
  const items: Item[] = []
  for (const block of blocks) {
    const last = items.at(-1)
    if (block.kind === 'heading') items.push(ownHeading(block.level, wordsOf(block.inlines)))
    else if (last?.kind === 'text') last.blocks.push(block)
    else items.push({ kind: 'text', blocks: [block] })
  }
  return items
}

/** The form's own headings stand among those of the guide and of the file's owner. */
function ownHeading(level: number, text: string): Item {
  const ours = Object.values<string>(SIDE_TITLE).includes(text)
  return { kind: 'heading', level, text, ...(ours && { ours }) }
}

function askedIn(guide: Guide, voice: ResponseSource, id: string): QuestionItem {
  const said = [saidBy(voice, id)]
  const question = questionOf(guide, id)
  return question ? asked(guide, question, said) : strayQuestion(id, said)
}

/** How many lines of their own people wrote outside the marks; what cannot carry them says so. */
export function ownLines(guide: Guide, notes: Notes): number {
  const known = new Set([
    ...blankNotes(guide, { file: '' }).split('\n'),
    ...guide.questions.map(question => `### ${partOf(guide, question).join(' › ')}`),
  ])
  return pieces(notes)
    .flatMap(piece => ('own' in piece ? piece.own.split('\n') : []))
    .filter(line => line.trim() !== '' && !isHowTo(line) && !known.has(line)).length
}

/* What people read in the terminal: as Markdown, or as lines to be read aloud. */

export type Form = 'markdown' | 'aloud'

export function guideToRead(guide: Guide, form: Form): string {
  return text(guideDocument(guide, undefined, { title: guide.title, facts: [guide.subtitle] }), form)
}

export function notesToRead(guide: Guide, notes: Notes, form: Form): string {
  return text(notesDocument(guide, notes), form)
}

/** Some questions with what was said to them, without the guide's own paragraphs. */
export function partToRead(guide: Guide, answers: Answers, only: readonly Question[], form: Form): string {
  const wish = { title: `${guide.title}: notes`, facts: [], only, terse: true }
  // What somebody reads in the middle of their work, they know the source of.
  return text({ ...guideDocument(guide, { answers, jots: '' }, wish), source: '' }, form)
}

const FORMS = { markdown, aloud: spokenText }
const text = (document: Document, form: Form) => [...FORMS[form](document)].join('')
