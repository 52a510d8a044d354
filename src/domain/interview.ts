import {
  type Answer,
  type Answers,
  answerTo,
  type Count,
  count,
  type Jot,
  jotsFor,
  jotsIn,
  normalizeAnswer,
  OPEN,
  stateOf,
} from './answers.ts'

import { UserError } from './errors.ts'
import { type Guide, type Question, type QuestionId, questionOf, unnamedLinks } from './guide.ts'

/*
 * The interview decides whether and in which order to ask; a UI decides how. It knows neither files nor screens, so
 * that alone or with a group, at a terminal, through a screen reader or from a file, it is the same interview.
 */

export type Order = 'guide' | 'watch-first'
export const ORDERS: readonly Order[] = ['guide', 'watch-first']

/** All questions of the guide in the order asked: watch-first asks every story question before the comparisons. */
export function questionOrder(guide: Guide, order: Order): Question[] {
  if (order === 'guide') return guide.questions
  const { warmup, stories, action } = guide
  const all = (kind: 'story' | 'comparison') => stories.elements.flatMap(element => element[kind])
  return [...warmup.questions, ...all('story'), ...all('comparison'), ...action.questions]
}

/**
 * Where to begin: at the draft; else at the first open question after the last one answered; else, or `fromTheTop`, at
 * the first open one; else at the end.
 */
export function startingPoint(
  route: readonly Question[],
  answers: Answers,
  draft?: Draft,
  fromTheTop = false,
): { at: Question | undefined; reason: Reason } {
  const drafted = route.find(question => question.id === draft?.question)
  if (drafted) return { at: drafted, reason: 'draft' }
  const open = (question: Question) => stateOf(answers, question.id) === 'open'
  const last = route.findLastIndex(question => stateOf(answers, question.id) === 'answered')
  const at = route.slice(fromTheTop ? 0 : last + 1).find(open) ?? route.find(open)
  if (!at) return { at, reason: 'done' }
  return { at, reason: route.every(open) ? 'begun' : 'resumed' }
}

export interface Interview {
  guide: Guide
  /** All questions, in the order in which they are asked. */
  order: readonly Question[]
  /** Those to be asked; others are reached only by going to them. */
  route: readonly Question[]
  store: NotesStore
  ui: InterviewUi
  draft?: Draft | undefined
  /** Whether there were no notes before. */
  fresh: boolean
  /** Whether to begin at the first open question, not where the person was. */
  fromTheTop: boolean
  /** Whether a person is there who can be told that a save failed. Without one it ends the interview. */
  attended: boolean
  /** Sentences the person should read before the first question. */
  remarks?: readonly string[]
}

/** Asks through the UI until the person leaves or nothing is left to ask. */
export async function runInterview(interview: Interview): Promise<void> {
  const { guide, order, store, ui, draft, fresh, fromTheTop, remarks = [] } = interview
  let { route } = interview
  const before = await store.answers()
  const { reason, ...begin } = startingPoint(route, before, draft, fromTheTop)
  const intro = new IntroBlocks(guide, fresh || reason === 'begun' ? undefined : begin.at)
  const deferred = new Set<QuestionId>()
  let { at } = begin
  let pending = draft
  const limited = route.length < order.length
  await ui.show({ kind: 'welcome', guide, fresh, reason, count: count(route, before), limited, remarks, at })
  for (;;) {
    const answers = await store.answers()
    if (at) {
      for (const block of intro.before(at, answers)) await ui.show(block)
      const { action } = await askOne({ ...interview, route }, at, pending)
      pending = undefined
      if (action === 'leave') return
      if (action === 'later' || action === 'next') deferred.add(at.id)
      at = destination({ guide, order, route, answers: await store.answers(), deferred }, at, action)
    } else {
      const elsewhere = count(order, answers).open - count(route, answers).open
      const choice = await ui.end({ guide, answers, count: count(route, answers), elsewhere })
      if (choice === 'leave') return
      if (choice === 'rest') route = order
      deferred.clear()
      at =
        typeof choice === 'object'
          ? questionOf(guide, choice.to)
          : nextOpen({ guide, order, route, answers, deferred })
    }
  }
}

const SAVED: readonly SaveResult['outcome'][] = ['saved', 'both kept', 'written anew']

type Asking = Pick<Interview, 'guide' | 'order' | 'route' | 'store' | 'ui' | 'attended'>

/**
 * Asks one question and puts the reply into the notes; asks again while it could not be saved, if a person is there. A
 * draft of another question is left alone.
 */
export async function askOne(asking: Asking, question: Question, draft: Draft | undefined): Promise<Reply> {
  const { store, ui, attended } = asking
  let pending = draft?.question === question.id ? draft : undefined
  for (;;) {
    const context = await contextOf(asking, question, pending)
    const reply = await ui.ask(context)
    const result = await record(store, context, reply).catch((error): SaveResult => {
      if (!attended || reply.action === 'leave' || !(error instanceof UserError)) throw error
      // The disk may be full or the file broken for the moment: the person keeps the words and is told.
      return { outcome: 'not saved', question, text: reply.text, count: context.count, reason: error.message }
    })
    const putBack = SAVED.includes(result.outcome) ? await store.putBack() : []
    ui.tell(putBack.length > 0 ? { ...result, putBack } : result)
    if (result.outcome !== 'not saved') return reply
    pending = draftOf(context, reply.text)
  }
}

async function contextOf(
  { guide, order, route, store }: Asking,
  question: Question,
  draft: Draft | undefined,
): Promise<QuestionContext> {
  const answers = await store.answers()
  const compared = questionOf(guide, question.compares ?? '')
  const answer = answerTo(answers, question.id)
  return {
    ...{ guide, question, answer, answers, route },
    ...(draft && { draft }),
    ...(compared && { story: { question: compared, text: answerTo(answers, compared.id).text } }),
    jots: jotsFor(question, jotsIn(guide, await store.jots()), answer.text),
    count: count(route, answers),
    first: previous({ order, route }, question) === undefined,
  }
}

/** What is typed at a question, as a draft that remembers which answer it began from. */
export function draftOf(
  { question, answer, draft }: QuestionContext,
  text: string,
  caret: number = text.length,
): Draft {
  return { question: question.id, opened: draft?.opened ?? answer.text, text, caret }
}

async function record(store: NotesStore, context: QuestionContext, reply: Reply): Promise<SaveResult> {
  const { question, answer, draft, route } = context
  const { change, ...decided } = changeBy(answer, reply)
  let { outcome } = decided
  if (change) {
    const saved = await store.save(question.id, change, draft?.opened ?? answer.text)
    if (change.text !== '') outcome = saved
    // Somebody may have answered it meanwhile in the file: that stays.
    else if (answerTo(await store.answers(), question.id).text !== '') outcome = 'kept'
  }
  return { outcome, question, text: normalizeAnswer(reply.text), count: count(route, await store.answers()) }
}

/** What a reply changes in the notes, and what came of it. An emptied area alone never erases an answer. */
function changeBy(
  { text: before, skipped }: Answer,
  { text: written, action, erase }: Reply,
): { change?: Answer; outcome: SaveResult['outcome'] } {
  const text = normalizeAnswer(written)
  if (text !== '' && text === before) return { outcome: action === 'next' ? 'kept' : 'moved' }
  if (text !== '') return { change: { text, skipped: false }, outcome: 'saved' }
  if (erase) return { change: OPEN, outcome: 'erased' }
  if (action !== 'next' && action !== 'later' && action !== 'skip') return { outcome: 'moved' }
  if (before !== '' || (skipped && action === 'next')) return { outcome: 'kept' }
  // "Later" on a skipped question reopens it.
  const skips = action === 'skip'
  return {
    outcome: skips ? 'skipped' : 'left open',
    ...(skips !== skipped && { change: { text: '', skipped: skips } }),
  }
}

type Path = Pick<Interview, 'guide' | 'order' | 'route'> & {
  answers: Answers
  deferred: ReadonlySet<QuestionId>
}

function destination(path: Path, at: Question, move: Exclude<Move, 'leave'>): Question | undefined {
  if (typeof move === 'object') return questionOf(path.guide, move.to) ?? at
  return move === 'back' ? (previous(path, at) ?? at) : nextOpen(path, at)
}

const previous = ({ order, route }: Pick<Path, 'order' | 'route'>, at: Question) =>
  order.slice(0, order.indexOf(at)).findLast(question => route.includes(question))

/** The next question that is open and was not deferred, round to the start; none at the end of the interview. */
function nextOpen({ order, route, answers, deferred }: Path, at?: Question): Question | undefined {
  const wanted = (question: Question) =>
    question !== at &&
    route.includes(question) &&
    !deferred.has(question.id) &&
    stateOf(answers, question.id) === 'open'
  const here = at ? order.indexOf(at) : -1
  return order.slice(here + 1).find(wanted) ?? order.slice(0, here + 1).find(wanted)
}

/* Protocol between the interview, its UI and the notes store. */

export type Move = 'next' | 'back' | 'later' | 'skip' | 'leave' | { to: QuestionId }

/** The text goes with every move, so none can drop it. Only `erase` lets an empty text replace an answer. */
export interface Reply {
  text: string
  action: Move
  erase?: boolean
}

/** What is known when a question is asked. */
export interface QuestionContext {
  guide: Guide
  question: Question
  /** The answer as it stands in the notes. */
  answer: Answer
  /** What was being typed when the last session broke off. */
  draft?: Draft
  /** The story question that this one compares with, and the user's own answer to it. */
  story?: { question: Question; text: string }
  /** What was written down while watching that belongs to this question, and is not in its answer. */
  jots: readonly Jot[]
  answers: Answers
  count: Count
  /** Those that are asked in turn. */
  route: readonly Question[]
  /** Whether there is no question before it. */
  first: boolean
}

export interface Draft {
  question: QuestionId
  /** The answer in the notes when the person began to edit it. */
  opened: string
  text: string
  /** Offset into the text, in UTF-16 units. */
  caret: number
}

/** What came of a reply. `moved`: nothing changed and nothing need be said. */
export interface SaveResult {
  outcome:
    | ('saved' | 'both kept' | 'written anew')
    | ('skipped' | 'erased' | 'kept' | 'left open' | 'moved' | 'not saved')
  question: Question
  /** Why it could not be saved, and whether a draft of it could. */
  reason?: string
  drafted?: boolean
  /** Questions whose answers were put back, because the file had lost them. */
  putBack?: readonly QuestionId[]
  /** What was replied. */
  text: string
  count: Count
}

/** Whoever is asked: a person, a screen reader, a file, a test. */
export interface InterviewUi {
  show(block: IntroBlock): Promise<void>
  ask(context: QuestionContext): Promise<Reply>
  tell(result: SaveResult): void
  /** Every question has been asked. */
  end(ending: EndContext): Promise<EndChoice>
}

/** What is known when every question has been asked. */
export interface EndContext {
  guide: Guide
  answers: Answers
  /** Of the questions asked this time. */
  count: Count
  /** How many questions are open that are not asked this time. */
  elsewhere: number
}

/** `open`: ask the open questions again; `rest`: also those that were not asked this time. */
export type EndChoice = 'open' | 'rest' | 'leave' | { to: QuestionId }

/** The notes as the interview sees them. */
export interface NotesStore {
  answers(): Promise<Answers>
  /** The jots from the video, one a line. */
  jots(): Promise<string>
  /**
   * @returns 'both kept' if the answer had changed since it was `opened` here; 'written anew' if the notes were gone
   * and were written again with all that was known here.
   */
  save(id: QuestionId, answer: Answer, opened: string): Promise<'saved' | 'both kept' | 'written anew'>
  /**
   * Puts back answers that were saved here and are in the notes as they were before, because an editor beside it has
   * saved its old text. @returns their questions.
   */
  putBack(): Promise<QuestionId[]>
}

/** Why the interview begins where it does. */
export type Reason = 'draft' | 'resumed' | 'begun' | 'done'

/** Shown before a question; never waits for a key. */
export type IntroBlock =
  | {
      kind: 'welcome'
      guide: Guide
      fresh: boolean
      reason: Reason
      count: Count
      /** Whether only a part of the guide is asked. */
      limited: boolean
      /** Sentences the person should read before the first question. */
      remarks: readonly string[]
      at: Question | undefined
    }
  /** `named`: the question that follows says itself which section it is in. `watch`: its questions are about a video. */
  | { kind: 'section'; title: string; named: boolean; paragraphs: string[]; watch: boolean }
  | { kind: 'element'; title: string; paragraphs: string[] }
  | { kind: 'lead-in'; paragraphs: string[] }
  | { kind: 'notes'; guide: Guide; answers: Answers }

/** Each heading, framing, lead-in and look back, once a session, before the first question under it. */
class IntroBlocks {
  readonly #guide: Guide
  readonly #shown = new Set<object | string>()

  constructor(guide: Guide, resumedAt: Question | undefined) {
    this.#guide = guide
    // Who comes back in the middle of a section has read its introduction.
    if (resumedAt) this.#shown.add(this.#sectionOf(resumedAt))
  }

  before(question: Question, answers: Answers): IntroBlock[] {
    const { kind, element } = question
    const guide = this.#guide
    const section = this.#sectionOf(question)
    const blocks: IntroBlock[] = []
    if (this.#first(section)) {
      const { title, intro, links } = section
      const paragraphs = [...intro, ...unnamedLinks(section)]
      const watch = section === guide.stories && links.length > 0
      blocks.push({ kind: 'section', title, named: !element, paragraphs, watch })
    }
    if (element && this.#first(element))
      blocks.push({ kind: 'element', title: element.title, paragraphs: element.framing })
    if (element && kind === 'comparison' && element.leadIn.length > 0 && this.#first(element.leadIn))
      blocks.push({ kind: 'lead-in', paragraphs: element.leadIn })
    if (kind === 'action' && this.#first('notes')) blocks.push({ kind: 'notes', guide, answers })
    return blocks
  }

  #first(thing: object | string): boolean {
    return !this.#shown.has(thing) && this.#shown.add(thing) !== undefined
  }

  #sectionOf({ kind }: Question): Guide['warmup'] | Guide['stories'] {
    return this.#guide[kind === 'story' || kind === 'comparison' ? 'stories' : kind]
  }
}
