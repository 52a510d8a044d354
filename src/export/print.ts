import type { StepState } from '../domain/facilitation.ts'
import type { Guide, Question } from '../domain/guide.ts'
import {
  daysLater,
  decimal,
  filledIn,
  groupTitle,
  inMinutes,
  onStopwatch,
  type Plan,
  questionsAsked,
  type Step,
  saidLater,
  type TimeOfDay,
} from '../domain/plan.ts'
import { oneLine } from '../schema/build-guide.ts'
import { type Block, bullets, type Inline, plainText, strong, table, wordsOf } from './blocks.ts'
import { asked, type Document, documentOf, type Item, toolHeading } from './document.ts'
import { assembled, type DocumentOptions } from './guide-document.ts'
import { blocksOf, lineOf } from './markdown-parser.ts'

/* What is printed for a room: a run sheet for who leads it, and handouts to write in. */

interface RunsheetOptions {
  /** When the room begins; without it, times count from zero. */
  at?: TimeOfDay | undefined
  /** What the steps took when the plan was last led. */
  before?: readonly StepState[] | undefined
}

/** A plan as its facilitator prints it: the steps at a glance, then each with what to say and ask, notes and probes. */
export function runSheet(plan: Plan, wish: RunsheetOptions): Document {
  const begins = beginnings(plan)
  return documentOf(plan.guide, {
    title: `${plan.title}: run sheet`,
    facts: [inMinutes(plan.minutes), span(0, plan.minutes, wish), 'For the facilitator'],
    items: [
      toolHeading('At a glance'),
      text([glance(plan, begins, wish)], true),
      ...under('Groups', listed(plan.groups.map(groupTitle))),
      ...under('Materials', listed(plan.materials)),
      ...under('Roles', listed(plan.roles)),
      ...under('Norms', listed(plan.norms)),
      ...plan.steps.flatMap((step, i) => stepItems(plan, step, begins[i] ?? 0, wish)),
      ...linkItems(plan),
    ],
    shape: 'small',
  })
}

const heading = (level: number, text: string): Item => ({ kind: 'heading', level, text })
const text = (blocks: Block[], ours = false): Item => ({ kind: 'text', blocks, ours })
/** What stands under a heading, if anything does. */
const under = (title: string, blocks: Block[]): Item[] =>
  blocks.length === 0 ? [] : [toolHeading(title, 3), text(blocks)]
const listed = (lines: readonly string[]): Block[] =>
  lines.length === 0 ? [] : [bullets(lines.map(line => lineOf(oneLine(line))))]

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

/** The head of a column, what stands in it for each step, and below them all. */
type Column = [head: string, cell: (step: Step, i: number) => string, end: string]

function glance({ steps, minutes }: Plan, begins: readonly number[], wish: RunsheetOptions): Block {
  const { before } = wish
  const total = (of: number[]) => decimal(of.reduce((sum, each) => sum + each, 0))
  const short = ({ cut }: Step) => (cut === undefined ? '' : cut === 0 ? 'leave out' : decimal(cut))
  const columns: Column[] = [
    ['Begins', (_, i) => time(begins[i] ?? 0, wish), time(minutes, wish)],
    ['Step', ({ title }) => title, 'End'],
    ['Minutes', step => decimal(step.minutes), decimal(minutes)],
  ]
  if (before)
    columns.push(['Last time', step => lastTime(step, before), total(before.map(({ actual }) => actual))])
  if (steps.some(({ cut }) => cut !== undefined))
    columns.push(['If short', short, total(steps.map(step => step.cut ?? step.minutes))])
  const rows = steps.map((step, i) => columns.map(([, cell]) => plainText(cell(step, i))))
  const heads = columns.map(([head]) => head)
  return table(heads, [...rows, columns.map(([, , end]) => plainText(end))])
}

function lastTime({ id }: Step, before: readonly StepState[]): string {
  const led = before.find(step => step.id === id)
  return led ? decimal(led.actual) : 'new'
}

function stepItems(plan: Plan, step: Step, begins: number, wish: RunsheetOptions): Item[] {
  const cut = step.cut === 0 ? 'leave it out' : inMinutes(step.cut ?? 0)
  const how = [
    ...[inMinutes(step.minutes), step.mode, step.protocol],
    step.cut !== undefined && `if time is short: ${cut}`,
  ].filter(part => part !== undefined && part !== false)
  const said = filledIn(step.say, plan).flatMap(blocksOf)
  return [
    heading(2, `${span(begins, begins + step.minutes, wish)}: ${step.title}`),
    {
      ...{ kind: 'text', ours: true, leads: true },
      blocks: [{ kind: 'paragraph', inlines: [{ kind: 'emphasis', inlines: plainText(how.join(' · ')) }] }],
    },
    ...under('Say', said.length > 0 ? [{ kind: 'quote', blocks: said }] : []),
    ...questionItems(plan, step),
    ...under('Notes', step.notes.flatMap(blocksOf)),
    ...under('Probes', listed(step.probes)),
  ]
}

/** What everybody is asked, and below it what each group is asked of its own element. */
function questionItems({ groups, guide }: Plan, step: Step): Item[] {
  if (step.ask.length === 0) return []
  const shared = groups.some(group => group.element) ? step.ask.filter(({ element }) => !element) : step.ask
  const list = (questions: Question[]) =>
    questions.length === 0 ? [] : [text([bullets(questions.map(line))])]
  const line = (question: Question): Inline[] => {
    const { label } = asked(guide, question, [])
    return [
      ...(label === undefined ? [] : [strong(plainText(`${label}:`)), ...plainText(' ')]),
      ...plainText(oneLine(question.text)),
    ]
  }
  return [
    toolHeading('Ask', 3),
    ...list(shared),
    ...groups.flatMap(group => {
      const own = list(questionsAsked(step, group).filter(question => !shared.includes(question)))
      return own.length === 0 ? [] : [heading(4, groupTitle(group)), ...own]
    }),
  ]
}

/** The video and what else the guide links to. */
function linkItems({ guide: { warmup, stories, action } }: Plan): Item[] {
  const links = [...warmup.links, ...stories.links, ...action.links]
  const line = ({ title, url }: { title: string; url: string }): Inline[] => [
    ...plainText(`${title}: `),
    { kind: 'link', href: url, inlines: plainText(url) },
  ]
  return links.length === 0 ? [] : [toolHeading('Links'), text([bullets(links.map(line))])]
}

/** The guide with a box to write in under each question. The boxes of a page share what is left of it. */
export function handoutDocument(guide: Guide, wish: DocumentOptions): Document {
  const words = (label: 'name' | 'date', length: number) => `${guide.labels[label]}: ${'\\_'.repeat(length)}`
  const blanks = blocksOf(`${words('name', 36)}   ${words('date', 16)}`)
  const document = assembled(guide, wish, {
    ask: question => ({ ...asked(guide, question, []), room: 1 }),
    before: () => [{ kind: 'text', blocks: blanks, ours: true }],
  })
  const pages: Item[][] = [[]]
  for (const item of document.items) {
    const page = pages.at(-1) ?? []
    const side = item.kind === 'heading' && item.level === 4 && page.some(({ kind }) => kind === 'question')
    const begins = item.kind === 'heading' && (item.newPage || side || item.text === guide.action.title)
    if (begins) pages.push([{ ...item, newPage: true }])
    else page.push(item)
  }
  const all = joined(pages)
  const items = all.flatMap((page, i) =>
    withRooms(page, PAGE - (i === 0 ? HEAD : 0) - (i === all.length - 1 ? FOOT : 0)),
  )
  return { ...document, guide: guide.id, items }
}

/* Heights in points, on letter paper, for the wider fonts. */

const PAGE = 720
/** Title of the first page, and the line about the source on the last one. */
const HEAD = 110
const FOOT = 135
const LINE = 15.5
const IN_A_LINE = 88
/** Less is no room to write by hand. */
const LEAST = 60

/** Both sides of an element on one page, where that leaves room to write. */
function joined(pages: Item[][]): Item[][] {
  const result: Item[][] = []
  for (const page of pages) {
    const [first] = page
    const last = result.at(-1)
    const isSide = first?.kind === 'heading' && first.level === 4
    if (last && isSide && roomOn([...last, ...page], PAGE) >= LEAST)
      result[result.length - 1] = [...last, { ...first, newPage: false }, ...page.slice(1)]
    else result.push(page)
  }
  return result
}

function withRooms(page: Item[], height: number): Item[] {
  const room = Math.max(LEAST, Math.floor(roomOn(page, height) / 12) * 12)
  return page.map(item => (item.kind === 'question' ? { ...item, room } : item))
}

/** What each question on a page gets. */
function roomOn(page: Item[], height: number): number {
  const used = page.reduce((sum, item) => sum + heightOf(item), 0)
  return (height - used) / Math.max(1, page.filter(({ kind }) => kind === 'question').length)
}

function heightOf(item: Item): number {
  const lines = (text: string) => Math.ceil(text.length / IN_A_LINE) * LINE
  if (item.kind === 'heading') return item.level < 4 ? 42 : 34
  if (item.kind === 'question') return lines(item.text) + (item.label === undefined ? 28 : 42)
  if (item.kind === 'pairs') return 0
  return item.blocks.reduce(
    (sum, one) => sum + 8 + ('inlines' in one ? lines(wordsOf(one.inlines)) : LINE),
    0,
  )
}
