import { type ClockStatus, clockStatus, isClosed, type Room } from '../../domain/facilitation.ts'

import { type Question, SIDE, whereIs } from '../../domain/guide.ts'
import { inMinutes, onStopwatch, questionsAsked, type ShownStep } from '../../domain/plan.ts'
import {
  begunSeconds,
  closeText,
  LARGER,
  nextText,
  notesText,
  openingText,
  pace,
  summaryText,
} from '../facilitation-messages.ts'
import type { FacilitationServices, GroupSummary } from '../session-port.ts'
import { clip, contentWidth } from './layout.ts'
import { chalk } from './renderer.ts'
import { cellsIn, drawable, wrapped } from './wrap.ts'

/* What the room sees on the wall: the question and the time first. The facilitator's notes only when asked for. */

export type Leaf = 'room' | 'say' | 'notes' | 'opening'

export interface View {
  columns: number
  rows: number
  /** What the facilitator looks at. */
  leaf: Leaf
  /** Which page of it, counted from 0; round to the first behind the last. */
  page: number
  notice: string
  now: number
  given: readonly GroupSummary[]
}

interface Hint {
  key: string
  does: string
}

/** One row of a plan's words, which are nobody's but their author's. */
const oneRow = (text: string, width: number) => clip(drawable(text), width)

/** The whole window, at most `rows` rows of at most `columns` cells. */
export function roomRows(room: Room, view: View, sitting: FacilitationServices): string[] {
  const width = contentWidth(view.columns)
  const head = headOf(room, view, sitting, width)
  const foot = footOf(room, view, width)
  const height = Math.max(1, view.rows - head.length - foot.length)
  const pages = pagesOf(room, view, sitting, width, height)
  const at = ((view.page % pages.length) + pages.length) % pages.length
  const page = pages[at] ?? []
  const body = Array.from({ length: height }, (_, i) => page[i] ?? '')
  if (pages.length > 1) body[height - 1] = chalk.dim(`Tab: more (${at + 1} of ${pages.length})`)
  return [...head, ...body, ...foot].slice(0, view.rows)
}

/** Where the room is at the left, the time at the right. */
function headOf(room: Room, view: View, sitting: FacilitationServices, width: number): string[] {
  const { plan, leading } = room
  const step = plan.steps[leading.at]
  if (!step || leading.startedAt === undefined) return [chalk.bold(oneRow(plan.title, width)), '']
  const now = clockStatus(leading, view.now)
  const digits = inDigits(onStopwatch(begunSeconds(now.left)))
  const cells = cellsIn(digits[0] ?? '')
  const beside = Math.max(8, width - cells - 3)
  const colour = now.left < 0 ? chalk.red : now.left <= 1 ? chalk.yellow : chalk.green
  const left = [
    chalk.cyan(
      clip(
        `Step ${leading.at + 1} of ${plan.steps.length}${step.protocol ? ` · ${drawable(step.protocol)}` : ''}`,
        beside,
      ),
    ),
    chalk.bold(oneRow(step.title, beside)),
    stateOf(now, room, view, sitting, beside),
  ]
  const rows = left.map((text, i) => {
    const gap = ' '.repeat(Math.max(1, width - cellsIn(text) - cells))
    return `${text}${gap}${now.running ? colour(digits[i] ?? '') : chalk.dim(digits[i] ?? '')}`
  })
  return view.rows >= 10 ? [...rows, ''] : rows
}

/** `2 minutes behind · ends 16:32`, or that the clock stands still. */
function stateOf(
  now: ClockStatus,
  { leading }: Room,
  view: View,
  sitting: FacilitationServices,
  width: number,
): string {
  const ends = `ends ${sitting.timeOf(view.now + now.toCome * 60_000)}`
  const late = pace(now).replace(/\.$/, '')
  if (!now.running) return chalk.yellow(clip('Paused: P goes on', width))
  const parts = [
    now.left < 0 ? 'over' : `left of ${inMinutes(Math.round(leading.steps[leading.at]?.allotted ?? 0))}`,
    late,
    ends,
  ]
  while (parts.length > 1 && cellsIn(parts.join(' · ')) > width) parts.shift()
  const text = clip(parts.join(' · '), width)
  return now.behind >= 0.5 ? chalk.yellow(text) : text
}

const RUNNING: readonly Hint[] = [
  { key: 'N', does: 'next' },
  { key: 'C', does: 'capture' },
  { key: 'P', does: 'pause' },
  { key: 'Esc', does: 'menu' },
  { key: 'B', does: 'back' },
  { key: 'M', does: '+1 minute' },
  { key: 'S', does: 'short on time' },
  { key: 'J', does: 'jots' },
  { key: 'F', does: 'notes for you' },
  { key: 'T', does: 'what to say' },
  { key: 'O', does: 'norms, groups' },
]
const READY: readonly Hint[] = [
  { key: 'Enter', does: 'starts the clock' },
  { key: 'Esc', does: 'menu' },
]
const DONE: readonly Hint[] = [
  { key: 'D', does: 'digest and brief summary' },
  { key: 'B', does: 'back to the last step' },
  { key: 'Esc', does: 'menu' },
]

/** What comes next, and the keys: the right end is dropped first. */
function footOf({ plan, leading }: Room, view: View, width: number): string[] {
  const hints = isClosed(leading) ? DONE : leading.startedAt === undefined ? READY : RUNNING
  const most = view.rows >= 20 ? 2 : 1
  const rows = hintRows(hints, width, most)
  const below = leading.startedAt === undefined ? LARGER : nextText(plan, leading)
  const next = view.notice !== '' ? chalk.yellow(oneRow(view.notice, width)) : chalk.dim(oneRow(below, width))
  return view.rows >= 8 ? [next, ...rows] : rows
}

function hintRows(hints: readonly Hint[], width: number, most: number): string[] {
  const rows: Hint[][] = [[]]
  const length = (row: readonly Hint[]) =>
    row.reduce((sum, { key, does }) => sum + key.length + does.length + 4, -3)
  for (const hint of hints) {
    if (length([...(rows.at(-1) ?? []), hint]) <= width) rows.at(-1)?.push(hint)
    else if (rows.length < most) rows.push([hint])
    else break
  }
  return rows.map(row =>
    row.map(({ key, does }) => `${chalk.bold(key)} ${chalk.dim(does)}`).join(chalk.dim(' · ')),
  )
}

function pagesOf(
  room: Room,
  view: View,
  sitting: FacilitationServices,
  width: number,
  height: number,
): string[][] {
  const { plan, leading } = room
  const step = plan.steps[leading.at]
  const lines = (texts: readonly string[]) => texts.flatMap(text => wrapped(text, width))
  const spaced = (texts: readonly string[]) => texts.flatMap(text => [...wrapped(text, width), ''])
  if (!step) return cut(lines([...closeText(room, view.now), '', ...summaryText(view.given)]), height)
  if (leading.startedAt === undefined || view.leaf === 'opening')
    return cut(lines(openingText(room, sitting, 'S').slice(1, -2)), height)
  if (view.leaf === 'notes')
    return cut([chalk.yellow('Only for you. F hides it.'), '', ...spaced(notesText(step))], height)
  if (view.leaf === 'say')
    return cut([chalk.dim('What to say. T goes back to the questions.'), '', ...spaced(step.say)], height)
  return questionPages(room, step, spaced(step.say), width, height)
}

/** Rows on as many pages as they need; the last row of each is for telling that there are more. */
function cut(rows: string[], height: number): string[][] {
  if (rows.length <= height) return [rows]
  const each = Math.max(1, height - 1)
  return Array.from({ length: Math.ceil(rows.length / each) }, (_, i) => rows.slice(i * each, (i + 1) * each))
}

/** The questions, as many on a page as fit, and what to say in the room that is left. */
function questionPages(
  room: Room,
  step: ShownStep,
  say: string[],
  width: number,
  height: number,
): string[][] {
  const blocks = questionBlocks(room, step, width)
  if (blocks.length === 0) return cut(say, height)
  // Nothing follows the last question, so the empty row below it may be missing.
  const all = blocks.reduce((sum, { rows }) => sum + rows.length, -1) <= height
  const each = all ? height : Math.max(1, height - 1)
  const pages: string[][] = []
  for (const [i, { rows, whom }] of blocks.entries()) {
    const page = pages.at(-1)
    const same = all || whom === blocks[i - 1]?.whom
    if (page && same && page.length + rows.length - 1 <= each) page.push(...rows)
    else pages.push(...cut(rows.slice(0, -1), each).map(part => [...part, '']))
  }
  return pages.map(page => {
    const left = each - page.length
    if (left < 2 || say.length === 0) return page
    const shown = say.length <= left + 1 ? say : [...say.slice(0, left - 1), 'T: all of what to say']
    return [...page, ...shown.map(row => chalk.dim(row))]
  })
}

interface Block {
  rows: string[]
  /** The groups that are asked. */
  whom: string
}

/** Each question with whom and what it is about, in rows, with an empty one below. */
function questionBlocks(room: Room, step: ShownStep, width: number): Block[] {
  return step.ask.flatMap(question => {
    const whom = room.groups.filter(group => questionsAsked(step, group).includes(question))
    if (room.groups.length > 0 && whom.length === 0) return []
    const label = whom.length === room.groups.length ? [] : [whom.map(group => group.label).join(', ')]
    const place = question.element ? placeOf(room, question, label, width) : ''
    const heading = place === '' ? [] : [chalk.cyan(oneRow(place, width))]
    const text = wrapped(question.text, width - 2).map(row => chalk.cyan('▌ ') + chalk.bold(row))
    return [{ rows: [...heading, ...text, ''], whom: label.join('') }]
  })
}

/** `Table 1 · Element A: Academic Equity · the story · question 1 of 3`, or `Table 1 · A1 · the story`. */
function placeOf({ plan }: Room, question: Question, label: readonly string[], width: number): string {
  const { element, kind, number } = question
  const whole = [...label, ...whereIs(plan.guide, question).parts].join(' · ')
  if (cellsIn(whole) <= width || !element || (kind !== 'story' && kind !== 'comparison')) return whole
  return [...label, `${element.id.toUpperCase()}${number}`, SIDE[kind]].join(' · ')
}

/* The time in letters three rows high, to be read from the last row of a room. */

const FIGURES: Record<string, readonly [string, string, string]> = {
  '0': ['█▀█', '█ █', '▀▀▀'],
  '1': ['▀█ ', ' █ ', '▀▀▀'],
  '2': ['▀▀█', '█▀▀', '▀▀▀'],
  '3': ['▀▀█', ' ▀█', '▀▀▀'],
  '4': ['█ █', '▀▀█', '  ▀'],
  '5': ['█▀▀', '▀▀█', '▀▀▀'],
  '6': ['█▀▀', '█▀█', '▀▀▀'],
  '7': ['▀▀█', '  █', '  ▀'],
  '8': ['█▀█', '█▀█', '▀▀▀'],
  '9': ['█▀█', '▀▀█', '▀▀▀'],
  ':': ['▄', '▄', ' '],
  '-': ['  ', '▀▀', '  '],
}

const DIGIT_ROWS = 3

/** A time such as `-4:07` as three rows of equal length. */
export function inDigits(time: string): string[] {
  return Array.from({ length: DIGIT_ROWS }, (_, row) =>
    [...time].map(figure => FIGURES[figure]?.[row] ?? figure).join(' '),
  )
}
