import { UserError } from './errors.ts'
import type { Element, Guide, Question } from './guide.ts'

/** What the room does in a step. */
export type Mode = 'read' | 'write' | 'watch' | 'discuss'
export const MODES: readonly Mode[] = ['read', 'write', 'watch', 'discuss']

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
}

/** A facilitator's timed plan for one guide. */
export interface Walkthrough {
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
export function asked({ ask }: Pick<ShownStep, 'ask'>, group?: Group): Question[] {
  const { element } = group ?? {}
  return element ? ask.filter(question => !question.element || question.element.id === element.id) : ask
}

/** The questions of the guide that some step puts to somebody. */
export function questionsOf({ guide, steps, groups }: Walkthrough): Question[] {
  const put = new Set(
    steps.flatMap(step => (groups.length > 0 ? groups.flatMap(group => asked(step, group)) : step.ask)),
  )
  return guide.questions.filter(question => put.has(question))
}

/** The questions of the guide that no step puts to anybody. */
export function unasked(plan: Walkthrough): Question[] {
  const put = questionsOf(plan)
  return plan.guide.questions.filter(question => !put.includes(question))
}

/**
 * The groups of one session. A name that the plan knows keeps its element; other names take, in turn, the
 * elements that are left. Without names they are the plan's own.
 * @throws UserError if two groups could not be told apart.
 */
export function groupsNamed({ groups }: Walkthrough, names: readonly string[]): Group[] {
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
