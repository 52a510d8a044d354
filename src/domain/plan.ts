import { UserError } from './errors.ts'
import type { Element, Guide, Question } from './guide.ts'

/** What the room does in a step. */
export type Mode = 'read' | 'write' | 'watch' | 'discuss'
export const MODES: readonly Mode[] = ['read', 'write', 'watch', 'discuss']

/** In a step's `ask`: the actions that are still open from earlier rounds. */
export const PREVIOUS_ACTIONS = 'previous-actions'

/** What everybody in the room may see of a step. */
export interface ShownStep {
  id: string
  title: string
  minutes: number
  mode: Mode
  /** What to say, in paragraphs. */
  say: string[]
  /** In the guide's order. */
  ask: Question[]
  /** Whether the step also asks about the open actions of earlier rounds. */
  previousActions?: true
  protocol?: string
}

export interface Step extends ShownStep {
  /** For the facilitator alone, like the probes and the cut. */
  notes: string[]
  probes: string[]
  /** The minutes that the step has when time is short; 0 leaves it out. */
  cut?: number
}

/** A table. With an element it is asked that element's questions, and no other element's. */
export interface Group {
  label: string
  element?: Element
}

/** A facilitator's timed plan for one guide. */
export interface Plan {
  title: string
  guide: Guide
  /** Of all steps together. */
  minutes: number
  materials: string[]
  roles: string[]
  norms: string[]
  groups: Group[]
  steps: Step[]
}

/** The questions that a step puts to a group; to everybody, if there are no groups. */
export function questionsAsked({ ask }: Pick<ShownStep, 'ask'>, group?: Group): Question[] {
  const { element } = group ?? {}
  return element ? ask.filter(question => !question.element || question.element.id === element.id) : ask
}

/** The questions of the guide that some step puts to a group; to everybody, if there are no groups. */
export function questionsOfGroup({ guide, steps }: Plan, group: Group | undefined): Question[] {
  const put = new Set(steps.flatMap(step => questionsAsked(step, group)))
  return guide.questions.filter(question => put.has(question))
}

/** The questions of the guide that some step puts to somebody. */
export function questionsOf(plan: Plan): Question[] {
  const put = new Set(everybody(plan.groups).flatMap(group => questionsOfGroup(plan, group)))
  return plan.guide.questions.filter(question => put.has(question))
}

/** The groups of a room, or one without a name where the room is one. */
export const everybody = (groups: readonly Group[]): readonly (Group | undefined)[] =>
  groups.length > 0 ? groups : [undefined]

/** The questions of the guide that no step puts to anybody. */
export function unasked(plan: Plan): Question[] {
  const put = questionsOf(plan)
  return plan.guide.questions.filter(question => !put.includes(question))
}

/**
 * The groups of one session. A name that the plan knows keeps its element; other names take, in turn, the
 * elements that are left. Without names they are the plan's own.
 * @throws UserError if two groups could not be told apart.
 */
export function groupsNamed({ groups }: Plan, names: readonly string[]): Group[] {
  if (names.length === 0) return groups
  const labels = names.map(name => name.trim())
  labels.forEach((label, i) => {
    if (label === '') throw new UserError('--group needs a name, such as --group "Table 1".')
    const twin = labels.slice(0, i).find(other => nameOf(other) === nameOf(label))
    if (twin !== undefined)
      throw new UserError(`The groups "${twin}" and "${label}" would share one notes file. Name them apart.`)
  })
  const known = (label: string) => groups.find(group => nameOf(group.label) === nameOf(label))
  const elements = groups.map(group => group.element)
  const taken = labels.map(label => known(label)?.element)
  const left = elements.filter(element => !taken.includes(element))
  const turn = left.length > 0 ? left : elements
  let next = 0
  return labels.map(label => {
    const element = known(label) ? known(label)?.element : turn[next++ % Math.max(1, turn.length)]
    return { label, ...(element && { element }) }
  })
}

/** A group's label as a part of a file name: `Table 1` becomes `table-1`. */
export function nameOf(label: string): string {
  const name = label
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
  return name === '' ? 'group' : name
}

/** A time on the clock: minutes since midnight, and whether people here say it with am and pm. */
export interface TimeOfDay {
  minutes: number
  twelve: boolean
}

const DAY = 24 * 60

/**
 * `15:30`, `3:30pm`, `3 p.m.`
 * @throws UserError with examples.
 */
export function timeOfDay(word: string): TimeOfDay {
  const parts = /^(\d{1,2})(?:[:.](\d{2}))?\s*(?:([ap])\.?\s*m\.?)?$/i.exec(word.trim())
  const [hours, minutes, half] = [Number(parts?.[1]), Number(parts?.[2] ?? 0), parts?.[3]?.toLowerCase()]
  const twelve = half !== undefined
  const fits = twelve ? hours >= 1 && hours <= 12 : hours <= 23 && parts?.[2] !== undefined
  if (!parts || !fits || minutes > 59)
    throw new UserError(`"${word}" is no time of day. Write it like 15:30 or 3:30pm.`)
  const hour = twelve ? (hours % 12) + (half === 'p' ? 12 : 0) : hours
  return { minutes: hour * 60 + minutes, twelve }
}

/** The time so many minutes later, as people say it here; past midnight it begins anew. */
export function saidLater({ minutes, twelve }: TimeOfDay, later: number): string {
  const time = (((Math.floor(minutes + later + 1e-6) % DAY) + DAY) % DAY) | 0
  const [hour, minute] = [Math.floor(time / 60), String(time % 60).padStart(2, '0')]
  if (!twelve) return `${String(hour).padStart(2, '0')}:${minute}`
  return `${hour % 12 === 0 ? 12 : hour % 12}:${minute} ${hour < 12 ? 'am' : 'pm'}`
}

/** How many midnights lie between a time and the time so many minutes later. */
export function daysLater({ minutes }: TimeOfDay, later: number): number {
  return Math.floor((minutes + later + 1e-6) / DAY)
}

/** `6 minutes`, `1 minute`, `8½ minutes`: as one says it. */
export function inMinutes(minutes: number): string {
  return minutes === 1 ? '1 minute' : `${decimal(minutes)} minutes`
}

/** At most one digit behind the point. */
export const decimal = (minutes: number) => String(+minutes.toFixed(1))

/** `12:05`, `-0:30`: minutes and whole seconds, as on a stopwatch. */
export function onStopwatch(minutes: number): string {
  const seconds = Math.floor(Math.abs(minutes) * 60 + 1e-6)
  const sign = minutes < 0 && seconds > 0 ? '-' : ''
  return `${sign}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
