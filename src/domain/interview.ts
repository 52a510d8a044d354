import {
  type ActionState,
  actionText,
  type EarlierAction,
  roundName,
  STATE_NAMES,
  withOutcomes,
} from './actions.ts'
import {
  type Answer,
  type Answers,
  answerTo,
  count,
  isOutcome,
  jotsFor,
  jotsIn,
  normalizeAnswer,
  OPEN,
  stateOf,
} from './answers.ts'
import { UserError } from './errors.ts'
import {
  type Guide,
  labelOf,
  type Question,
  type QuestionId,
  questionOf,
  sectionOf,
  unnamedLinks,
} from './guide.ts'
import {
  type Draft,
  draftOf,
  type InterviewUi,
  type IntroBlock,
  type Move,
  type NotesStore,
  type QuestionContext,
  type Reason,
  type Reply,
  type SaveResult,
} from './interview-protocol.ts'
import { PREVIOUS_ACTIONS } from './plan.ts'

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
  const open = (question: Question) => isUnanswered(answers, question)
  const last = route.findLastIndex(question => stateOf(answers, question.id) === 'answered')
  const at = route.slice(fromTheTop ? 0 : last + 1).find(open) ?? route.find(open)
  if (!at) return { at, reason: 'done' }
  return { at, reason: route.every(open) ? 'begun' : 'resumed' }
}

/** Whether a question is open, or its answer says no more than what became of earlier actions. */
function isUnanswered(answers: Answers, { id, kind }: Question): boolean {
  if (stateOf(answers, id) !== 'answered') return stateOf(answers, id) === 'open'
  return kind === 'action' && answerTo(answers, id).text.split('\n').every(isOutcome)
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
  let jump: QuestionContext['jump']
  const limited = route.length < order.length
  await ui.show({ kind: 'welcome', guide, fresh, reason, count: count(route, before), limited, remarks, at })
  for (;;) {
    const answers = await store.answers()
    if (at) {
      for (const block of intro.before(at, answers)) await ui.show(block)
      const { action } = await askOne({ ...interview, route, jump }, at, pending)
      pending = undefined
      if (action === 'leave') return
      if (action === 'later' || action === 'next') deferred.add(at.id)
      const from = at
      at = destination({ guide, order, route, answers: await store.answers(), deferred }, from, action)
      jump = typeof action === 'object' || action === 'back' ? undefined : jumpTo({ order, route }, from, at)
    } else {
      const elsewhere = count(order, answers).open - count(route, answers).open
      const choice = await ui.end({ guide, answers, count: count(route, answers), elsewhere })
      if (choice === 'leave') return
      if (choice === 'rest') route = order
      deferred.clear()
      jump = undefined
      at =
        typeof choice === 'object'
          ? questionOf(guide, choice.to)
          : nextOpen({ guide, order, route, answers, deferred })
    }
  }
}

type Asking = Pick<Interview, 'guide' | 'order' | 'route' | 'store' | 'ui' | 'attended'> &
  Pick<QuestionContext, 'jump'>

/**
 * Asks one question and puts the reply into the notes; asks again while it could not be saved, if a person is there. A
 * draft of another question is left alone.
 */
export async function askOne(asking: Asking, question: Question, draft: Draft | undefined): Promise<Reply> {
  const { store, ui, attended } = asking
  let pending = draft?.question === question.id ? draft : undefined
  // Words that wait for their answer come first: a draft has room for one question.
  if (question.kind === 'action' && question.id !== PREVIOUS_ACTIONS && !pending && !reviewed.has(store)) {
    const left = await reviewEarlier(asking, question)
    if (left) return left
    pending = await belowOutcomes(store, question)
  }
  for (;;) {
    const context = await contextOf(asking, question, pending)
    const reply = await ui.ask(context)
    const result = await record(store, context, reply).catch((error): SaveResult => {
      if (!attended || reply.action === 'leave' || !(error instanceof UserError)) throw error
      // The disk may be full or the file broken for the moment: the person keeps the words and is told.
      return { outcome: 'not saved', question, text: reply.text, count: context.count, reason: error.message }
    })
    ui.tell(result)
    await offerPutBack(asking)
    if (result.outcome !== 'not saved') return reply
    pending = draftOf(context, reply.text)
  }
}

/** Another program may have saved its older text over answers that were saved here. */
async function offerPutBack({ guide, store, ui }: Asking): Promise<void> {
  const undone = await store.undone()
  if (undone.length === 0) return
  const labels = undone.map(id => {
    const question = questionOf(guide, id)
    return question ? labelOf(guide, question) : id
  })
  const wanted = await ui.offerPutBack(labels)
  if (wanted !== undefined) await store.putBack(wanted)
}

/** Where the open actions of earlier rounds have been asked about, which happens once a session. */
const reviewed = new WeakSet<NotesStore>()

/**
 * Asks what became of each of them, and then what happened, as a question whose answer goes below the answer to
 * `question`. @returns the reply with which the person went elsewhere, if they did.
 */
export async function reviewEarlier(asking: Asking, question: Question): Promise<Reply | undefined> {
  const { store, ui, attended, route } = asking
  const { actions, remarks } = await store.earlier()
  reviewed.add(store)
  if (remarks.length > 0) await ui.show({ kind: 'lead-in', paragraphs: [...remarks] })
  try {
    for (const [i, action] of actions.entries()) {
      const which = `Still open from the round ${roundName(action.since)} (${i + 1} of ${actions.length}): ${actionText(action)}`
      const state = await ui.choose(which, STATES)
      if (!state) return undefined
      await store.settle(action, state)
      const reply = await askWhatHappened(asking, question, action, state)
      if (typeof reply.action === 'object' || reply.action === 'back' || reply.action === 'leave')
        return reply
    }
  } catch (error) {
    if (!attended || !(error instanceof UserError)) throw error
    const so = { question, text: '', count: count(route, await store.answers()) }
    ui.tell({ ...so, outcome: 'not saved', reason: error.message })
  }
  return undefined
}

const STATES = [
  ...(['done', 'dropped', 'open'] as const).map(value => ({ name: STATE_NAMES[value], value })),
  { name: 'decide later', value: undefined },
]

function askWhatHappened(asking: Asking, question: Question, action: EarlierAction, state: ActionState) {
  const { store } = asking
  const save: NotesStore['save'] = async (_, { text: note }) => {
    const before = answerTo(await store.answers(), question.id).text
    const after = withOutcomes(before, [{ action, state, note }])
    return store.save(question.id, { text: after, skipped: false }, before)
  }
  const noting: NotesStore = Object.assign(Object.create(store), { save })
  const text = `What happened? ${action.what}: ${STATE_NAMES[state]}`
  return askOne({ ...asking, store: noting }, { ...question, id: PREVIOUS_ACTIONS, text }, undefined)
}

/** Below what became of earlier actions, new ones are written on a line of their own. */
async function belowOutcomes(store: NotesStore, { id }: Question): Promise<Draft | undefined> {
  const { text } = answerTo(await store.answers(), id)
  if (!isOutcome(text.slice(text.lastIndexOf('\n') + 1))) return undefined
  return { question: id, opened: text, text: `${text}\n`, caret: text.length + 1 }
}

async function contextOf(
  { guide, order, route, store, jump }: Asking,
  question: Question,
  draft: Draft | undefined,
): Promise<QuestionContext> {
  const answers = await store.answers()
  const compared = questionOf(guide, question.compares ?? '')
  const answer = answerTo(answers, question.id)
  return {
    ...{ guide, question, answer, answers, route },
    ...(draft && { draft }),
    ...(jump && { jump }),
    ...(compared && { story: { question: compared, text: answerTo(answers, compared.id).text } }),
    jots: jotsFor(question, jotsIn(guide, await store.jots()), answer.text),
    count: count(route, answers),
    first: previous({ order, route }, question) === undefined,
  }
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
  const text = normalizeAnswer(reply.text)
  // Nothing need be said of an action that nobody said anything about.
  if (question.id === PREVIOUS_ACTIONS && text === '') outcome = 'moved'
  return { outcome, question, text, count: count(route, await store.answers()) }
}

/** What a reply changes in the notes, and what came of it. An emptied area alone never erases an answer. */
function changeBy(
  { text: before, skipped }: Answer,
  { text: written, action, erase }: Reply,
): { change?: Answer; outcome: SaveResult['outcome'] } {
  const text = normalizeAnswer(written)
  const putsOff = action === 'later' || action === 'skip'
  if (text !== '' && text === before)
    return { outcome: putsOff ? 'stays' : action === 'next' ? 'kept' : 'moved' }
  if (text !== '') return { change: { text, skipped: false }, outcome: 'saved' }
  if (erase) return { change: OPEN, outcome: 'erased' }
  if (action !== 'next' && !putsOff) return { outcome: 'moved' }
  if (before !== '') return { outcome: putsOff ? 'stays' : 'kept' }
  if (skipped && action === 'next') return { outcome: 'kept' }
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

/** Whether going on passes over questions that are answered, or leads back to one that is open. */
function jumpTo({ order, route }: Pick<Path, 'order' | 'route'>, from: Question, to: Question | undefined) {
  const [here, there] = [order.indexOf(from), to ? order.indexOf(to) : order.length]
  if (there < here) return 'back'
  const passed = order.slice(here + 1, there).some(question => route.includes(question))
  return to && passed ? 'ahead' : undefined
}

const previous = ({ order, route }: Pick<Path, 'order' | 'route'>, at: Question) =>
  order.slice(0, order.indexOf(at)).findLast(question => route.includes(question))

/** The next question that is open and was not deferred, round to the start; none at the end of the interview. */
function nextOpen({ order, route, answers, deferred }: Path, at?: Question): Question | undefined {
  const asked = new Set(route)
  const wanted = (question: Question) =>
    question !== at && asked.has(question) && !deferred.has(question.id) && isUnanswered(answers, question)
  const here = at ? order.indexOf(at) : -1
  return order.slice(here + 1).find(wanted) ?? order.slice(0, here + 1).find(wanted)
}

/** Each heading, framing, lead-in and look back, once a session, before the first question under it. */
class IntroBlocks {
  readonly #guide: Guide
  readonly #shown = new Set<object | string>()
  /** The element of the last question. */
  #element: Question['element']

  constructor(guide: Guide, resumedAt: Question | undefined) {
    this.#guide = guide
    // Who comes back in the middle of a section has read its introduction.
    if (resumedAt) this.#shown.add(sectionOf(guide, resumedAt))
  }

  before(question: Question, answers: Answers): IntroBlock[] {
    const { kind, element } = question
    const guide = this.#guide
    const section = sectionOf(guide, question)
    const blocks: IntroBlock[] = []
    if (this.#first(section)) {
      const { title, intro, links } = section
      const paragraphs = [...intro, ...unnamedLinks(section)]
      const watch = section === guide.stories && links.length > 0
      blocks.push({ kind: 'section', title, named: !element, paragraphs, watch })
    }
    const first = element && this.#first(element)
    // Back in another element, its heading alone says so.
    if (element && (first || element !== this.#element))
      blocks.push({ kind: 'element', title: element.title, paragraphs: first ? element.framing : [] })
    this.#element = element
    if (element && kind === 'comparison' && element.leadIn.length > 0 && this.#first(element.leadIn))
      blocks.push({ kind: 'lead-in', paragraphs: element.leadIn })
    if (kind === 'action' && this.#first('notes')) blocks.push({ kind: 'notes', guide, answers })
    return blocks
  }

  #first(thing: object | string): boolean {
    return !this.#shown.has(thing) && this.#shown.add(thing) !== undefined
  }
}
