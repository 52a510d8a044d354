import { count } from '../domain/answers.ts'
import { didYouMean, sentenceOf, UserError } from '../domain/errors.ts'
import { type Question, select } from '../domain/guide.ts'
import { inOrder, ORDERS, type Order, type Walk, walk } from '../domain/interview.ts'
import type { Beginning } from '../notes/form.ts'
import { chooseFace } from '../session/choose-ui.ts'
import { sessionEnd } from '../session/ending.ts'
import { deskOf } from '../session/notes-store.ts'
import { remembering, rescue, resume, sittingAt } from '../session/session.ts'
import { assureWritable, realTarget } from '../storage/atomic-file.ts'
import { DraftFile } from '../storage/drafts.ts'
import { goOnCommand } from '../storage/invocation.ts'
import { clearLitter } from '../storage/left-behind.ts'
import { type Common, type Located, locate } from '../storage/locate.ts'
import { notesFile } from '../storage/notes-file.ts'
import { tell } from '../storage/tell.ts'
import { type AnswersOptions, givenAnswers, leaveOpen, sayDiffering, takeIn } from './given.ts'
import { locateWithPerson } from './last-place.ts'

export interface StartOptions extends Common, AnswersOptions {
  order?: string
  only?: string[]
  editor?: string
  /** False: nobody is asked. */
  input?: boolean
}

/** Leads a person through the guide and saves their answers as they go, after those that are given in a file. */
export async function start(options: StartOptions): Promise<number> {
  // Whose answers come from a file is not asked in which folder to go on.
  const unasked = options.answers !== undefined || options.input === false
  const located = await (unasked ? locate(options, 3) : locateWithPerson(options))
  const { path, guide, notes } = located
  const order = inOrder(
    guide,
    options.order === undefined
      ? inFront(path, 'order', () => orderOf(notes?.order))
      : orderOf(options.order),
  )
  const route = options.only
    ? routeOf(order, located, options.only)
    : inFront(path, 'only', () => routeOf(order, located, notes?.only ?? []))
  const given = await givenAnswers(options, guide)
  assureWritable(path)
  const beginning = { order: options.order, only: options.only }
  const differing = given ? await takeIn(notesFile(path, guide, beginning), given, options.overwrite) : []
  const desk = deskOf(located, beginning)
  // Whoever sends the answers through the pipe cannot be asked through it as well.
  const nobody = options.input === false || options.answers === '-'
  const exitCode = nobody
    ? leaveOpen(count(route, await desk.answers()))
    : await lead(located, { order, route, desk }, beginning, options)
  sayDiffering(differing)
  return exitCode || (differing.length > 0 ? 1 : 0)
}

async function lead(
  located: Located,
  { order, route, desk }: Pick<Walk, 'order' | 'route' | 'desk'>,
  beginning: Omit<Beginning, 'file'>,
  options: StartOptions,
): Promise<number> {
  const { path, guide, notes } = located
  const target = realTarget(path)
  clearLitter(target)
  const attended = process.stdin.isTTY === true
  // What is open comes first then; the middle of a sentence waits for the next sitting.
  const fromTheTop = !attended || options.answers !== undefined
  const drafts = new DraftFile(target)
  const ending = sessionEnd()
  const sitting = sittingAt(notesFile(path, guide, beginning), drafts, target, ending, options.editor)
  const face = await chooseFace(sitting, options.accessible ?? false)
  const before = count(route, await desk.answers())
  try {
    const { draft, remarks } = fromTheTop
      ? { draft: undefined, remarks: [] }
      : resume(target, guide, route, await desk.answers(), drafts)
    await walk({
      ...{ guide, order, route, desk, draft, fromTheTop, attended, remarks },
      face: remembering(face, drafts, attended),
      fresh: !notes,
    })
    await face.close()
    const { open, answered, skipped } = count(route, await desk.answers())
    const nobody = face.inputEnded() && answered + skipped === 0
    if (nobody) sayNobody(path)
    else process.stdout.write(`\nYour notes are in ${path}\nTo go on: ${goOnCommand(path, options.guide)}\n`)
    return ending.exitCode() ?? (face.inputEnded() && open > 0 ? 1 : 0)
  } catch (error) {
    await face.close()
    ending.flush()
    rescue(drafts, goOnCommand(path, options.guide))
    if (!(error instanceof UserError) || error.exitCode !== 1) throw error
    const nothing = count(route, await desk.answers()).open === before.open
    throw nothing ? new UserError(error.message) : error
  } finally {
    ending.end()
  }
}

function sayNobody(path: string): void {
  tell(
    `\nThe input ended before anything was answered, so nothing was written. Your notes would be in ${path}\n` +
      'To answer, start pl-stories in a terminal window. Or send the answers in through a pipe, each followed by a line with a single dot.',
  )
}

/** What the lines in front of the notes say: where that is wrong, it is told where it stands and what takes its place. */
function inFront<T>(path: string, name: 'order' | 'only', read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new UserError(
      `${path}, in the line "${name}:" at its beginning: ${sentenceOf(error)}\nMend that line; --${name} takes its place.`,
    )
  }
}

function orderOf(word: string | undefined): Order {
  if (word === undefined) return 'guide'
  const order = ORDERS.find(name => name === word.toLowerCase())
  if (order) return order
  throw new UserError(`"${word}" is no order. ${didYouMean(word, ORDERS) || `Orders: ${ORDERS.join(', ')}.`}`)
}

function routeOf(order: Question[], { guide }: Located, only: readonly string[]): Question[] {
  if (only.length === 0) return order
  const wanted = new Set(select(guide, only))
  return order.filter(question => wanted.has(question))
}
