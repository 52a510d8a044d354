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
import { type Guide, type Link, type Question, type QuestionId, questionOf, unnamedLinks } from './guide.ts'

/*
 * The walk decides whether and in which order to ask; a face decides how. It knows neither files nor screens,
 * so that alone or with a group, at a terminal, through a screen reader or from a file, it is the same walk.
 */

export type Order = 'guide' | 'watch-first'
export const ORDERS: readonly Order[] = ['guide', 'watch-first']

/** All questions of the guide in the order of a walk: watch-first asks every story question before the comparisons. */
export function questionOrder(guide: Guide, order: Order): Question[] {
  if (order === 'guide') return guide.questions
  const { warmup, stories, action } = guide
  const all = (kind: 'story' | 'comparison') => stories.elements.flatMap(element => element[kind])
  return [...warmup.questions, ...all('story'), ...all('comparison'), ...action.questions]
}

/**
 * Where a walk begins: at the draft; else at the first open question after the last one answered; else, or
 * `fromTheTop`, at the first open one; else at the end.
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
  /** All questions, in the order of this walk. */
  order: readonly Question[]
  /** Those to be asked; others are reached only by going to them. */
  route: readonly Question[]
  desk: NotesStore
  face: InterviewUi
  draft?: Draft | undefined
  /** Whether there were no notes before. */
  fresh: boolean
  /** Whether it begins at the first open question, not where the person was. */
  fromTheTop: boolean
  /** Whether a person is there who can be told that a save failed. Without one it ends the walk. */
  attended: boolean
  /** What the person should know of before they begin, as sentences. */
  remarks?: readonly string[]
}

/** Leads the face through the guide until it leaves or nothing is left to ask. */
export async function runInterview(about: Interview): Promise<void> {
  const { guide, order, desk, face, draft, fresh, fromTheTop, attended, remarks = [] } = about
  let { route } = about
  let answers = await desk.answers()
  const begin = startingPoint(route, answers, draft, fromTheTop)
  const passages = new IntroBlocks(guide, fresh || begin.reason === 'begun' ? undefined : begin.at)
  const putOff = new Set<QuestionId>()
  let at = begin.at
  let pending = draft
  await face.show({
    kind: 'welcome',
    guide,
    fresh,
    reason: begin.reason,
    count: count(route, answers),
    limited: route.length < order.length,
    remarks,
    at,
  })
  for (;;) {
    answers = await desk.answers()
    if (!at) {
      const elsewhere = count(order, answers).open - count(route, answers).open
      const onward = await face.end({ guide, answers, count: count(route, answers), elsewhere })
      if (onward === 'leave') return
      if (onward === 'rest') route = order
      putOff.clear()
      at =
        typeof onward === 'object' ? questionOf(guide, onward.to) : following(order, route, answers, putOff)
      continue
    }
    for (const passage of passages.before(at, answers)) await face.show(passage)
    const reply = await askOne({ guide, route, desk, face, attended }, at, pending)
    pending = undefined
    if (reply.action === 'leave') return
    if (reply.action === 'later' || reply.action === 'next') putOff.add(at.id)
    at = destination({ guide, order, route, answers: await desk.answers(), putOff, at, face }, reply.action)
  }
}

const SAVED: readonly SaveResult['outcome'][] = ['saved', 'both kept', 'written anew']

type Asking = Pick<Interview, 'guide' | 'route' | 'desk' | 'face' | 'attended'>

/**
 * Puts one question to the face, and its reply into the notes; again while it could not be saved, if a person is
 * there. A draft of another question is left alone.
 */
export async function askOne(walk: Asking, question: Question, draft: Draft | undefined): Promise<Reply> {
  const { desk, face, attended } = walk
  let pending = draft?.question === question.id ? draft : undefined
  for (;;) {
    const context = await contextOf(walk, question, pending)
    const reply = await face.ask(context)
    const news = await record(desk, context, reply).catch(error => {
      if (attended && reply.action !== 'leave' && error instanceof UserError)
        return notSaved(context, reply, error)
      throw error
    })
    const putBack = SAVED.includes(news.outcome) ? await desk.putBack() : []
    face.tell(putBack.length > 0 ? { ...news, putBack } : news)
    if (news.outcome !== 'not saved') return reply
    pending = draftOf(context, reply.text)
  }
}

async function contextOf(
  { guide, route, desk }: Asking,
  question: Question,
  draft: Draft | undefined,
): Promise<QuestionContext> {
  const answers = await desk.answers()
  const compared = guide.questions.find(({ id }) => id === question.compares)
  const answer = answerTo(answers, question.id)
  return {
    guide,
    question,
    answer,
    ...(draft && { draft }),
    ...(compared && {
      story: { question: compared, text: answerTo(answers, compared.id).text },
    }),
    jots: jotsFor(question, jotsIn(guide, await desk.jots()), answer.text),
    answers,
    count: count(route, answers),
    route,
  }
}

/** Puts the reply into the notes. An emptied area alone never erases an answer. */
async function record(
  desk: NotesStore,
  { question, answer, draft, route }: QuestionContext,
  reply: Reply,
): Promise<SaveResult> {
  const opened = draft?.opened ?? answer.text
  const text = normalizeAnswer(reply.text)
  const news = async (what: SaveResult['outcome']): Promise<SaveResult> => ({
    outcome: what,
    question,
    text,
    count: count(route, await desk.answers()),
  })
  if (text === '') {
    if (reply.erase) {
      await desk.save(question.id, OPEN, opened)
      // Somebody may have changed it meanwhile in the file: that stays.
      return news(answerTo(await desk.answers(), question.id).text === '' ? 'erased' : 'kept')
    }
    const goesOn = reply.action === 'next' || reply.action === 'later' || reply.action === 'skip'
    if (!goesOn) return news('moved')
    if (answer.text !== '' || (answer.skipped && reply.action === 'next')) return news('kept')
    const skipped = reply.action === 'skip'
    // Who puts off what they had skipped wants to be asked again.
    if (skipped !== answer.skipped) await desk.save(question.id, { text: '', skipped }, opened)
    // Somebody may have answered it meanwhile in the file: that stays.
    const answered = answerTo(await desk.answers(), question.id).text !== ''
    return news(answered ? 'kept' : skipped ? 'skipped' : 'left open')
  }
  if (text === answer.text) return news(reply.action === 'next' ? 'kept' : 'moved')
  return news(await desk.save(question.id, { text, skipped: false }, opened))
}

/** The disk may be full or the file broken for the moment: the person keeps the words in hand and is told. */
function notSaved({ question, count }: QuestionContext, { text }: Reply, { message }: UserError): SaveResult {
  return { outcome: 'not saved', question, text, count, reason: message }
}

function draftOf({ question, answer, draft }: QuestionContext, text: string): Draft {
  return { question: question.id, opened: draft?.opened ?? answer.text, text, caret: text.length }
}

interface Position {
  guide: Guide
  order: readonly Question[]
  route: readonly Question[]
  answers: Answers
  putOff: ReadonlySet<QuestionId>
  at: Question
  face: InterviewUi
}

function destination(position: Position, move: Exclude<Move, 'leave'>): Question | undefined {
  const { guide, order, route, answers, putOff, at, face } = position
  if (typeof move === 'object') return questionOf(guide, move.to) ?? at
  if (move !== 'back') return following(order, route, answers, putOff, at)
  const before = order.slice(0, order.indexOf(at)).findLast(question => route.includes(question))
  if (!before)
    face.tell({
      outcome: 'first',
      question: at,
      text: '',
      count: count(route, answers),
    })
  return before ?? at
}

/** The next question that is open and was not put off, round to the start; none at the end of the walk. */
function following(
  order: readonly Question[],
  route: readonly Question[],
  answers: Answers,
  putOff: ReadonlySet<QuestionId>,
  at?: Question,
): Question | undefined {
  const asked = new Set(route)
  const wanted = (question: Question) =>
    question !== at &&
    asked.has(question) &&
    !putOff.has(question.id) &&
    stateOf(answers, question.id) === 'open'
  const here = at ? order.indexOf(at) : -1
  return order.slice(here + 1).find(wanted) ?? order.slice(0, here + 1).find(wanted)
}

/* What the walk and those whom it leads say to each other, and what it asks of the notes. */

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
}

export interface Draft {
  question: QuestionId
  /** The answer in the notes from which the person set out. */
  opened: string
  text: string
  /** Offset into the text, in UTF-16 units. */
  caret: number
}

/** What a face is told after a reply. `moved`: nothing changed and nothing need be said; `first`: there is nothing further back. */
export interface SaveResult {
  outcome:
    | ('saved' | 'both kept' | 'written anew')
    | ('skipped' | 'erased' | 'kept' | 'left open' | 'moved' | 'first' | 'not saved')
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

/** Whoever is led through the guide: a person, a screen reader, a file, a test. */
export interface InterviewUi {
  show(passage: IntroBlock): Promise<void>
  ask(context: QuestionContext): Promise<Reply>
  tell(news: SaveResult): void
  /** Every question of this walk has been put. */
  end(ending: EndContext): Promise<EndChoice>
}

/** What is known when a walk has come to its end. */
export interface EndContext {
  guide: Guide
  answers: Answers
  /** Of what this walk asks. */
  count: Count
  /** How many questions are open that this walk does not ask. */
  elsewhere: number
}

/** `open`: once more over what is open; `rest`: also what this walk did not ask. */
export type EndChoice = 'open' | 'rest' | 'leave' | { to: QuestionId }

/** The notes as the walk sees them. */
export interface NotesStore {
  answers(): Promise<Answers>
  /** The watching notes, one a line. */
  jots(): Promise<string>
  /**
   * @returns 'both kept' if the answer had changed since it was `opened` here; 'written anew' if the notes were gone,
   * so that they were made again with all that was known here.
   */
  save(id: QuestionId, answer: Answer, opened: string): Promise<'saved' | 'both kept' | 'written anew'>
  /**
   * Puts back answers that have been saved here and stand in the notes as they were before: an editor beside it has
   * saved its old text. @returns their questions.
   */
  putBack(): Promise<QuestionId[]>
}

/** Why a walk begins where it begins. */
export type Reason = 'draft' | 'resumed' | 'begun' | 'done'

/** What the guide says before the next question; read by nobody who must press a key for it. */
export type IntroBlock =
  | {
      kind: 'welcome'
      guide: Guide
      fresh: boolean
      reason: Reason
      count: Count
      /** Whether this walk asks only a part of the guide. */
      limited: boolean
      /** What the person should know of before they begin. */
      remarks: readonly string[]
      at: Question | undefined
    }
  /** `named`: the question that follows says itself which section it stands in. `watch`: its questions are about a video. */
  | { kind: 'section'; title: string; named: boolean; paragraphs: string[]; links: Link[]; watch: boolean }
  | { kind: 'element'; title: string; paragraphs: string[] }
  | { kind: 'lead-in'; paragraphs: string[] }
  | { kind: 'notes'; guide: Guide; answers: Answers }

/** Gives each heading, framing, lead-in and look back once a sitting, before the first question under it. */
export class IntroBlocks {
  readonly #guide: Guide
  readonly #shown = new Set<object | string>()

  constructor(guide: Guide, resumedAt: Question | undefined) {
    this.#guide = guide
    // Who comes back in the middle of a section has read its introduction.
    if (resumedAt) this.#shown.add(this.#sectionOf(resumedAt))
  }

  before(question: Question, answers: Answers): IntroBlock[] {
    const { kind, element } = question
    const section = this.#sectionOf(question)
    const passages: (IntroBlock | false)[] = [
      this.#first(section) && {
        kind: 'section',
        title: section.title,
        named: element === undefined,
        paragraphs: [...section.intro, ...unnamedLinks(section)],
        links: section.links,
        watch: section === this.#guide.stories && section.links.length > 0,
      },
      element !== undefined &&
        this.#first(element) && {
          kind: 'element',
          title: element.title,
          paragraphs: element.framing,
        },
      kind === 'comparison' &&
        element !== undefined &&
        element.leadIn.length > 0 &&
        this.#first(element.leadIn) && {
          kind: 'lead-in',
          paragraphs: element.leadIn,
        },
      kind === 'action' && this.#first('notes') && { kind: 'notes', guide: this.#guide, answers },
    ]
    return passages.filter(passage => passage !== false)
  }

  #first(thing: object | string): boolean {
    if (this.#shown.has(thing)) return false
    this.#shown.add(thing)
    return true
  }

  #sectionOf({ kind }: Question): Guide['warmup'] | Guide['stories'] {
    return this.#guide[kind === 'story' || kind === 'comparison' ? 'stories' : kind]
  }
}
