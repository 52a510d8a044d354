import { type Action, actionsOf } from '../domain/actions.ts'
import { type Answers, answerTo, stateOf } from '../domain/answers.ts'
import { oneOf } from '../domain/errors.ts'
import {
  capitalized,
  type Guide,
  LABELS,
  type Question,
  type QuestionId,
  questionOf,
  type Section,
  unnamedLinks,
} from '../domain/guide.ts'
import { besidesForm, linesBesides } from '../notes/guide-text.ts'
import { type Notes, type Piece, pieces, strayIds } from '../notes/notes.ts'
import { type Block, type Inline, plainText, table, wordsOf } from './blocks.ts'
import {
  afresh,
  asked,
  type Document,
  documentOf,
  type Item,
  ourHeading,
  type Pair,
  type QuestionItem,
  type Response,
  response,
  toolHeading,
} from './document.ts'
import { markdown, spokenText } from './markdown.ts'
import { blocksOf, blocksOfFile, lineOf } from './markdown-parser.ts'

/* Documents in the order of the guide. */

/** What one person, or one group, has said. */
export type ResponseSource = Pick<Notes, 'answers' | 'jots'>

export type Layout = 'sequence' | 'compare'
export const LAYOUTS: readonly Layout[] = ['sequence', 'compare']

/** @throws UserError that names the nearest layout. */
export const layoutOf = (word = 'sequence'): Layout => oneOf('layout', word, LAYOUTS)

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
  const { only, terse } = wish
  const asksActions = !only || only.some(({ kind }) => kind === 'action')
  return assembled(guide, wish, {
    ask: question => asked(guide, question, voice ? [saidBy(guide, voice, question.id)] : []),
    *jots() {
      if (voice) yield* jotsOf(guide, voice.jots)
    },
    *after() {
      if (voice && !terse && asksActions) yield* actionItems(guide, voice.answers)
      if (voice && !only)
        yield* section(
          STRAY_HEADING,
          strayIds(voice, guide).map(id => strayQuestion(id, [saidBy(guide, voice, id)])),
        )
    },
  })
}

/** What was said to a question. */
const saidBy = (guide: Guide, { answers }: Pick<ResponseSource, 'answers'>, id: QuestionId): Response =>
  response(guide, stateOf(answers, id), answerTo(answers, id).text)

/** What was noted while watching, under a heading of its own. */
const jotsOf = (guide: Guide, jots: string): Item[] =>
  jots === '' ? [] : [ourHeading(guide, 'jots', 3), { kind: 'text', blocks: blocksOf(jots) }]

/** A heading with what stands under it, if anything does. */
export function* section(heading: Item, items: Iterable<Item>): Generator<Item> {
  let first = true
  for (const item of items) {
    if (first) yield heading
    first = false
    yield item
  }
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
export function* actionTables<T extends Omit<Action, 'line' | 'words'> & { from?: string | undefined }>(
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
      [...plainText(more ? '' : STATES[state]), ...lineOf(what)],
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

/** The actions of one person's notes under a heading, where the table says more than the answer itself. */
function actionItems(guide: Guide, answers: Answers): Item[] {
  const actions = [...actionsOf(guide, id => [answerTo(answers, id)])]
  return actions.some(({ who, when }) => who !== '' || when !== '')
    ? [ourHeading(guide, 'actions', 3), ...actionTables(guide, actions)]
    : []
}

/* The guide in its order. */

/** What a document holds beside the guide's own words. */
export interface Parts {
  ask: (question: Question) => QuestionItem
  /** What stands before the overview, above the elements, and at the end. */
  before?: () => Iterable<Item>
  jots?: () => Iterable<Item>
  after?: () => Iterable<Item>
}

export const assembled = (guide: Guide, wish: DocumentOptions, parts: Parts): Document =>
  documentOf(guide, {
    ...{ title: wish.title, facts: wish.facts },
    items: afresh(() => itemsOf(guide, wish, parts)),
    ...(wish.layout === 'compare' && { shape: 'wide' }),
  })

const none = () => []

function* itemsOf(guide: Guide, wish: DocumentOptions, parts: Parts): Generator<Item> {
  const { ask, before = none, jots = none, after = none } = parts
  const wanted = (questions: readonly Question[]) =>
    questions.filter(question => !wish.only || wish.only.includes(question))
  const texts = (paragraphs: readonly string[]): Item[] =>
    wish.terse || paragraphs.length === 0 ? [] : [{ kind: 'text', blocks: paragraphs.flatMap(blocksOf) }]
  const opening = (part: Section): Item[] => [
    { kind: 'heading', level: 2, text: part.title },
    ...texts(part.intro),
    ...texts(unnamedLinks(part)),
  ]
  function* questions(list: readonly Question[], leading: readonly Item[]): Generator<Item> {
    if (list.length > 0) yield* leading
    for (const question of list) yield ask(question)
  }
  yield* before()
  yield* texts(guide.overview)
  yield* questions(wanted(guide.warmup.questions), opening(guide.warmup))
  // What is asked of an element begins a page, unless the first one has room for it.
  let newPage = before !== none || wanted(guide.warmup.questions).length > 0
  let above = [...opening(guide.stories), ...jots()]
  for (const { title, framing, leadIn, ...element } of guide.stories.elements) {
    const [story, comparison] = [wanted(element.story), wanted(element.comparison)]
    if (story.length + comparison.length === 0) continue
    // A heading with nothing under it goes along to the page of the first element.
    const lone = above.length === 1
    yield* lone ? above.map(item => ({ ...item, newPage })) : above
    yield { kind: 'heading', level: 3, text: title, newPage: newPage && !lone }
    newPage = true
    above = []
    yield* texts(framing)
    if (wish.layout === 'compare') yield pairs(guide, ask, story, comparison)
    else {
      yield* questions(story, [ourHeading(guide, 'story', 4)])
      yield* questions(comparison, [ourHeading(guide, 'comparison', 4), ...texts(leadIn)])
    }
  }
  yield* questions(wanted(guide.action.questions), opening(guide.action))
  yield* after()
}

/** Each story question beside its counterpart; those that have none stand alone. */
function pairs(guide: Guide, ask: Parts['ask'], story: Question[], comparison: Question[]): Item {
  const counterpart = ({ id }: Question) => comparison.find(({ compares }) => compares === id)
  const paired = new Set(story.map(counterpart))
  const pair = (...both: [Question?, Question?]): Pair => [both[0] && ask(both[0]), both[1] && ask(both[1])]
  return {
    kind: 'pairs',
    heads: [capitalized(guide.labels.story), capitalized(guide.labels.comparison)],
    rows: [
      ...story.map(question => pair(question, counterpart(question))),
      ...comparison.filter(question => !paired.has(question)).map(question => pair(undefined, question)),
    ],
  }
}

const STRAY = 'No longer in the guide'
export const STRAY_HEADING = toolHeading(STRAY)

/** An answer whose question the guide does not have. */
export const strayQuestion = (id: QuestionId, said: Iterable<Response>): QuestionItem => ({
  ...{ kind: 'question', level: 3, label: STRAY, text: id, id, said },
})

/** How the notes are shown as they stand. */
interface NotesOptions {
  title?: string | undefined
  facts?: (string | undefined)[]
  /** The actions also as a table. */
  actions?: boolean
}

/** The notes as they stand: the file's own text in its place, each question with its answer. */
export function notesDocument(guide: Guide, notes: Notes, options: NotesOptions = {}): Document {
  const all = pieces(notes)
  const own = blocksOfFile(all.map((piece, i) => ownText(guide, piece, all[i + 1])))
  const lastAction = guide.action.questions.findLast(({ id }) => notes.spans.has(id))?.id
  // An element stands on the first page where nothing is asked above it.
  const firstAnswer = all.findIndex(piece => 'answer' in piece)
  let heading: string | undefined
  const items = all.flatMap((piece, i): Item[] => {
    if ('answer' in piece) {
      const table = options.actions && piece.answer === lastAction ? actionItems(guide, notes.answers) : []
      return [askedIn(guide, notes, piece.answer), ...table]
    }
    if ('jots' in piece) return jotsOf(guide, notes.jots)
    const blocks = own[i] ?? []
    const [first, ...rest] = blocks
    const isTitle = i === 0 && first?.kind === 'heading' && first.level === 1
    if (isTitle) heading = wordsOf(first.inlines)
    return ownItems(guide, isTitle ? rest : blocks, i > firstAnswer)
  })
  return documentOf(guide, {
    title: options.title ?? heading ?? `${guide.title}: notes`,
    facts: [guide.subtitle, notes.group, ...(options.facts ?? [])],
    items,
  })
}

/** The owner's lines without those of the form that a document says in its own way. */
function ownText(guide: Guide, piece: Piece, next: Piece | undefined): string {
  if (!('own' in piece)) return ''
  const question = next && 'answer' in next ? questionOf(guide, next.answer) : undefined
  return besidesForm(guide, piece.own, question)
}

function ownItems(guide: Guide, blocks: Block[], begun: boolean): Item[] {
  const items: Item[] = []
  for (const block of blocks) {
    const last = items.at(-1)
    if (block.kind === 'heading') items.push(ownHeading(guide, block.level, wordsOf(block.inlines), begun))
    else if (last?.kind === 'text') last.blocks.push(block)
    else items.push({ kind: 'text', blocks: [block] })
  }
  return items
}

/** The form's own headings stand among those of the guide and of the file's owner. */
function ownHeading({ stories }: Guide, level: number, text: string, begun: boolean): Item {
  const ours = [LABELS.story, LABELS.comparison].map(capitalized).includes(text)
  const newPage = begun && stories.elements.some(({ title }) => title === text)
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

export const guideToRead = (guide: Guide, form: Form): string =>
  text(guideDocument(guide, undefined, { title: guide.title, facts: [guide.subtitle] }), form)

export const notesToRead = (guide: Guide, notes: Notes, form: Form): string =>
  text(notesDocument(guide, notes), form)

/** Some questions with what was said to them, without the guide's own paragraphs. */
export function partToRead(guide: Guide, answers: Answers, only: readonly Question[], form: Form): string {
  const wish = { title: `${guide.title}: notes`, facts: [], only, terse: true }
  // What somebody reads in the middle of their work, they know the source of.
  return text({ ...guideDocument(guide, { answers, jots: '' }, wish), source: [] }, form)
}

const FORMS = { markdown, aloud: spokenText }
const text = (document: Document, form: Form) => [...FORMS[form](document)].join('')
