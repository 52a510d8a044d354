import { STATE_NAMES } from '../domain/actions.ts'
import { counted, type State } from '../domain/answers.ts'
import type { Question, QuestionId } from '../domain/guide.ts'
import { DIGEST_MARK, type Digest, type DigestAction } from '../notes/digest.ts'
import { bullets, paragraph, plainText } from './blocks.ts'
import {
  afresh,
  asked,
  type Document,
  type Item,
  ourHeading,
  type QuestionItem,
  type Response,
  response,
  toolHeading,
} from './document.ts'
import {
  actionTables,
  assembled,
  type Layout,
  STRAY_HEADING,
  section,
  strayQuestion,
} from './guide-document.ts'
import { blocksOf } from './markdown-parser.ts'
import { briefDocument, places } from './summary.ts'

/** More names than this say less than their number. */
const MOST_NAMES = 12

interface DigestOptions {
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
export function digestDocument(digest: Digest, options: DigestOptions): Document {
  const { title, facts = [], layout = 'sequence', leftOut, each = false } = options
  const { guide, anonymous } = digest
  const said = (id: QuestionId) => afresh(() => saidTo(digest, id, each))
  const wish = {
    title: title ?? `${guide.title}: responses from ${groups(digest.size)}`,
    facts: [...digestFacts(digest), ...facts],
    ...{ layout, terse: true },
  }
  return assembled(guide, wish, {
    ask: question => askedOf(digest, asked(guide, question, said(question.id))),
    *before() {
      yield opening(digest)
      const table = actionTables(guide, digest.actions(), !anonymous, roundColumn(digest))
      yield* section(ourHeading(guide, 'actions'), table)
    },
    *after() {
      const strays = digest.strayIds().map(id => strayQuestion(id, said(id)))
      yield* section(STRAY_HEADING, strays)
      yield* section(
        toolHeading('Questions no group answered'),
        listed(places(guide, nobodyAnswered(digest))),
      )
      yield* jots(digest)
      yield* section(toolHeading('Not in this digest'), listed(leftOutLines(digest, leftOut)))
    },
  })
}

/** Where groups have met before: which actions are new, and what became of the others. */
const roundColumn = ({ hasEarlier }: Digest) =>
  hasEarlier ? { heads: ['State'], cells: (action: DigestAction) => [stateIn(action)] } : undefined
const stateIn = ({ state, since }: DigestAction) =>
  since === undefined && state === 'open' ? 'new' : STATE_NAMES[state]

const listed = (lines: readonly string[]): Item[] =>
  lines.length > 0 ? [{ kind: 'text', blocks: [bullets(lines.map(plainText))], ours: true }] : []

/** What stands under the title of a digest: of what it is, and of whom. */
function digestFacts({ guide, names, anonymous, size }: Digest): string[] {
  const who = anonymous ? ['without names'] : size <= MOST_NAMES ? [names.join(', ')] : []
  return [...(guide.subtitle ? [guide.subtitle] : []), groups(size), ...who]
}

const groups = (size: number) => counted(size, 'group')

const nobodyAnswered = (digest: Digest): Question[] =>
  digest.guide.questions.filter(({ id }) => digest.count(id, 'answered') === 0 && digest.isAsked(id))

function opening(digest: Digest): Item {
  const total = digest.guide.questions.filter(({ id }) => digest.isAsked(id)).length
  const nobody = nobodyAnswered(digest).length
  const order = digest.anonymous
    ? ' The order of the answers differs from question to question: the first answer here and the first there need not come from the same group.'
    : ''
  const sum = `${total - nobody} of ${total} questions were answered by at least one group.${order}`
  return { kind: 'text', blocks: [{ kind: 'comment', text: DIGEST_MARK }, paragraph(sum)], ours: true }
}

/** Its label says which groups were asked, where not all were. */
function askedOf(digest: Digest, item: QuestionItem): QuestionItem {
  const label = [item.label, onlyAskedOf(digest, item.id)].filter(part => part !== undefined).join(' · ')
  return label === '' ? item : { ...item, label }
}

function onlyAskedOf(digest: Digest, id: QuestionId): string | undefined {
  const only = digest.askedOnly(id)
  return only && `asked of ${named(digest, only.names, only.count)} only`
}

/** Some of the groups by their names, where that says more than their number. */
const named = (digest: Digest, names: readonly string[], count: number) =>
  names.length > 0 && names.length <= MOST_NAMES ? names.join(', ') : `${count} of ${groups(digest.size)}`

/** Who said what, and then who skipped the question and who left it open. */
function* saidTo(digest: Digest, id: QuestionId, each: boolean): Generator<Response> {
  const { guide, size } = digest
  const total = digest.count(id, 'answered')
  let number = 0
  for (const { who, text } of digest.answers(id)) {
    number++
    yield response(guide, 'answered', text, who ?? (each ? undefined : `Answer ${number} of ${total}`))
  }
  for (const state of ['skipped', 'open'] as const) {
    const [count, names] = [digest.count(id, state), digest.who(id, state)]
    if (each) for (let i = 0; i < count; i++) yield response(guide, state, '', names[i])
    else if (count > 0)
      yield response(guide, state, '', count < size ? named(digest, names, count) : undefined)
  }
}

/** Lines that all groups have, as when one person noted them for the room, appear once. */
function* jots(digest: Digest): Generator<Item> {
  if (!digest.hasJots) return
  yield ourHeading(digest.guide, 'jots')
  const shared = sharedLines(digest)
  if (shared.size > 0) {
    yield toolHeading('All groups', 3)
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
  return voices > 1 && voices >= digest.size && shared ? shared : new Set()
}

function leftOutLines({ anonymous }: Digest, leftOut: readonly string[]): readonly string[] {
  const isNamed = leftOut.length === 0 || (!anonymous && leftOut.length <= MOST_NAMES)
  return isNamed ? leftOut : [`${counted(leftOut.length, 'file')} could not be used.`]
}

/** A digest for other programs, in pieces: an answer, an action or a jot on each line. */
export function* digestJson(digest: Digest, leftOut: readonly string[]): Generator<string> {
  const { guide, size, names, anonymous } = digest
  const silent = (id: QuestionId, state: State) =>
    anonymous ? digest.count(id, state) : digest.who(id, state)
  const withAnswers = (about: { id: QuestionId }) =>
    jsonLines(`${JSON.stringify(about).slice(0, -1)},"answers":[`, digest.answers(about.id), ']}')
  yield `{\n"guide": ${JSON.stringify(guide.id)},\n"groups": ${JSON.stringify(anonymous ? size : names)}`
  const questions = guide.questions.map(({ id, element, kind, text }) => ({
    ...{ id, element: element?.id ?? null, kind, text },
    ...{ skipped: silent(id, 'skipped'), open: silent(id, 'open') },
  }))
  yield* jsonLines(',\n"questions": [', questions, ']', withAnswers)
  const stray = digest.strayIds().map(id => ({ id }))
  if (stray.length > 0) yield* jsonLines(',\n"noLongerInTheGuide": [', stray, ']', withAnswers)
  const action = ({ from, what, who, when, since, state }: DigestAction) => [
    JSON.stringify({ from, what, who, when, since, state }),
  ]
  yield* jsonLines(',\n"actions": [', digest.actions(), ']', action)
  yield* jsonLines(',\n"jots": [', digest.jots(), ']')
  yield `,\n"leftOut": ${JSON.stringify(anonymous ? leftOut.length : leftOut)}\n}\n`
}

function* jsonLines<T>(
  start: string,
  things: Iterable<T>,
  end: string,
  write: (thing: T) => Iterable<string> = thing => [JSON.stringify(thing)],
): Generator<string> {
  yield start
  let comma = ''
  for (const thing of things) {
    yield `${comma}\n`
    yield* write(thing)
    comma = ','
  }
  yield end
}

/** One page about many groups: who will do what by when, what was discussed, and what was not answered. */
export function digestBrief(digest: Digest, about: Pick<DigestOptions, 'title' | 'facts'>): Document {
  const { guide, anonymous } = digest
  return briefDocument({
    ...{ guide, named: !anonymous, open: nobodyAnswered(digest) },
    title: about.title ?? `${guide.title}: summary of ${groups(digest.size)}`,
    facts: [...digestFacts(digest), ...(about.facts ?? [])],
    actions: [...digest.actions()],
    more: roundColumn(digest),
    count: id => digest.count(id, 'answered'),
    askedOf: id => onlyAskedOf(digest, id),
    // Groups take turns: the answers to each question begin where those to the one before it ended.
    said: (id, turn) => digest.answers(id, turn),
  })
}
