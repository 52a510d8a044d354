import { type Answers, answerTo, count, OPEN, stateOf, stored } from './answers.ts'
import { UserError } from './errors.ts'
import type { Context, Desk, Draft, Face, Move, News, Reply } from './face.ts'
import { type Guide, type Question, type QuestionId, questionOf } from './guide.ts'
import { jotsFor, jotsIn } from './jots.ts'
import { Passages, type Reason } from './passages.ts'

/*
 * The walk decides whether and in which order to ask; a face decides how. It knows neither files nor screens,
 * so that alone or with a group, at a terminal, through a screen reader or from a file, it is the same walk.
 */

export type Order = 'guide' | 'watch-first'
export const ORDERS: readonly Order[] = ['guide', 'watch-first']

/** All questions of the guide in the order of a walk: watch-first asks every story question before the comparisons. */
export function inOrder(guide: Guide, order: Order): Question[] {
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

export interface Walk {
  guide: Guide
  /** All questions, in the order of this walk. */
  order: readonly Question[]
  /** Those to be asked; others are reached only by going to them. */
  route: readonly Question[]
  desk: Desk
  face: Face
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
export async function walk(about: Walk): Promise<void> {
  const { guide, order, desk, face, draft, fresh, fromTheTop, attended, remarks = [] } = about
  let { route } = about
  let answers = await desk.answers()
  const begin = startingPoint(route, answers, draft, fromTheTop)
  const passages = new Passages(guide, fresh || begin.reason === 'begun' ? undefined : begin.at)
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
    if (reply.then === 'leave') return
    if (reply.then === 'later' || reply.then === 'next') putOff.add(at.id)
    at = destination({ guide, order, route, answers: await desk.answers(), putOff, at, face }, reply.then)
  }
}

const SAVED: readonly News['what'][] = ['saved', 'both kept', 'written anew']

type Asking = Pick<Walk, 'guide' | 'route' | 'desk' | 'face' | 'attended'>

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
      if (attended && reply.then !== 'leave' && error instanceof UserError)
        return notSaved(context, reply, error)
      throw error
    })
    const putBack = SAVED.includes(news.what) ? await desk.putBack() : []
    face.tell(putBack.length > 0 ? { ...news, putBack } : news)
    if (news.what !== 'not saved') return reply
    pending = draftOf(context, reply.text)
  }
}

async function contextOf(
  { guide, route, desk }: Asking,
  question: Question,
  draft: Draft | undefined,
): Promise<Context> {
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
async function record(desk: Desk, { question, answer, draft, route }: Context, reply: Reply): Promise<News> {
  const opened = draft?.opened ?? answer.text
  const text = stored(reply.text)
  const news = async (what: News['what']): Promise<News> => ({
    what,
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
    const goesOn = reply.then === 'next' || reply.then === 'later' || reply.then === 'skip'
    if (!goesOn) return news('moved')
    if (answer.text !== '' || (answer.skipped && reply.then === 'next')) return news('kept')
    const skipped = reply.then === 'skip'
    // Who puts off what they had skipped wants to be asked again.
    if (skipped !== answer.skipped) await desk.save(question.id, { text: '', skipped }, opened)
    // Somebody may have answered it meanwhile in the file: that stays.
    const answered = answerTo(await desk.answers(), question.id).text !== ''
    return news(answered ? 'kept' : skipped ? 'skipped' : 'left open')
  }
  if (text === answer.text) return news(reply.then === 'next' ? 'kept' : 'moved')
  return news(await desk.save(question.id, { text, skipped: false }, opened))
}

/** The disk may be full or the file broken for the moment: the person keeps the words in hand and is told. */
function notSaved({ question, count }: Context, { text }: Reply, { message }: UserError): News {
  return { what: 'not saved', question, text, count, reason: message }
}

function draftOf({ question, answer, draft }: Context, text: string): Draft {
  return { question: question.id, opened: draft?.opened ?? answer.text, text, caret: text.length }
}

interface Position {
  guide: Guide
  order: readonly Question[]
  route: readonly Question[]
  answers: Answers
  putOff: ReadonlySet<QuestionId>
  at: Question
  face: Face
}

function destination(position: Position, move: Exclude<Move, 'leave'>): Question | undefined {
  const { guide, order, route, answers, putOff, at, face } = position
  if (typeof move === 'object') return questionOf(guide, move.to) ?? at
  if (move !== 'back') return following(order, route, answers, putOff, at)
  const before = order.slice(0, order.indexOf(at)).findLast(question => route.includes(question))
  if (!before)
    face.tell({
      what: 'first',
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
