import { counted } from '../domain/answers.ts'
import {
  askedIn,
  type Capture,
  type ClockStatus,
  type Cut,
  clockStatus,
  isClosed,
  MINUTE,
  nextStep,
  type Room,
  sayIn,
  timeLeft,
} from '../domain/facilitation.ts'
import { whereIs } from '../domain/guide.ts'
import { groupTitle, inMinutes, onStopwatch, type ShownStep, type Step } from '../domain/plan.ts'
import { jotCount, sentence } from './messages.ts'
import type { FacilitationServices, GroupSummary } from './session-port.ts'

/* What a facilitator is told, sentence by sentence. What the room may hear is said from a ShownStep alone. */

/** Where an action is chosen. */
export interface AtRoom {
  room: Room
  /** Milliseconds. */
  now: number
  services: FacilitationServices
  /** What was captured last. */
  last: Capture | undefined
  /** Whether actions are asked for by words, not by keys. */
  typed: boolean
  /** How an action is asked for here: `U` or `:back`. */
  named(word: string): string
}

/** A title as a sentence of its own. */
const ended = (title: string) => (/[.?!…]$/.test(title) ? title : sentence(title))
const rounded = (minutes = 0) => inMinutes(Math.round(minutes))

/** `42 minutes`, `10 hours`. */
export const longTime = (minutes: number) =>
  minutes < 120 ? rounded(minutes) : counted(Math.round(minutes / 60), 'hour')

/** `4 minutes left`, `Time is up`: words that change once a minute, at the end every ten seconds. */
export function leftText({ left }: Pick<ClockStatus, 'left'>): string {
  const time = timeLeft(left)
  return time ? `${counted(time.number, time.unit)} left` : 'Time is up'
}

/** Why an action is not offered now. */
export function refusal({ room: { leading, following }, named }: AtRoom): string {
  if (following) return `Another window leads this room. To take it over: ${named('lead')}`
  return leading.startedAt === undefined
    ? 'The clock has not started yet. Enter starts it.'
    : `That was the last step, and the clock is stopped. Previous step: ${named('back')}`
}

export const list = (name: string, items: readonly string[]) =>
  items.length > 0 ? [`${name}:`, ...items.map(item => `- ${item}`)] : []

/** What the first step shows beside what is said. */
export const normsText = ({ plan, groups }: Room) => [
  ...list('Norms', plan.norms),
  ...list('Groups', groups.map(groupTitle)),
]

/** `all`: with what is the facilitator's, not the room's. */
export function openingText(at: AtRoom, all: boolean): string[] {
  const { materials, roles } = at.room.plan
  return [
    ...lengthText(at),
    ...normsText(at.room),
    ...(all ? [...list('Roles', roles), ...list('Materials', materials)] : []),
  ]
}

function lengthText({ room: { plan, leading }, now, services, named }: AtRoom): string[] {
  const { minutes, steps, guide } = plan
  const { until, startedAt } = leading
  const started = startedAt !== undefined
  // An end that is the plan's length away, to the minute, is far enough.
  const short = until === undefined || started ? 0 : Math.floor(minutes - (until - now) / MINUTE)
  const ends =
    until !== undefined
      ? `You have to end at ${services.timeOf(until)}.`
      : started
        ? ''
        : `If you start now, you end at ${services.timeOf(now + minutes * MINUTE)}.`
  const length =
    `${guide.title}: ${inMinutes(minutes)} in ${counted(steps.length, 'step')}. ${ends}`.trimEnd()
  if (short <= 0) return [length]
  const what = `Once the clock runs, ${named('short')} shows what can be left out.`
  return [length, `That is ${inMinutes(short)} short. ${what}`]
}

export const pageText = (url: string) => [
  `The room page is open at ${url}`,
  'Show it on the projector. If your browser did not open, open this address in it. This screen is for you.',
]

/** Once the clock has been running, a session that comes back says where it is. */
export function returnText({ plan, leading }: Room): string {
  const where = `Picking up at step ${leading.at + 1} of ${plan.steps.length}`
  const clock = leading.since === undefined ? 'is paused; Enter resumes it' : 'kept running'
  return `${where}. The clock ${clock}. :restart starts the plan over.`
}

export function stepText(room: Room, now: number): string[] {
  const { plan, leading } = room
  const step: ShownStep | undefined = plan.steps[leading.at]
  if (!step) return ['That was the last step. :back returns to it.']
  const how = [rounded(leading.steps[leading.at]?.allotted ?? step.minutes), step.mode, step.protocol]
  return [
    `Step ${leading.at + 1} of ${plan.steps.length}: ${ended(step.title)} ${sentence(how.filter(Boolean).join(', '))}`,
    ...sayIn(room, step),
    ...(leading.at === 0 ? normsText(room) : []),
    ...askedText(room),
    `${timeText(room, now)} ${nextText(room)}`,
  ]
}

const FEW = 3

/** The questions themselves where they are few. */
function askedText(room: Room): string[] {
  const questions = copyText(room)
  if (questions.length <= FEW) return questions.map(text => `Question: ${text}`)
  return [`${questions.length} questions. :questions reads them.`]
}

export function timeText({ leading }: Room, now: number): string {
  if (isClosed(leading)) return 'The clock is stopped.'
  const { left, running, behind } = clockStatus(leading, now)
  const step =
    left >= 0
      ? `${onStopwatch(begunSeconds(left))} left in this step.`
      : `Time is up: this step is over by ${onStopwatch(-left)}.`
  return `${step} ${pace({ behind })}${running ? '' : ' The clock is paused.'}`
}

/** What is left counts the second that has begun: a step of 3 minutes begins at 3:00. */
const begunSeconds = (minutes: number) => Math.ceil(minutes * 60 - 1e-6) / 60

/** `On time.`, `2 minutes behind.`, `2 minutes to spare.` */
export function pace({ behind }: Pick<ClockStatus, 'behind'>): string {
  const minutes = Math.round(Math.abs(behind))
  return minutes === 0 ? 'On time.' : `${inMinutes(minutes)} ${behind > 0 ? 'behind' : 'to spare'}.`
}

/** The next step that was not left out, with the minutes that it has now. */
export function nextText({ plan, leading }: Room): string {
  if (isClosed(leading)) return ''
  const at = nextStep(leading)
  const step = plan.steps[at]
  return step
    ? `Next, ${rounded(leading.steps[at]?.allotted)}: ${ended(step.title)}`
    : 'This is the last step.'
}

/** For the facilitator alone. */
export function notesText({ notes, probes, cut, minutes }: Step): string[] {
  const lines = [
    ...notes,
    ...list('Probes', probes),
    ...(cut === undefined
      ? []
      : [`When time is short: ${cut === 0 ? 'leave it out' : `${inMinutes(cut)} instead of ${minutes}`}.`]),
  ]
  return lines.length > 0 ? lines : ['There are no notes for this step.']
}

export function planText({ plan, leading }: Room, now: number): string[] {
  return plan.steps.map(({ title }, i) => {
    const { allotted = 0, actual = 0 } = leading.steps[i] ?? {}
    const took = i === leading.at ? clockStatus(leading, now).spent : actual
    const time = took > 0 ? `${onStopwatch(took)} of ${rounded(allotted)}` : rounded(allotted)
    return `${i + 1} ${title}: ${took === 0 && i < leading.at ? 'left out' : time}${i === leading.at ? ', you are here' : ''}`
  })
}

/** What the steps took, what each group gave, and the actions. */
export function closeText(room: Room, now: number, given: readonly GroupSummary[]): string[] {
  const actions = given.flatMap(({ group, actions }) =>
    actions.map(action => (group ? `${action}, ${group.label}` : action)),
  )
  return [
    'That was the last step. The clock is stopped.',
    ...summaryText(given),
    ...list('Actions', actions),
    ...list('Time', planText(room, now)),
  ]
}

/** The questions of a step, a line each. */
export function copyText(room: Room): string[] {
  const { plan, leading } = room
  const step = plan.steps[leading.at]
  if (!step) return []
  return askedIn(room, step).map(({ question, whom }) => {
    const place = question.element ? whereIs(plan.guide, question).parts.slice(-2).join(', ') : ''
    const about = [whom, place].filter(part => part !== '').join(', ')
    return about === '' ? question.text : `${about}: ${question.text}`
  })
}

/** `Share-out 8 to 5 minutes`: what the plan's cuts would be. */
export function cutsText({ steps }: Room['plan'], cuts: readonly Cut[]): string {
  return cuts
    .map(({ step, from, to }) =>
      to === 0
        ? `leave out ${steps[step]?.title}`
        : `${steps[step]?.title} ${Math.round(from)} to ${rounded(to)}`,
    )
    .join(', ')
}

/** Where the room is, for whoever comes back from writing. */
export function backText(room: Room, now: number): string {
  const { plan, leading } = room
  return `Back in step ${leading.at + 1}, ${ended(plan.steps[leading.at]?.title ?? '')} ${timeText(room, now)}`
}

/** What each group gave, in one line a group. */
export function summaryText(given: readonly GroupSummary[]): string[] {
  return given.map(({ group, notesPath, answered, words, jots }) => {
    const wrote = words > 0 ? [`${answered} answered`, counted(words, 'word')] : []
    const parts = [...wrote, ...(jots > 0 ? [jotCount(jots)] : [])]
    return `${group ? `${group.label}: ` : ''}${parts.length === 0 ? 'nothing written yet' : `${parts.join(', ')}, in ${notesPath}`}.`
  })
}
