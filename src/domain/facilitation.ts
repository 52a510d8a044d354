import { sentenceOf } from './errors.ts'
import type { Question, QuestionId } from './guide.ts'
import { filledIn, type Group, type Plan, questionsAsked, questionsOfGroup, type ShownStep } from './plan.ts'
import {
  back,
  extended,
  type FacilitationState,
  isClosed,
  minutesOf,
  newState,
  next,
  paused,
  running,
  type Short,
  shortened,
  withoutMinutes,
} from './room-clock.ts'

/*
 * Leading a room: the facilitator moves, never the clock. Like the interview it knows neither files nor screens, nor
 * the time: a UI asks for the next move, a store keeps the session and takes what is captured.
 */

export interface Room {
  plan: Plan
  groups: readonly Group[]
  leading: FacilitationState
  /** The labels of the groups that were captured for in this step. */
  captured: readonly string[]
  /** Whether another window leads the room, so that this one only shows it. */
  following: boolean
  /** Whether the room page is blanked. */
  blank: boolean
}

/** What is to be written down: for which group, at which question, beginning with this text. */
export interface Capture {
  /** Undefined where the room is one. */
  group: Group | undefined
  question: QuestionId
  text: string
}

/** What changes the steps and their times. */
export type ClockMove =
  | ('start' | 'next' | 'back' | 'pause' | 'restart' | 'leave')
  | { more: number }
  | { short: Short }
  | { until: number }
  /** The room had a break: these minutes don't count. */
  | { break: number }

export type FacilitationMove =
  | ClockMove
  /** Blanks the room page, or shows it again. */
  | 'blank'
  /** Takes the room over from another window. */
  | 'lead'
  | { capture: Capture }
  /** Moves what was captured last to another group, or to another question. */
  | { transfer: Omit<Capture, 'text'> }
  | { groups: readonly Group[] }

/** Who leads the room: a facilitator at a screen, through a screen reader, or a test. */
export interface FacilitationUi {
  /** `room`: the room as it is now. It changes while the UI waits, if another window leads it. */
  ask(room: () => Room): Promise<FacilitationMove>
  /** What could not be done or saved: no reason to leave the room. */
  tell(trouble: string): void
}

export interface FacilitationStore {
  /** Milliseconds. */
  now(): number
  keep(room: Room): Promise<void>
  /** @returns whether something was written. */
  capture(capture: Capture): Promise<boolean>
  transfer(to: Omit<Capture, 'text'>): Promise<void>
  regroup(groups: readonly Group[]): Promise<void>
  /** Calls back when another window has changed the room. */
  follow(changed: (change: Partial<Room>) => void): void
}

/** The questions at which something a group says can be captured: those of the step, else all that the plan asks it. */
export function questionsFor({ plan, leading }: Room, group: Group | undefined): Question[] {
  const step = plan.steps[leading.at]
  const here = step ? questionsAsked(step, group) : []
  return here.length > 0 ? here : questionsOfGroup(plan, group)
}

/** What is said in a step, as the room stands. */
export function sayIn({ plan: { guide }, groups, leading }: Room, { say }: ShownStep): string[] {
  return filledIn(say, { guide, groups, minutes: minutesOf(leading) })
}

/** The questions of a step, each with the groups that are asked it: of some, their labels; of all, an empty text. */
export function askedIn({ groups }: Room, step: ShownStep): { question: Question; whom: string }[] {
  return step.ask.flatMap(question => {
    const asked = groups.filter(group => questionsAsked(step, group).includes(question))
    if (asked.length === 0 && groups.length > 0) return []
    return [
      { question, whom: asked.length === groups.length ? '' : asked.map(({ label }) => label).join(', ') },
    ]
  })
}

/** Leads a room until the facilitator leaves. The clock is then paused, so that a lunch break costs nothing. */
export async function runFacilitation(
  start: Room,
  ui: FacilitationUi,
  store: FacilitationStore,
): Promise<Room> {
  let room = start
  store.follow(change => {
    room = { ...room, ...change }
  })
  for (;;) {
    const move = await ui.ask(() => room)
    if (move === 'leave' && room.following) return room
    try {
      const wrote = await written(move, store)
      if (wrote) room = moved(room, move, store.now())
      await store.keep(room)
    } catch (error) {
      if (move === 'leave') throw error
      ui.tell(sentenceOf(error))
    }
    if (move === 'leave') return room
  }
}

/** Writes down what a move is about. @returns whether it changes the room. */
async function written(move: FacilitationMove, store: FacilitationStore): Promise<boolean> {
  if (typeof move !== 'object') return true
  if ('capture' in move) return store.capture(move.capture)
  if ('transfer' in move) await store.transfer(move.transfer)
  else if ('groups' in move) await store.regroup(move.groups)
  return true
}

/** The room after a move that was made now. */
export function moved(room: Room, move: FacilitationMove, now: number): Room {
  if (move === 'blank') return { ...room, blank: !room.blank }
  if (move === 'lead') return { ...room, following: false }
  if (typeof move === 'object') {
    if ('groups' in move) return { ...room, groups: move.groups }
    // What is moved is no longer its first group's.
    if ('transfer' in move) return withCaptured(room, move.transfer.group, room.captured.slice(0, -1))
    if ('capture' in move) return withCaptured(room, move.capture.group, room.captured)
  }
  const leading = led(room, move as ClockMove, now)
  return { ...room, leading, captured: leading.at === room.leading.at ? room.captured : [] }
}

const withCaptured = (room: Room, group: Group | undefined, before: readonly string[]): Room => ({
  ...room,
  captured: [...before, ...(group ? [group.label] : [])],
})

function led({ plan, leading }: Room, move: ClockMove, now: number): FacilitationState {
  if (move === 'start') return running(leading, now)
  if (move === 'next') return next(leading, now)
  if (move === 'back') return back(leading, now)
  if (move === 'pause') return leading.since === undefined ? running(leading, now) : paused(leading, now)
  if (move === 'leave') return isClosed(leading) ? leading : paused(leading, now)
  if (move === 'restart') return newState(plan, leading.until)
  if ('more' in move) return extended(leading, now, move.more)
  if ('until' in move) return { ...leading, until: move.until, over: 0 }
  if ('break' in move) return withoutMinutes(leading, move.break)
  return shortened(leading, plan, now, move.short)
}
