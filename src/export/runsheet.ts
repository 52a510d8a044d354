import type { StepState } from '../domain/facilitation.ts'
import { type Question, SIDE } from '../domain/guide.ts'
import {
  daysLater,
  decimal,
  type Group,
  inMinutes,
  onStopwatch,
  type Plan,
  questionsAsked,
  type Step,
  saidLater,
  type TimeOfDay,
} from '../domain/plan.ts'
import { type Document, type Item, outlined, sourceNote } from './document.ts'
import { blocksOf } from './markdown-parser.ts'

export interface RunsheetOptions {
  /** When the room begins; without it, times count from nought. */
  at?: TimeOfDay | undefined
  /** What the steps took when the plan was last led. */
  before?: readonly StepState[] | undefined
}

/** A plan as its facilitator prints it: clock times, what to say and to ask, notes, probes and cuts. */
export function runSheet(plan: Plan, wish: RunsheetOptions): Document {
  const begins = beginnings(plan)
  return outlined({
    language: plan.guide.language,
    title: `${plan.title}: run sheet`,
    facts: [inMinutes(plan.minutes), span(0, plan.minutes, wish), 'For the facilitator'],
    items: [
      ...listed('Materials', plan.materials),
      ...listed('Roles', plan.roles),
      ...listed('Norms', plan.norms),
      ...listed('Groups', plan.groups.map(groupTitle)),
      ours(2, 'At a glance'),
      ...text(glance(plan, begins, wish)),
      ...plan.steps.flatMap((step, i) => stepItems(plan, step, begins[i] ?? 0, wish)),
    ],
    source: sourceNote(plan.guide),
  })
}

/** A heading in our words. */
const ours = (level: number, text: string): Item => ({ kind: 'heading', level, text, ours: true })
/** Lines of Markdown, mostly in the words of the plan. */
const text = (lines: readonly string[], ours = false): Item[] => [
  { kind: 'text', blocks: blocksOf(lines.join('\n')), ours },
]

/** When each step begins, in minutes from the start. */
function beginnings({ steps }: Plan): number[] {
  let minutes = 0
  return steps.map(step => {
    minutes += step.minutes
    return minutes - step.minutes
  })
}

function time(minutes: number, { at }: RunsheetOptions): string {
  if (!at) return onStopwatch(minutes)
  return saidLater(at, minutes) + (daysLater(at, minutes) > 0 ? ' (next day)' : '')
}

const span = (from: number, to: number, wish: RunsheetOptions) => `${time(from, wish)} to ${time(to, wish)}`

const groupTitle = ({ label, element }: Group) => (element ? `${label}: ${element.title}` : label)

function listed(title: string, items: readonly string[]): Item[] {
  return items.length === 0 ? [] : [ours(2, title), ...text(items.map(bullet))]
}

const bullet = (item: string) => `- ${oneLine(item)}`
const oneLine = (text: string) => text.trim().replace(/\s*\n\s*/g, ' ')
const cell = (text: string) => oneLine(text).replaceAll('|', '\\|')

function glance(plan: Plan, begins: readonly number[], wish: RunsheetOptions): string[] {
  const { before } = wish
  const cuts = plan.steps.some(({ cut }) => cut !== undefined)
  const row = (cells: (string | false)[]) => `| ${cells.filter(text => text !== false).join(' | ')} |`
  const head = ['Begins', 'Step', 'Minutes', before && 'Last time', cuts && 'When short'].map(
    text => text ?? false,
  )
  const rows = plan.steps.map((step, i) =>
    row([
      time(begins[i] ?? 0, wish),
      cell(step.title),
      decimal(step.minutes),
      before !== undefined && lastTime(step, before),
      cuts && (step.cut === undefined ? '' : step.cut === 0 ? 'leave out' : decimal(step.cut)),
    ]),
  )
  const end = row([
    time(plan.minutes, wish),
    'End',
    decimal(plan.minutes),
    before !== undefined && decimal(before.reduce((sum, { actual }) => sum + actual, 0)),
    cuts && decimal(plan.steps.reduce((sum, { cut, minutes }) => sum + (cut ?? minutes), 0)),
  ])
  const rule = row(head.map(text => text !== false && '---'))
  return [row(head), rule, ...rows, end]
}

function lastTime({ id }: Step, before: readonly StepState[]): string {
  const led = before.find(step => step.id === id)
  return led ? decimal(led.actual) : 'new'
}

function stepItems(plan: Plan, step: Step, begins: number, wish: RunsheetOptions): Item[] {
  const how = [inMinutes(step.minutes), step.mode, step.protocol].filter(part => part !== undefined)
  const cut = step.cut === 0 ? 'leave it out' : inMinutes(step.cut ?? 0)
  const under = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [ours(3, title), ...text(lines)]
  return [
    {
      kind: 'heading',
      level: 2,
      text: `${span(begins, begins + step.minutes, wish)}: ${oneLine(step.title)}`,
    },
    ...text([`*${how.join(', ')}*`]),
    ...under('Say', quoted(step.say)),
    ...questionItems(plan, step),
    ...under('Notes', spaced(step.notes)),
    ...under('Probes', step.probes.map(bullet)),
    ...(step.cut === undefined ? [] : text([`**When short:** ${cut}`], true)),
  ]
}

const spaced = (paragraphs: readonly string[]) => paragraphs.flatMap(text => [text, ''])
const quoted = (paragraphs: readonly string[]) =>
  paragraphs.flatMap((text, i) => [...(i > 0 ? ['>'] : []), `> ${text}`])

/** What everybody is asked, and below it what each group is asked of its own element. */
function questionItems({ groups }: Plan, step: Step): Item[] {
  if (step.ask.length === 0) return []
  const shared = groups.some(group => group.element) ? step.ask.filter(({ element }) => !element) : step.ask
  const own = groups.map(group => ({
    group,
    questions: questionsAsked(step, group).filter(question => !shared.includes(question)),
  }))
  const item = (question: Question) => `- ${placeOf(question)}${oneLine(question.text)} (\`${question.id}\`)`
  return [
    ours(3, 'Ask'),
    ...(shared.length > 0 ? text(shared.map(item)) : []),
    ...own
      .filter(({ questions }) => questions.length > 0)
      .flatMap(({ group, questions }): Item[] => [
        { kind: 'heading', level: 4, text: groupTitle(group) },
        ...text(questions.map(item)),
      ]),
  ]
}

function placeOf({ kind, element, number, of }: Question): string {
  if (kind !== 'story' && kind !== 'comparison') return ''
  return `${element?.id.toUpperCase()}${of > 1 ? number : ''}, ${SIDE[kind]}: `
}
