import type { State } from '../domain/answers.ts'
import type { Question, QuestionId } from '../domain/guide.ts'
import { DIGEST_MARK, type Digest, type GroupResponse } from '../notes/digest.ts'

import {
  afresh,
  type Block,
  type Document,
  type Inline,
  type Item,
  labelOf,
  outlined,
  paragraph,
  plainText,
  type QuestionItem,
  type Response,
  sourceNote,
} from './document.ts'
import { guideDocument, JOTS, type Layout, STRAY, strayQuestion } from './guide-document.ts'
import { blocksOf } from './markdown-parser.ts'
import { actionHeading, asksForActions, excerpt, heading, LONGEST, notReached, PAGE } from './summary.ts'

/** More names than this say less than their number. */
const MOST_NAMES = 12

export interface DigestOptions {
  title?: string | undefined
  layout?: Layout
  /** Files that could not be used, each as a sentence. */
  leftOut: readonly string[]
  /** Each silent group by itself, as a table wants it, and not all in one line, as people want it. */
  each?: boolean
}

/** What many groups said: by question, and gathered at the end who will do what, the jots, and what is missing. */
export function digestDocument(
  digest: Digest,
  { title, layout = 'sequence', leftOut, each }: DigestOptions,
): Document {
  const { guide } = digest
  const plain = guideDocument(guide, undefined, {
    title: title ?? digestTitle(digest),
    facts: digestFacts(digest),
    layout,
    terse: true,
  })
  const said = each ? rowsOf : saidTo
  const filled = (asked: QuestionItem) => ({ ...asked, said: said(digest, asked.id) })
  const items = afresh(function* (): Generator<Item> {
    yield opening(digest)
    for (const item of plain.items) {
      if (item.kind === 'question') yield { ...item, ...filled(item) }
      else if (item.kind !== 'pairs') yield item
      else yield { ...item, rows: item.rows.map(([left, right]) => [filled(left), right && filled(right)]) }
    }
    yield* strays(digest, filled)
    yield* section('What nobody answered', unanswered(digest))
    if (asksForActions(digest.guide)) {
      yield { kind: 'heading', level: 2, text: 'All actions', ours: true }
      yield* actions(digest)
    }
    yield* jots(digest)
    yield* section('Not in this digest', leftOutBlocks(digest, leftOut))
  })
  return outlined({ ...plain, items })
}

const digestTitle = ({ guide, size }: Digest) => `${guide.title}: what ${groups(size)} said`

/** What stands under the title of a digest: of what it is, and of whom. */
export function digestFacts({ guide, names, anonymous, size }: Digest): string[] {
  const who = anonymous ? ['without names'] : size <= MOST_NAMES ? [names.join(', ')] : []
  return [...(guide.subtitle ? [guide.subtitle] : []), groups(size), ...who]
}

export const groups = (size: number) => `${size} group${size === 1 ? '' : 's'}`

export const nobodyAnswered = (digest: Digest): Question[] =>
  digest.guide.questions.filter(({ id }) => digest.count(id, 'answered') === 0)

function opening(digest: Digest): Item {
  const { total, nobody } = { total: digest.guide.questions.length, nobody: nobodyAnswered(digest).length }
  const order = digest.anonymous
    ? ' The answers to each question stand in an order of its own: the first answer here and the first there need not come from the same group.'
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
    return { who: who ?? `Answer ${number} of ${total}`, state: 'answered', text }
  })
  const silent = (['skipped', 'open'] as const).flatMap((state): Response[] => {
    const count = digest.count(id, state)
    if (count === 0) return []
    return [{ ...(count < digest.size && { who: silentWords(digest, id, state) }), state, text: '' }]
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
      ? Array.from({ length: digest.count(id, state) }, () => ({ state, text: '' }))
      : digest.who(id, state).map(who => ({ who, state, text: '' })),
  )
  return [...[...digest.answers(id)].map(spoken => ({ ...spoken, state: 'answered' as const })), ...silent]
}

function* strays(digest: Digest, filled: (asked: QuestionItem) => QuestionItem): Generator<Item> {
  const ids = digest.strayIds()
  if (ids.length === 0) return
  yield { kind: 'heading', level: 2, text: STRAY, ours: true }
  for (const id of ids) yield { kind: 'question', ...filled(strayQuestion(id, [])) }
}

function* section(title: string, blocks: Block[]): Generator<Item> {
  if (blocks.length === 0) return
  yield { kind: 'heading', level: 2, text: title, ours: true }
  yield { ...text(blocks), ours: true }
}

/** By their places; their words stand above. */
export function unanswered(digest: Digest): Block[] {
  const questions = nobodyAnswered(digest)
  if (questions.length === 0) return [paragraph('Every question was answered by at least one group.')]
  const skipped = (question: Question) => digest.count(question.id, 'skipped') > 0
  return notReached(
    digest.guide,
    questions.filter(question => !skipped(question)),
    questions.filter(skipped),
  )
}

/** A longer table is begun anew, so that thousands of actions need not be in memory at once. */
const MOST_ROWS = 250

/** Who will do what by when, as a table. */
export function* actions(digest: Digest): Generator<Item> {
  const header = [...(digest.anonymous ? [] : ['From']), 'Action', 'Who', 'By when'].map(plainText)
  let rows: Inline[][][] = []
  let none = true
  for (const { from, what, who, when, done } of digest.actions()) {
    none = false
    const about = [[...plainText(done ? '☑ ' : ''), ...inlinesOf(what)], plainText(who), plainText(when)]
    rows.push(digest.anonymous ? about : [plainText(from ?? ''), ...about])
    if (rows.length < MOST_ROWS) continue
    yield text([{ kind: 'table', header, rows }])
    rows = []
  }
  if (none) yield { ...text([paragraph('No actions have been written down.')]), ours: true }
  if (rows.length > 0) yield text([{ kind: 'table', header, rows }])
}

const text = (blocks: Block[]) => ({ kind: 'text', blocks }) as const

function inlinesOf(text: string): Inline[] {
  const [first, ...more] = blocksOf(text)
  return first?.kind === 'paragraph' && more.length === 0 ? first.inlines : plainText(text)
}

/** Lines that all groups have, as when one person noted them for the room, stand there once. */
function* jots(digest: Digest): Generator<Item> {
  if (!digest.hasJots) return
  yield { kind: 'heading', level: 2, text: JOTS, ours: true }
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

export const bullets = (lines: Inline[][]): Block => ({
  kind: 'list',
  loose: false,
  items: lines.map(inlines => ({ blocks: [{ kind: 'paragraph', inlines }] })),
})

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
  yield* separated(digest.actions(), one)
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

/** Fewer characters of an answer tell nothing. */
const SHORTEST = 60
/** What a question gets at least, however many were answered. */
const LEAST = 150

/** One page about many groups: what was discussed, who will do what by when, and what was not reached. */
export function digestBrief(
  digest: Digest,
  { title, when }: { title?: string | undefined; when: string },
): Document {
  const { guide } = digest
  const nobody = nobodyAnswered(digest)
  const discussed = guide.questions.filter(
    question => question.kind !== 'action' && !nobody.includes(question),
  )
  return outlined({
    language: guide.language,
    title: title ?? `${guide.title}: summary of ${groups(digest.size)}`,
    facts: [...digestFacts(digest), when],
    items: [
      heading('What was discussed', true),
      { kind: 'text', blocks: discussion(digest, discussed) },
      ...actionHeading(guide),
      ...(asksForActions(guide) ? actions(digest) : []),
      heading('What was not reached', true),
      { kind: 'text', blocks: unanswered(digest), ours: true },
    ],
    source: sourceNote(guide),
    brief: true,
  })
}

function discussion(digest: Digest, questions: Question[]): Block[] {
  if (questions.length === 0) return [paragraph('Nothing has been answered yet.')]
  const room = Math.max(LEAST, Math.floor(PAGE / questions.length))
  return [bullets(questions.map((question, i) => discussed(digest, question, room, i)))]
}

/**
 * As many answers as the room holds, each by its beginning, and how many more there are. Groups take turns: the answers
 * to each question begin where those to the one before it ended.
 */
function discussed(digest: Digest, question: Question, room: number, turn: number): Inline[] {
  const count = digest.count(question.id, 'answered')
  const each = Math.min(LONGEST, Math.max(SHORTEST, Math.floor(room / count)))
  const shown = Math.min(count, Math.max(1, Math.floor(room / each)))
  const gists = [...first(digest.answers(question.id, turn * shown), shown)].map(({ who, text }) =>
    who === undefined ? `“${excerpt(text, each)}”` : `${who}: ${excerpt(text, each)}`,
  )
  const more = count > shown ? [`and ${count - shown} more`] : []
  return [
    {
      kind: 'strong',
      inlines: plainText(`${labelOf(digest.guide, question)} (${count} of ${groups(digest.size)}):`),
    },
    ...plainText(` ${[...gists, ...more].join(' · ')}`),
  ]
}

function* first(spoken: Iterable<GroupResponse>, most: number): Generator<GroupResponse> {
  let number = 0
  for (const one of spoken) {
    if (number++ === most) return
    yield one
  }
}
