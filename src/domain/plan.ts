import { UserError } from './errors.ts'
import { capitalized, type Element, type Guide, type Question } from './guide.ts'

/** What the room does in a step. */
export type Mode = 'read' | 'write' | 'watch' | 'discuss'
export const MODES: readonly Mode[] = ['read', 'write', 'watch', 'discuss']

/** In a step's `ask`: the actions that are still open from earlier rounds. */
export const PREVIOUS_ACTIONS = 'previous-actions'

/** What stands for them among the questions of a step. */
export const previousActions = ({ questions }: Guide): Question => ({
  ...{ id: PREVIOUS_ACTIONS, kind: 'action', text: 'What became of the actions that are still open?' },
  ...{ number: 1, of: 1, position: questions.length },
})

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
  /** What its notes file is called, if it was renamed since. */
  file?: string
}

/** A facilitator's timed plan, with the guide that it is led with. */
export interface Plan {
  title: string
  guide: Guide
  /** Of all steps together. */
  minutes: number
  materials: string[]
  roles: string[]
  norms: string[]
  groups: readonly Group[]
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

/** What may stand in braces in `say`. */
export const PLACEHOLDERS = ['minutes', 'groups', 'guide', 'standard'] as const

/** What is said, with the room as it stands: its minutes and groups, and the guide. */
export function filledIn(
  say: readonly string[],
  { minutes, groups, guide }: Pick<Plan, 'minutes' | 'groups' | 'guide'>,
): string[] {
  const { title, standard } = guide
  const values = [String(Math.round(minutes)), String(Math.max(1, groups.length)), title, standard]
  const fill = (whole: string, word: (typeof PLACEHOLDERS)[number]) =>
    values[PLACEHOLDERS.indexOf(word)] ?? whole
  return say.map(text => text.replace(/\{(\w+)\}/g, fill))
}

/** The notes of the room itself, which are no group's. */
export const ROOM: Group = { label: 'Room' }

/**
 * The groups of a session, by their names. One that is known, from before or from the plan, keeps its element and its
 * file; each other one takes the element that fewest groups have.
 * @throws UserError if two groups would share a notes file.
 */
export function groupsNamed(
  { groups }: Pick<Plan, 'groups'>,
  names: readonly string[],
  before: readonly Group[] = [],
): Group[] {
  const labels = names.map(name => name.trim())
  const known = (label: string) =>
    [...before, ...groups].find(group => nameOf(group.label) === nameOf(label) && label !== '')
  const dealt = labels.flatMap(label => known(label) ?? [])
  const named = labels.map((label): Group => {
    const same = known(label)
    if (same) return { ...same, label }
    const group = { label, ...elementFor(groups, dealt) }
    dealt.push(group)
    return group
  })
  assertApart(named)
  return named
}

/** @throws UserError if a group has no name, or two groups would share a notes file. */
export function assertApart(groups: readonly Group[]): void {
  for (const [i, group] of groups.entries()) {
    if (group.label === '') throw new UserError('A group needs a name, such as "Table 1".')
    const problem = tooAlike(group, groups.slice(0, i))
    if (problem) throw new UserError(`${capitalized(problem)}. Give them different names.`)
  }
}

/** Says that a group would have the name or the notes file of another, or of the room itself, if so. */
export function tooAlike(group: Group, others: readonly Group[]): string | undefined {
  const alike = ({ label }: Group) => nameOf(label) === nameOf(group.label)
  const twin = [ROOM, ...others].find(each => alike(each) || fileOf(each) === fileOf(group))
  const names =
    twin === ROOM
      ? `group "${group.label}" and the room's own notes`
      : `groups "${twin?.label}" and "${group.label}"`
  return twin && `the ${names} would be hard to tell apart`
}

/** A plan for any guide: groups without an element are dealt the guide's in turn, and without groups each has a table. */
export function dealt(plan: Plan): Plan {
  const { elements } = plan.guide.stories
  const groups = plan.groups.length > 0 ? plan.groups : elements.map((_, i) => ({ label: `Table ${i + 1}` }))
  const withElement = (group: Group, element?: Element) => ({ ...(element && { element }), ...group })
  return { ...plan, groups: groups.map((group, i) => withElement(group, elements[i % elements.length])) }
}

/** The element of the plan's groups that fewest of these have. */
export function elementFor(groups: readonly Group[], taken: readonly Group[]): Pick<Group, 'element'> {
  const times = (element?: Element) => taken.filter(group => group.element === element).length
  const [{ element } = {}] = groups.toSorted((a, b) => times(a.element) - times(b.element))
  return element ? { element } : {}
}

/** What a group's notes file is called, behind the name of the notes. */
export const fileOf = ({ label, file }: Group) => file ?? nameOf(label)

/** A label as a part of a file name: `Table 1` becomes `table-1`. */
export function nameOf(label: string): string {
  const name = label
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    // Names of files end at 255 bytes, and a letter may take four.
    .replace(/^(.{50}).*$/su, '$1')
    .replace(/^-+|-+$/g, '')
  return name === '' ? 'group' : name
}

/** `Table 1: Element A: Academic Equity` */
export const groupTitle = ({ label, element }: Group) => (element ? `${label}: ${element.title}` : label)

/** `10:02:33 From Kim to Everyone: …`, `[10:02 AM] Kim: …`; the words may begin on the next line. */
const CHAT = /^\[?\d{1,2}:\d\d(?::\d\d)?(?: ?[AP]M)?\]?[ \t]+[^\s:][^:]{0,79}:(.*)$/is

/** What was said in a chat that was copied, without times and names; none if a text is no chat. */
export function chatLines(text: string): string[] {
  const said: string[] = []
  for (const line of text.split('\n')) {
    const words = CHAT.exec(line.trim())?.[1]
    if (words === undefined && said.length === 0) return []
    if (words === undefined) said[said.length - 1] = `${said.at(-1)} ${line.trim()}`.trim()
    else said.push(words.trim())
  }
  return said.filter(words => words !== '')
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
    throw new UserError(`"${word}" is not a time. Write it like 3:30pm or 15:30.`)
  const hour = twelve ? (hours % 12) + (half === 'p' ? 12 : 0) : hours
  return { minutes: hour * 60 + minutes, twelve }
}

/** The time so many minutes later, as people say it here; past midnight it starts again at 0:00. */
export function saidLater({ minutes, twelve }: TimeOfDay, later: number): string {
  const time = (((Math.floor(minutes + later + 1e-6) % DAY) + DAY) % DAY) | 0
  const [hour, minute] = [Math.floor(time / 60), String(time % 60).padStart(2, '0')]
  if (!twelve) return `${String(hour).padStart(2, '0')}:${minute}`
  return `${hour % 12 === 0 ? 12 : hour % 12}:${minute} ${hour < 12 ? 'am' : 'pm'}`
}

/** How many midnights lie between a time and the time so many minutes later. */
export const daysLater = ({ minutes }: TimeOfDay, later: number): number =>
  Math.floor((minutes + later + 1e-6) / DAY)

/** `6 minutes`, `1 minute`, `8½ minutes`: as one says it. */
export const inMinutes = (minutes: number): string =>
  minutes === 1 ? '1 minute' : `${decimal(minutes)} minutes`

/** At most one digit behind the point. */
export const decimal = (minutes: number) => String(+minutes.toFixed(1))

/** `12:05`, `-0:30`: minutes and whole seconds, as on a stopwatch. */
export function onStopwatch(minutes: number): string {
  const seconds = Math.floor(Math.abs(minutes) * 60 + 1e-6)
  const sign = minutes < 0 && seconds > 0 ? '-' : ''
  return `${sign}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
