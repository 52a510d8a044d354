import { sentenceOf } from './errors.ts'
import type { Question, QuestionId } from './guide.ts'
import {
  away,
  back,
  begun,
  extended,
  isClosed,
  type Leading,
  next,
  paused,
  running,
  type Short,
  shortened,
  without,
} from './leading.ts'
import { asked, type Group, type Walkthrough } from './plan.ts'

/*
 * Leading a room: the facilitator moves, never the clock. Like the walk it knows neither files nor screens, nor
 * the time: a face asks for the next move, a desk keeps the session and takes what is captured.
 */

export interface Room {
  plan: Walkthrough
  groups: readonly Group[]
  leading: Leading
}

/** What is to be written down: for which group, at which question, beginning with this text. */
export interface Capture {
  /** Undefined where the room is one. */
  group: Group | undefined
  question: QuestionId
  text: string
}

export type LeadMove =
  | 'start'
  | 'next'
  | 'back'
  | 'pause'
  | 'anew'
  | 'leave'
  | { more: number }
  | { short: Short }
  | { until: number }
  | { capture: Capture }

/** Whoever leads the room: a facilitator at a screen, through a screen reader, or a test. */
export interface LeadFace {
  ask(room: Room): Promise<LeadMove>
  /** Nobody was there for so many minutes while the clock ran. @returns whether the room had a break. */
  wasBreak(minutes: number): Promise<boolean>
  /** What went wrong and will be tried again: no reason to leave the room. */
  tell(trouble: string): void
}

export interface LeadDesk {
  /** Milliseconds. */
  clock(): number
  keep(leading: Leading): Promise<void>
  capture(capture: Capture): Promise<void>
}

/** At which questions something a group says can be written down: those of the step, else all that the plan asks it. */
export function questionsFor({ plan, leading }: Room, group: Group | undefined): Question[] {
  const step = plan.steps[leading.at]
  const here = step ? asked(step, group) : []
  if (here.length > 0) return here
  return plan.guide.questions.filter(question =>
    plan.steps.some(each => asked(each, group).includes(question)),
  )
}

/** A restart after a crash takes no longer than this; who was away for longer is asked. */
const AWAY_MINUTES = 2

/** Leads a room until the facilitator leaves. The clock then stands still, so that a lunch break costs nothing. */
export async function lead(room: Room, face: LeadFace, desk: LeadDesk): Promise<Leading> {
  let { leading } = room
  const gone = away(leading, desk.clock())
  if (gone > AWAY_MINUTES && (await face.wasBreak(gone))) leading = without(leading, gone)
  for (;;) {
    const move = await face.ask({ ...room, leading })
    const captures = typeof move === 'object' && 'capture' in move
    if (!captures) leading = moved({ ...room, leading }, move, desk.clock())
    try {
      if (captures) await desk.capture(move.capture)
      await desk.keep(leading)
    } catch (error) {
      if (move === 'leave') throw error
      face.tell(sentenceOf(error))
    }
    if (move === 'leave') return leading
  }
}

/** The session after a move that was made now. */
export function moved(
  { plan, leading }: Room,
  move: Exclude<LeadMove, { capture: Capture }>,
  now: number,
): Leading {
  if (move === 'start') return running(leading, now)
  if (move === 'next') return next(leading, now)
  if (move === 'back') return back(leading, now)
  if (move === 'pause') return leading.since === undefined ? running(leading, now) : paused(leading, now)
  if (move === 'leave') return isClosed(leading) ? leading : paused(leading, now)
  if (move === 'anew') return begun(plan, leading.until)
  if ('more' in move) return extended(leading, now, move.more)
  if ('until' in move) return { ...leading, until: move.until, over: 0 }
  return shortened(leading, plan, now, move.short)
}
