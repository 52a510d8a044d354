import { sentenceOf } from './errors.ts'
import type { Question, QuestionId } from './guide.ts'
import {
  fileOf,
  filledIn,
  type Group,
  type Plan,
  questionsAsked,
  questionsOfGroup,
  type ShownStep,
} from './plan.ts'

/*
 * Leading a room: the facilitator moves, never the clock. Like the interview it knows neither files nor screens, nor
 * the time: a UI asks for the next move, a store keeps the session and takes what is captured.
 */

export interface Room {
  plan: Plan
  groups: readonly Group[]
  leading: FacilitationState
  /** The groups that were captured for in this step, as {@link fileOf} tells them: one may be renamed. */
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
type ClockMove =
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
export const sayIn = ({ plan: { guide }, groups, leading }: Room, { say }: ShownStep): string[] =>
  filledIn(say, { guide, groups, minutes: minutesOf(leading) })

/** The questions of a step, each with the groups that are asked it: of some, their labels; of all, an empty text. */
export function askedIn({ groups }: Room, step: ShownStep): { question: Question; whom: string }[] {
  return step.ask.flatMap(question => {
    const asked = groups.filter(group => questionsAsked(step, group).includes(question))
    if (asked.length === 0 && groups.length > 0) return []
    const labels = asked.length === groups.length ? [] : asked.map(({ label }) => label)
    return [{ question, whom: labels.join(', ') }]
  })
}

/** Leads a room until the facilitator leaves. The clock is then paused, so that a lunch break costs nothing. */
export async function runFacilitation(start: Room, ui: FacilitationUi, store: FacilitationStore) {
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
function moved(room: Room, move: FacilitationMove, now: number): Room {
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
  captured: [...before, ...(group ? [fileOf(group)] : [])],
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

/*
 * Where a room is in its plan, and what its clock says. Every function is given the time (`now`, in milliseconds), so
 * that an hour can be rehearsed in an instant. All lengths are minutes.
 */

export interface StepState {
  id: string
  planned: number
  /** What it has now, after extensions and cuts. */
  allotted: number
  /** What it took; without the stretch that is running. */
  actual: number
}

/** One session of leading a room. It is kept as it stands in `.PLAN.session.json`. */
export interface FacilitationState {
  steps: StepState[]
  /** The index of the step the room is in; behind the last one at the close. */
  at: number
  /** When the clock was started; not before Enter. */
  startedAt?: number | undefined
  /** Since when it has been running; missing while it is paused. */
  since?: number | undefined
  /** When the session was last known to be alive. */
  seen?: number | undefined
  /** When the room has to end, if that was said. */
  until?: number | undefined
  /** By how many minutes the room has agreed to run over. */
  over: number
}

export const MINUTE = 60_000

export function newState({ steps }: Plan, until?: number): FacilitationState {
  return {
    steps: steps.map(({ id, minutes }) => ({ id, planned: minutes, allotted: minutes, actual: 0 })),
    at: 0,
    ...(until !== undefined && { until }),
    over: 0,
  }
}

/**
 * The same session with the plan as it reads now: steps are known by their ids. Times that were agreed on stay,
 * except where the plan itself has another time.
 */
export function fitted(leading: FacilitationState, plan: Plan): FacilitationState {
  const here = leading.steps[leading.at]?.id
  const steps = newState(plan).steps.map(step => {
    const before = leading.steps.find(({ id }) => id === step.id)
    if (!before) return step
    return before.planned === step.planned ? before : { ...step, actual: before.actual }
  })
  const same = steps.findIndex(({ id }) => id === here)
  const done = leading.at >= leading.steps.length
  return {
    ...leading,
    steps,
    at: done ? steps.length : same === -1 ? Math.min(leading.at, steps.length - 1) : same,
  }
}

/** What the clock says at one moment. */
export interface ClockStatus {
  running: boolean
  /** In this step. */
  spent: number
  /** In this step; negative when it runs over. */
  left: number
  /** How much later than wanted the room will end; negative when it is ahead. */
  behind: number
  /** How long the steps that are still to come will take, this one included. */
  toCome: number
}

export function clockStatus(leading: FacilitationState, now: number): ClockStatus {
  const { steps, at, since, until, over } = leading
  const here = steps[at]
  const running = since !== undefined
  const spent = (here?.actual ?? 0) + (running ? Math.max(0, now - since) / MINUTE : 0)
  const left = (here?.allotted ?? 0) - spent
  const later = steps.slice(at + 1).map(step => Math.max(0, step.allotted - step.actual))
  const toCome = Math.max(0, left) + sum(later)
  const past = sum(steps.filter((_, i) => i !== at).map(step => step.actual)) + spent
  const late =
    until === undefined
      ? past + toCome - sum(steps.map(step => step.planned))
      : (now - until) / MINUTE + toCome
  return { running, spent, left, behind: late - over, toCome }
}

/**
 * What is left, in words that change once a minute, and in the last one every ten seconds: a screen reader may read them
 * each time. Undefined if the time is up.
 */
export function timeLeft(minutes: number): { number: number; unit: 'minute' | 'second' } | undefined {
  const seconds = Math.ceil(minutes * 60 - 1e-6)
  if (seconds <= 0) return undefined
  if (seconds > 50) return { number: Math.ceil(seconds / 60), unit: 'minute' }
  return { number: Math.ceil(seconds / 10) * 10, unit: 'second' }
}

/** The minutes that the room has: those of its steps, or until it has to end, if that is sooner. */
export function minutesOf({ steps, until, startedAt, over }: FacilitationState): number {
  const together = sum(steps.map(({ allotted }) => allotted))
  if (until === undefined || startedAt === undefined) return together
  return Math.min(together, Math.max(0, until - startedAt) / MINUTE + over)
}

/** How many minutes the clock has run in all. */
export const minutesRun = (leading: FacilitationState, now: number) =>
  sum(settled(leading, now).steps.map(({ actual }) => actual))

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)

/** Starts or resumes the clock; no-op if it runs or the plan is closed. */
export function running(leading: FacilitationState, now: number): FacilitationState {
  if (leading.since !== undefined || isClosed(leading)) return leading
  return { ...leading, startedAt: leading.startedAt ?? now, since: now, seen: now }
}

/** Pauses the clock; what has run until now is counted. */
export function paused(leading: FacilitationState, now: number): FacilitationState {
  const { since, ...still } = settled(leading, now)
  return still
}

export const isClosed = ({ at, steps }: FacilitationState) => at >= steps.length

/** Counts the minutes that have run; the clock goes on as it did. */
export function settled(leading: FacilitationState, now: number): FacilitationState {
  const { since, at } = leading
  if (since === undefined) return leading
  const { spent } = clockStatus(leading, now)
  return { ...changed(leading, at, { actual: spent }), since: Math.max(since, now), seen: now }
}

function changed(leading: FacilitationState, at: number, change: Partial<StepState>): FacilitationState {
  return { ...leading, steps: leading.steps.map((step, i) => (i === at ? { ...step, ...change } : step)) }
}

/** The index of the next step that was not cut out; behind the last one, of the close. */
export function nextStep({ steps, at }: FacilitationState): number {
  const ahead = steps.findIndex((step, i) => i > at && step.allotted > 0)
  return ahead === -1 ? steps.length : ahead
}

/** On to the next step that was not cut out; behind the last one is the close, where the clock stops. */
export function next(leading: FacilitationState, now: number): FacilitationState {
  const from = settled(leading, now)
  const at = nextStep(from)
  return at === from.steps.length ? { ...paused(from, now), at } : { ...from, at }
}

/** Back to the step before, whose time goes on from where it was; at the first one nothing changes. */
export function back(leading: FacilitationState, now: number): FacilitationState {
  const from = settled(leading, now)
  const at = from.steps.findLastIndex((step, i) => i < from.at && step.allotted > 0)
  if (at === -1) return from
  return isClosed(leading) ? running({ ...from, at }, now) : { ...from, at }
}

/** The step gets more minutes. One that had run over gets them from now on. */
export function extended(leading: FacilitationState, now: number, minutes: number): FacilitationState {
  const { allotted } = leading.steps[leading.at] ?? { allotted: 0 }
  const { spent } = clockStatus(leading, now)
  return changed(leading, leading.at, { allotted: Math.max(allotted, spent) + minutes })
}

/** What can be done when time is short. */
export type Short = 'cut' | 'spread' | 'over'

export interface Cut {
  step: number
  from: number
  to: number
}

/** The plan's cuts from here on, as many as the lost time asks for. */
export function cutsFor(leading: FacilitationState, plan: Plan, now: number): Cut[] {
  const { behind, spent } = clockStatus(leading, now)
  const cuts: Cut[] = []
  let missing = behind
  for (const [i, { cut }] of plan.steps.entries()) {
    const from = leading.steps[i]?.allotted ?? 0
    const to = Math.max(cut ?? from, i === leading.at ? spent : 0)
    if (i < leading.at || missing <= 0.01 || to >= from) continue
    cuts.push({ step: i, from, to })
    missing -= from - to
  }
  return cuts
}

/** No step loses more than this part of its time when a loss is spread. A video keeps all of it. */
const MOST_LOST = 0.75

/** The session with its lost time made up for, as far as can be, or agreed on. */
export function shortened(leading: FacilitationState, plan: Plan, now: number, how: Short) {
  const { behind, spent } = clockStatus(leading, now)
  if (behind <= 0) return leading
  if (how === 'over') return { ...leading, over: leading.over + behind }
  if (how === 'cut')
    return cutsFor(leading, plan, now).reduce(
      (now, { step, to }) => changed(now, step, { allotted: to }),
      leading,
    )
  const remains = leading.steps.map(({ allotted, actual }, i) => {
    const gone = i === leading.at ? spent : actual
    return i < leading.at || plan.steps[i]?.mode === 'watch' ? 0 : Math.max(0, allotted - gone)
  })
  const lost = Math.min(MOST_LOST, behind / Math.max(0.01, sum(remains)))
  return {
    ...leading,
    steps: leading.steps.map((step, i) => ({ ...step, allotted: step.allotted - (remains[i] ?? 0) * lost })),
  }
}

/** Takes minutes out of the clock again: the program was away, and the room had a break. */
export function withoutMinutes(leading: FacilitationState, minutes: number): FacilitationState {
  const { since } = leading
  return since === undefined ? leading : { ...leading, since: since + minutes * MINUTE }
}

/** For how long nobody was there while the clock ran, as after a crash. */
export const minutesAway = ({ since, seen }: FacilitationState, now: number): number =>
  since === undefined || seen === undefined ? 0 : Math.max(0, now - Math.max(seen, since)) / MINUTE
