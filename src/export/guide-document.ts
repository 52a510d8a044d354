import { type Action, actionsOf } from '../domain/actions.ts'
import { type Answers, answerTo, stateOf } from '../domain/answers.ts'
import { didYouMean, UserError } from '../domain/errors.ts'
import {
  capitalized,
  type Element,
  type Guide,
  LABELS,
  labelOf,
  placeName,
  type Question,
  type QuestionId,
  questionOf,
  type Section,
  unnamedLinks,
} from '../domain/guide.ts'
import { besidesForm, linesBesides } from '../notes/guide-text.ts'
import { type Notes, type Piece, pieces, strayIds } from '../notes/notes.ts'
import {
  asked,
  type Document,
  type Item,
  ourHeading,
  outlined,
  type Pair,
  type QuestionItem,
  type Response,
  response,
  sourceNote,
} from './document.ts'
import { markdown, spokenText } from './markdown.ts'
import {
  type Block,
  blocksOf,
  blocksOfFile,
  type Inline,
  plainText,
  table,
  wordsOf,
} from './markdown-parser.ts'

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
    `There is no layout "${word}". ${didYouMean(word ?? '', LAYOUTS) || `Layouts: ${LAYOUTS.join(', ')}.`}`,
  )
}

export interface DocumentOptions {
  title: string
  facts: (string | undefined)[]
  layout?: Layout
  /** Only these questions, with what leads to them. */
  only?: readonly Question[] | undefined
  /** Without the guide's own paragraphs. */
  terse?: boolean
}

/** The guide with what somebody said; without a voice, the guide alone. */
export function guideDocument(
  guide: Guide,
  voice: ResponseSource | undefined,
  wish: DocumentOptions,
): Document {
  const ask = (question: Question) => asked(guide, question, voice ? [saidBy(guide, voice, question.id)] : [])
  return assembled({
    ...{ guide, wish, ask },
    ...(voice && {
      jots: jotsOf(guide, voice.jots),
      after: [
        ...(wish.terse ? [] : actionItems(guide, voice.answers)),
        ...(wish.only ? [] : strayItems(guide, voice)),
      ],
    }),
  })
}

/** What was said to a question. */
export const saidBy = (
  guide: Guide,
  { answers }: Pick<ResponseSource, 'answers'>,
  id: QuestionId,
): Response => response(guide, stateOf(answers, id), answerTo(answers, id).text)

/** What was noted while watching, under a heading of its own. */
export function jotsOf(guide: Guide, jots: string): Item[] {
  return jots === '' ? [] : [ourHeading(guide, 'jots', 3), { kind: 'text', blocks: blocksOf(jots) }]
}

/* Actions stand in one table, whatever they were written in. */

/** A longer table is split, so that thousands of actions need not be in memory at once. */
const MOST_ROWS = 250
const STATES = { open: '', done: '☑ ', dropped: '☒ ' }

/** Further columns of a table of actions, of which one tells the state. */
export interface MoreColumns<T> {
  heads: string[]
  cells: (action: T) => string[]
}

/** Who does what by when. */
export function* actionTables<T extends Omit<Action, 'line' | 'words'> & { from?: string }>(
  guide: Guide,
  actions: Iterable<T>,
  named = false,
  more?: MoreColumns<T>,
): Generator<Item> {
  const { action, who, when } = guide.labels
  const words = [...(named ? ['Group'] : []), action, who, when, ...(more?.heads ?? [])]
  let rows: Inline[][][] = []
  for (const each of actions) {
    const { from = '', what, who, when, state } = each
    const about = [
      [...plainText(more ? '' : STATES[state]), ...inlinesOf(what)],
      plainText(who),
      plainText(when.replace(/^(?:by|due)\s+/i, '')),
      ...(more?.cells(each) ?? []).map(plainText),
    ]
    rows.push(named ? [plainText(from), ...about] : about)
    if (rows.length < MOST_ROWS) continue
    yield { kind: 'text', blocks: [table(words, rows)] }
    rows = []
  }
  if (rows.length > 0) yield { kind: 'text', blocks: [table(words, rows)] }
}

function inlinesOf(text: string): Inline[] {
  const [first, ...more] = blocksOf(text)
  return first?.kind === 'paragraph' && more.length === 0 ? first.inlines : plainText(text)
}

/** The actions of one person's notes under a heading, where the table says more than the answer itself. */
function actionItems(guide: Guide, answers: Answers): Item[] {
  const actions = [...actionsOf(guide, id => [answerTo(answers, id)])]
  return actions.some(({ who, when }) => who !== '' || when !== '')
    ? [ourHeading(guide, 'actions', 3), ...actionTables(guide, actions)]
    : []
}

/* The guide in its order. */

export interface Making {
  guide: Guide
  wish: DocumentOptions
  ask: (question: Question) => QuestionItem
  /** What stands before the overview, above the elements, and at the end. */
  before?: Item[]
  jots?: Item[]
  after?: Item[]
}

export function assembled(making: Making): Document {
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
      ...(elements.length > 0 ? storyItems([...opening(making, guide.stories), ...jots], elements) : []),
      ...sectionItems(making, guide.action),
      ...after,
    ],
    source: sourceNote(guide),
    ...(wish.layout === 'compare' && { shape: 'wide' }),
  })
}

/** A heading with nothing under it goes along to the page of the first element. */
function storyItems(opening: Item[], elements: Item[]): Item[] {
  const [heading, ...rest] = opening
  const [first, ...more] = elements
  if (!heading || !first || rest.length > 0) return [...opening, ...elements]
  return [{ ...heading, newPage: true } as Item, { ...first, newPage: false } as Item, ...more]
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
  const { wish, ask, guide } = making
  const story = wanted(making, element.story)
  const comparison = wanted(making, element.comparison)
  if (story.length + comparison.length === 0) return []
  const sides =
    wish.layout === 'compare'
      ? [pairs(making, story, comparison)]
      : [
          ...side(guide, 'story', [], story.map(ask)),
          ...side(guide, 'comparison', texts(making, element.leadIn), comparison.map(ask)),
        ]
  return [
    { kind: 'heading', level: 3, text: element.title, newPage: true },
    ...texts(making, element.framing),
    ...sides,
  ]
}

const wanted = ({ wish: { only } }: Making, questions: readonly Question[]) =>
  questions.filter(question => !only || only.includes(question))

const questionItems = (list: QuestionItem[]): Item[] => list.map(each => ({ kind: 'question', ...each }))

function side(guide: Guide, kind: 'story' | 'comparison', intro: Item[], list: QuestionItem[]): Item[] {
  return list.length === 0 ? [] : [ourHeading(guide, kind, 4), ...intro, ...questionItems(list)]
}

/** Each story question beside its counterpart; those that have none stand alone. */
function pairs({ guide, ask }: Making, story: Question[], comparison: Question[]): Item {
  const counterpart = ({ id }: Question) => comparison.find(({ compares }) => compares === id)
  const paired = new Set(story.map(counterpart))
  const row = (left?: Question, right?: Question): Pair => ({
    ...(left && left.text === right?.text && { text: left.text, label: sharedLabel(guide, left) }),
    sides: [left && ask(left), right && ask(right)],
  })
  return {
    ...{
      kind: 'pairs',
      level: 4,
      heads: [capitalized(guide.labels.story), capitalized(guide.labels.comparison)],
    },
    rows: [
      ...story.map(question => row(question, counterpart(question))),
      ...comparison.filter(question => !paired.has(question)).map(question => row(undefined, question)),
    ],
  }
}

/** `Element A · 1 of 3`: the columns say which side. */
const sharedLabel = (guide: Guide, question: Question) =>
  [placeName(guide, question), ...labelOf(guide, question).split(' · ').slice(2)].join(' · ')

function strayItems(guide: Guide, voice: ResponseSource): Item[] {
  const ids = strayIds(voice, guide)
  if (ids.length === 0) return []
  return [
    { kind: 'heading', level: 2, text: STRAY, ours: true },
    ...questionItems(ids.map(id => strayQuestion(id, [saidBy(guide, voice, id)]))),
  ]
}

export const STRAY = 'No longer in the guide'

/** An answer whose question the guide does not have. */
export const strayQuestion = (id: QuestionId, said: Response[]): QuestionItem => ({
  ...{ level: 3, label: STRAY, text: id, id, said },
})

/** How the notes are shown as they stand. */
export interface NotesOptions {
  title?: string | undefined
  facts?: (string | undefined)[]
  /** Without the jots. */
  withoutJots?: boolean
  /** The actions also as a table. */
  actions?: boolean
}

/** The notes as they stand: the file's own text in its place, each question with its answer. */
export function notesDocument(guide: Guide, notes: Notes, options: NotesOptions = {}): Document {
  const all = pieces(notes)
  const own = blocksOfFile(all.map((piece, i) => ownText(guide, piece, all[i + 1])))
  const lastAction = guide.action.questions.findLast(({ id }) => notes.spans.has(id))?.id
  let heading: string | undefined
  const items = all.flatMap((piece, i): Item[] => {
    if ('answer' in piece) {
      const table = options.actions && piece.answer === lastAction ? actionItems(guide, notes.answers) : []
      return [{ kind: 'question', ...askedIn(guide, notes, piece.answer) }, ...table]
    }
    if ('jots' in piece) return options.withoutJots ? [] : jotsOf(guide, notes.jots)
    const blocks = own[i] ?? []
    const [first, ...rest] = blocks
    if (i > 0 || first?.kind !== 'heading' || first.level > 1) return ownItems(guide, blocks)
    heading = wordsOf(first.inlines)
    return ownItems(guide, rest)
  })
  return outlined({
    language: guide.language,
    title: options.title ?? heading ?? `${guide.title}: notes`,
    facts: [guide.subtitle, notes.group, ...(options.facts ?? [])].filter(fact => fact !== undefined),
    items,
    source: sourceNote(guide),
  })
}

/** The owner's lines without those of the form that a document says in its own way. */
function ownText(guide: Guide, piece: Piece, next: Piece | undefined): string {
  if (!('own' in piece)) return ''
  const question = next && 'answer' in next ? questionOf(guide, next.answer) : undefined
  return besidesForm(guide, piece.own, question)
}

function ownItems(guide: Guide, blocks: Block[]): Item[] {
  const items: Item[] = []
  for (const block of blocks) {
    const last = items.at(-1)
    if (block.kind === 'heading') items.push(ownHeading(guide, block.level, wordsOf(block.inlines)))
    else if (last?.kind === 'text') last.blocks.push(block)
    else items.push({ kind: 'text', blocks: [block] })
  }
  return items
}

/** The form's own headings stand among those of the guide and of the file's owner. */
function ownHeading({ stories }: Guide, level: number, text: string): Item {
  const ours = [LABELS.story, LABELS.comparison].map(capitalized).includes(text)
  const newPage = stories.elements.some(({ title }) => title === text)
  return { kind: 'heading', level, text, ...(ours && { ours }), ...(newPage && { newPage }) }
}

function askedIn(guide: Guide, voice: ResponseSource, id: string): QuestionItem {
  const said = [saidBy(guide, voice, id)]
  const question = questionOf(guide, id)
  return question ? asked(guide, question, said) : strayQuestion(id, said)
}

/** How many lines of their own people wrote outside the marks; what cannot carry them says so. */
export function ownLines(guide: Guide, notes: Notes): number {
  return pieces(notes).reduce(
    (sum, piece) => sum + ('own' in piece ? linesBesides(guide, piece.own).length : 0),
    0,
  )
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
  return text({ ...guideDocument(guide, { answers, jots: '' }, wish), source: [] }, form)
}

const FORMS = { markdown, aloud: spokenText }
const text = (document: Document, form: Form) => [...FORMS[form](document)].join('')
