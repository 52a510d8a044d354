import type { State } from '../domain/answers.ts'
import type { Question, QuestionId } from '../domain/guide.ts'
import { STATE_NAMES } from '../domain/review.ts'
import { DIGEST_MARK, type Digest, type DigestAction } from '../notes/digest.ts'
import {
  afresh,
  type Document,
  type Item,
  ourHeading,
  outlined,
  type QuestionItem,
  type Response,
  response,
  sourceNote,
} from './document.ts'
import { actionTables, guideDocument, type Layout, STRAY, strayQuestion } from './guide-document.ts'
import { type Block, blocksOf, bullets, paragraph, plainText } from './markdown-parser.ts'
import { briefItems, places } from './summary.ts'

/** More names than this say less than their number. */
const MOST_NAMES = 12

export interface DigestOptions {
  title?: string | undefined
  /** More lines under the title. */
  facts?: (string | undefined)[]
  layout?: Layout
  /** Files that could not be used, each as a sentence. */
  leftOut: readonly string[]
  /** Each silent group by itself, as a table wants it, and not all in one line, as people want it. */
  each?: boolean
}

/** What many groups said: who will do what first, then by question, the jots, and what is missing. */
export function digestDocument(
  digest: Digest,
  { title, facts = [], layout = 'sequence', leftOut, each }: DigestOptions,
): Document {
  const { guide, anonymous } = digest
  const plain = guideDocument(guide, undefined, {
    title: title ?? `${guide.title}: responses from ${groups(digest.size)}`,
    facts: [...digestFacts(digest), ...facts],
    layout,
    terse: true,
  })
  const said = each ? rowsOf : saidTo
  const filled = (asked: QuestionItem) => ({ ...asked, said: said(digest, asked.id) })
  const items = afresh(function* (): Generator<Item> {
    yield opening(digest)
    yield* section(
      ourHeading(guide, 'actions'),
      actionTables(guide, digest.actions(), !anonymous, roundColumn(digest)),
    )
    for (const item of plain.items) {
      if (item.kind === 'question') yield { ...item, ...filled(item) }
      else if (item.kind !== 'pairs') yield item
      else
        yield {
          ...item,
          rows: item.rows.map(({ sides: [left, right], ...words }) => ({
            ...words,
            sides: [left && filled(left), right && filled(right)],
          })),
        }
    }
    const strays = digest.strayIds().map(id => filled(strayQuestion(id, [])))
    yield* section(
      ours(STRAY),
      strays.map(each => ({ kind: 'question', ...each })),
    )
    yield* section(ours('Questions no group answered'), texts(unanswered(digest)))
    yield* jots(digest)
    yield* section(ours('Not in this digest'), texts(leftOutBlocks(digest, leftOut)))
  })
  return outlined({ ...plain, items })
}

/** Where groups have met before: which actions are new, and what became of the others. */
const roundColumn = ({ hasEarlier }: Digest) =>
  hasEarlier ? { heads: ['State'], cells: (action: DigestAction) => [stateIn(action)] } : undefined
const stateIn = ({ state, since }: DigestAction) =>
  since === undefined && state === 'open' ? 'new' : STATE_NAMES[state]

const ours = (text: string): Item => ({ kind: 'heading', level: 2, text, ours: true })
const texts = (blocks: Block[]): Item[] => (blocks.length > 0 ? [{ kind: 'text', blocks, ours: true }] : [])

/** A heading with what stands under it, if anything does. */
function* section(heading: Item, items: Iterable<Item>): Generator<Item> {
  let first = true
  for (const item of items) {
    if (first) yield heading
    first = false
    yield item
  }
}

/** What stands under the title of a digest: of what it is, and of whom. */
export function digestFacts({ guide, names, anonymous, size }: Digest): string[] {
  const who = anonymous ? ['without names'] : size <= MOST_NAMES ? [names.join(', ')] : []
  return [...(guide.subtitle ? [guide.subtitle] : []), groups(size), ...who]
}

export const groups = (size: number) => `${size} group${size === 1 ? '' : 's'}`

export const nobodyAnswered = (digest: Digest): Question[] =>
  digest.guide.questions.filter(({ id }) => digest.count(id, 'answered') === 0 && digest.isAsked(id))

function opening(digest: Digest): Item {
  const { total, nobody } = {
    total: digest.guide.questions.filter(({ id }) => digest.isAsked(id)).length,
    nobody: nobodyAnswered(digest).length,
  }
  const order = digest.anonymous
    ? ' The order of the answers differs from question to question: the first answer here and the first there need not come from the same group.'
    : ''
  const sum = `${total - nobody} of ${total} questions were answered by at least one group.${order}`
  return { kind: 'text', blocks: [{ kind: 'comment', text: DIGEST_MARK }, paragraph(sum)], ours: true }
}

/** Who said what, and then who skipped the question and who left it open. */
function saidTo(digest: Digest, id: QuestionId): Response[] {
  const total = digest.count(id, 'answered')
  let number = 0
  const spoken = [...digest.answers(id)].map(({ who, text }): Response => {
    number++
    return response(digest.guide, 'answered', text, who ?? `Answer ${number} of ${total}`)
  })
  const silent = (['skipped', 'open'] as const).flatMap((state): Response[] => {
    const count = digest.count(id, state)
    if (count === 0) return []
    return [
      response(digest.guide, state, '', count < digest.size ? silentWords(digest, id, state) : undefined),
    ]
  })
  return [...spoken, ...silent]
}

function silentWords(digest: Digest, id: QuestionId, state: State): string {
  const names = digest.who(id, state)
  return names.length > 0 && names.length <= MOST_NAMES
    ? names.join(', ')
    : `${digest.count(id, state)} of ${groups(digest.size)}`
}

function rowsOf(digest: Digest, id: QuestionId): Response[] {
  const silent = (['skipped', 'open'] as const).flatMap(state =>
    digest.anonymous
      ? Array.from({ length: digest.count(id, state) }, () => response(digest.guide, state, ''))
      : digest.who(id, state).map(who => response(digest.guide, state, '', who)),
  )
  const spoken = [...digest.answers(id)].map(({ who, text }) => response(digest.guide, 'answered', text, who))
  return [...spoken, ...silent]
}

/** By their places; their words stand above. */
function unanswered(digest: Digest): Block[] {
  const questions = nobodyAnswered(digest)
  return questions.length === 0 ? [] : [bullets(places(digest.guide, questions).map(plainText))]
}

/** Lines that all groups have, as when one person noted them for the room, appear once. */
function* jots(digest: Digest): Generator<Item> {
  if (!digest.hasJots) return
  yield ourHeading(digest.guide, 'jots')
  const shared = sharedLines(digest)
  if (shared.size > 0) {
    yield { kind: 'heading', level: 3, text: 'All groups', ours: true }
    yield { kind: 'text', blocks: blocksOf([...shared].join('\n')) }
  }
  let number = 0
  for (const { who, text } of digest.jots()) {
    number++
    const own = text.split('\n').filter(line => !shared.has(line))
    if (own.every(line => line.trim() === '')) continue
    yield { kind: 'heading', level: 3, text: who ?? `Notes ${number}` }
    yield { kind: 'text', blocks: blocksOf(own.join('\n')) }
  }
}

/** The lines that the jots of every group hold; none where there is but one group. */
function sharedLines(digest: Digest): Set<string> {
  let shared: Set<string> | undefined
  let voices = 0
  for (const { text } of digest.jots()) {
    voices++
    const lines = new Set(text.split('\n').filter(line => line.trim() !== ''))
    shared = new Set([...(shared ?? lines)].filter(line => lines.has(line)))
    if (shared.size === 0) break
  }
  return voices > 1 && voices === digest.size && shared ? shared : new Set()
}

function leftOutBlocks({ anonymous }: Digest, leftOut: readonly string[]): Block[] {
  if (leftOut.length === 0) return []
  if (!anonymous && leftOut.length <= MOST_NAMES) return [bullets(leftOut.map(plainText))]
  return [paragraph(`${leftOut.length} file${leftOut.length === 1 ? '' : 's'} could not be used.`)]
}

/** A digest for other programs, in pieces: an answer, an action or a jot on each line. */
export function* digestJson(digest: Digest, leftOut: readonly string[]): Generator<string> {
  const { guide, size, names, anonymous } = digest
  yield `{\n"guide": ${JSON.stringify(guide.id)},\n"groups": ${JSON.stringify(anonymous ? size : names)},\n"questions": [`
  yield* separated(guide.questions, question => questionJson(digest, question))
  yield ']'
  const stray = digest.strayIds()
  if (stray.length > 0) {
    yield ',\n"noLongerInTheGuide": ['
    yield* separated(stray, id => answersJson(digest, id, { id }))
    yield ']'
  }
  yield ',\n"actions": ['
  yield* separated(digest.actions(), ({ from, what, who, when, since, state }) =>
    one({ from, what, who, when, since, state }),
  )
  yield '],\n"jots": ['
  yield* separated(digest.jots(), one)
  yield `],\n"leftOut": ${JSON.stringify(anonymous ? leftOut.length : leftOut)}\n}\n`
}

function questionJson(digest: Digest, { id, element, kind, text }: Question): Iterable<string> {
  const silent = (state: State) => (digest.anonymous ? digest.count(id, state) : digest.who(id, state))
  const about = {
    id,
    element: element?.id ?? null,
    kind,
    text,
    skipped: silent('skipped'),
    open: silent('open'),
  }
  return answersJson(digest, id, about)
}

function* answersJson(digest: Digest, id: QuestionId, about: object): Generator<string> {
  yield `${JSON.stringify(about).slice(0, -1)},"answers":[`
  yield* separated(digest.answers(id), one)
  yield ']}'
}

function* separated<T>(things: Iterable<T>, write: (thing: T) => Iterable<string>): Generator<string> {
  let comma = ''
  for (const thing of things) {
    yield `${comma}\n`
    yield* write(thing)
    comma = ','
  }
}

function* one(value: unknown): Generator<string> {
  yield JSON.stringify(value)
}

/** One page about many groups: who will do what by when, what was discussed, and what was not answered. */
export function digestBrief(
  digest: Digest,
  { title, facts }: { title?: string | undefined; facts: (string | undefined)[] },
): Document {
  const { guide, anonymous } = digest
  return outlined({
    language: guide.language,
    title: title ?? `${guide.title}: summary of ${groups(digest.size)}`,
    facts: [...digestFacts(digest), ...facts].filter(fact => fact !== undefined),
    items: briefItems({
      ...{ guide, named: !anonymous, open: nobodyAnswered(digest) },
      actions: [...digest.actions()],
      more: roundColumn(digest),
      count: id => digest.count(id, 'answered'),
      // Groups take turns: the answers to each question begin where those to the one before it ended.
      said: (id, turn) => digest.answers(id, turn),
    }),
    source: sourceNote(guide),
    shape: 'brief',
  })
}
