import { count } from '../answers.ts'
import { didYouMean, UserError } from '../errors.ts'
import { DraftFile } from '../files/drafts.ts'
import { assureWritable, realTarget } from '../files/durable.ts'
import { goOnCommand } from '../files/invocation.ts'
import { clearLitter } from '../files/left-behind.ts'
import type { Common, Located } from '../files/locate.ts'
import { notesFile } from '../files/notes.ts'
import { type Question, select } from '../guide.ts'
import { chooseFace } from '../session/choose-face.ts'
import { deskOf } from '../session/desk.ts'
import { locateWithPerson } from '../session/last-place.ts'
import { remembering, rescue, resume, sessionEnd, sittingAt, tryFlush } from '../session/sitting.ts'
import { inOrder, ORDERS, type Order, walk } from '../walk.ts'

export interface StartOptions extends Common {
  order?: string
  only?: string[]
  editor?: string
}

/** Leads a person through the guide and saves their answers as they go. */
export async function start(options: StartOptions): Promise<number> {
  const located = await locateWithPerson(options)
  const { path, guide, notes } = located
  const order = inOrder(guide, orderOf(options.order ?? notes?.order))
  const route = routeOf(order, located, options.only ?? notes?.only ?? [])
  await assureWritable(path)
  const target = await realTarget(path)
  clearLitter(target)
  const attended = process.stdin.isTTY === true
  const beginning = { order: options.order, only: options.only }
  const desk = deskOf(located, beginning)
  const drafts = new DraftFile(target)
  const ending = sessionEnd(() => tryFlush(drafts))
  const sitting = sittingAt(notesFile(path, guide, beginning), drafts, target, ending, options.editor)
  const face = await chooseFace(sitting, options.accessible ?? false)
  try {
    const { draft, remarks } = attended
      ? resume(target, guide, route, await desk.answers(), drafts)
      : { draft: undefined, remarks: [] }
    for (const remark of remarks) process.stderr.write(`${remark}\n`)
    await walk({
      ...{ guide, order, route, desk, draft, attended },
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
    rescue(drafts)
    throw error
  } finally {
    ending.end()
  }
}

function sayNobody(path: string): void {
  process.stderr.write(
    `\nThe input ended before anything was answered, so nothing was written. Your notes would be in ${path}\n` +
      'To answer, start pl-stories in a terminal window. Or send the answers in through a pipe, each followed by a line with a single dot.\n',
  )
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
