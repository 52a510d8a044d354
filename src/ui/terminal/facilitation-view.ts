import { clockStatus, isClosed, MINUTE } from '../../domain/facilitation.ts'
import { type Question, SIDE, whereIs } from '../../domain/guide.ts'
import { inMinutes, onStopwatch, type Plan, questionsAsked, type ShownStep } from '../../domain/plan.ts'
import type { Leaf } from '../facilitation-actions.ts'
import {
  type AtRoom,
  begunSeconds,
  closeText,
  LARGER,
  nextText,
  notesText,
  openingText,
  pace,
  summaryText,
} from '../facilitation-messages.ts'
import type { GroupSummary } from '../session-port.ts'
import { paint } from './colors.ts'
import { clip, contentWidth } from './layout.ts'
import { cellsIn, drawable, wrapped } from './wrap.ts'

/* What the room sees on the wall: the question and the time first. The facilitator's notes only when asked for. */

export interface View {
  columns: number
  rows: number
  /** What the facilitator looks at. */
  leaf: Leaf | 'room'
  /** Which page of it, counted from 0; after the last comes the first. */
  page: number
  notice: string
  given: readonly GroupSummary[]
}

/** The words of a plan, on one row. */
const oneRow = (text: string, width: number) => clip(drawable(text), width)

/** The whole window, at most `rows` rows of at most `columns` cells. */
export function roomRows(at: AtRoom, view: View): string[] {
  const width = contentWidth(view.columns)
  const head = headRows(at, view, width)
  const foot = footRows(at, view, width)
  const height = Math.max(1, view.rows - head.length - foot.length)
  const pages = pagesOf(at, view, width, height)
  const number = ((view.page % pages.length) + pages.length) % pages.length
  const page = pages[number] ?? []
  const body = Array.from({ length: height }, (_, i) => page[i] ?? '')
  if (pages.length > 1) body[height - 1] = paint.faint(`Tab: more (${number + 1} of ${pages.length})`)
  return [...head, ...body, ...foot].slice(0, view.rows)
}

/** Where the room is at the left, the time at the right. */
function headRows(at: AtRoom, view: View, width: number): string[] {
  const { plan, leading } = at.room
  const step = plan.steps[leading.at]
  if (!step || leading.startedAt === undefined) return [paint.bold(oneRow(plan.title, width)), '']
  const { left, running } = clockStatus(leading, at.now)
  const digits = inDigits(onStopwatch(begunSeconds(left)))
  const cells = cellsIn(digits[0] ?? '')
  const beside = Math.max(8, width - cells - 3)
  const colour = !running ? paint.faint : left < 0 ? paint.late : left <= 1 ? paint.warning : paint.good
  const place = [`Step ${leading.at + 1} of ${plan.steps.length}`, step.protocol].filter(Boolean)
  const texts = [
    paint.accent(oneRow(place.join(' · '), beside)),
    paint.bold(oneRow(step.title, beside)),
    stateOf(at, beside),
  ]
  const rows = texts.map((text, i) => {
    const gap = ' '.repeat(Math.max(1, width - cellsIn(text) - cells))
    return text + gap + colour(digits[i] ?? '')
  })
  return view.rows >= 10 ? [...rows, ''] : rows
}

/** `left of 5 minutes · 2 minutes behind · you end at 4:32 pm`, or that the clock is paused. */
function stateOf({ room: { leading }, now, services, named }: AtRoom, width: number): string {
  const { running, left, behind, toCome } = clockStatus(leading, now)
  if (!running) return paint.warning(clip(`Paused: ${named('pause')} resumes`, width))
  const allotted = inMinutes(Math.round(leading.steps[leading.at]?.allotted ?? 0))
  const parts = [
    left < 0 ? 'step over time' : `left of ${allotted}`,
    pace({ behind }).replace(/\.$/, ''),
    `ends ${services.timeOf(now + toCome * MINUTE)}`,
  ]
  while (parts.length > 1 && cellsIn(parts.join(' · ')) > width) parts.shift()
  const text = clip(parts.join(' · '), width)
  return behind >= 0.5 ? paint.warning(text) : text
}

/** A key and what it does. */
type Hint = readonly [key: string, does: string]

const ESC: Hint = ['Esc', 'menu']
const READY: readonly Hint[] = [['Enter', 'starts the clock'], ESC]
const DONE: readonly Hint[] = [['D', 'digest and brief summary'], ['U', 'previous step'], ESC]
const RUNNING: readonly Hint[] = [
  ...([['N', 'next'], ['C', 'capture'], ['P', 'pause'], ESC, ['U', 'back'], ['M', '+1 minute']] as const),
  ...([
    ['S', 'short on time'],
    ['J', 'jots'],
    ['F', 'your notes'],
    ['T', 'what to say'],
  ] as const),
  ['O', 'norms, groups'],
]

/** What comes next, and the keys: the right end is dropped first. */
function footRows({ room }: AtRoom, view: View, width: number): string[] {
  const { leading } = room
  const hints = isClosed(leading) ? DONE : leading.startedAt === undefined ? READY : RUNNING
  const rows = hintRows(hints, width, view.rows >= 20 ? 2 : 1)
  const below = leading.startedAt === undefined ? LARGER : nextText(room)
  const next =
    view.notice !== '' ? paint.warning(oneRow(view.notice, width)) : paint.faint(oneRow(below, width))
  return view.rows >= 8 ? [next, ...rows] : rows
}

function hintRows(hints: readonly Hint[], width: number, most: number): string[] {
  const rows: Hint[][] = [[]]
  const length = (row: readonly Hint[]) => row.reduce((sum, hint) => sum + hint.join(' ').length + 3, -3)
  for (const hint of hints) {
    if (length([...(rows.at(-1) ?? []), hint]) <= width) rows.at(-1)?.push(hint)
    else if (rows.length < most) rows.push([hint])
    else break
  }
  return rows.map(row =>
    row.map(([key, does]) => `${paint.bold(key)} ${paint.faint(does)}`).join(paint.faint(' · ')),
  )
}

function pagesOf(at: AtRoom, { leaf, given }: View, width: number, height: number): string[][] {
  const { plan, leading } = at.room
  const step = plan.steps[leading.at]
  const lines = (texts: readonly string[]) => texts.flatMap(text => wrapped(text, width))
  const spaced = (texts: readonly string[]) => texts.flatMap(text => [...wrapped(text, width), ''])
  if (leading.startedAt === undefined || leaf === 'opening') return cut(lines(openingText(at)), height)
  if (!step) return cut(lines([...closeText(at.room, at.now), '', ...summaryText(given)]), height)
  if (leaf === 'notes')
    return cut(
      [
        ...wrapped('Facilitator notes (visible on a shared screen). F hides them.', width).map(row =>
          paint.warning(row),
        ),
        '',
        ...spaced(notesText(step)),
      ],
      height,
    )
  if (leaf === 'say')
    return cut([paint.faint('What to say. T: back to the questions.'), '', ...spaced(step.say)], height)
  return questionPages(at, step, spaced(step.say), width, height)
}

/** Rows on as many pages as they need; the last row of each is for telling that there are more. */
function cut(rows: string[], height: number): string[][] {
  if (rows.length <= height) return [rows]
  const each = Math.max(1, height - 1)
  return Array.from({ length: Math.ceil(rows.length / each) }, (_, i) => rows.slice(i * each, (i + 1) * each))
}

/** The questions, as many on a page as fit, and what to say in the room that is left. */
function questionPages(
  at: AtRoom,
  step: ShownStep,
  say: string[],
  width: number,
  height: number,
): string[][] {
  const blocks = questionBlocks(at, step, width)
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
    return [...page, ...shown.map(row => paint.faint(row))]
  })
}

interface Block {
  rows: string[]
  /** The groups that are asked. */
  whom: string
}

/** Each question with whom and what it is about, in rows, with an empty one below. */
function questionBlocks({ room }: AtRoom, step: ShownStep, width: number): Block[] {
  return step.ask.flatMap(question => {
    const whom = room.groups.filter(group => questionsAsked(step, group).includes(question))
    if (room.groups.length > 0 && whom.length === 0) return []
    const label = whom.length === room.groups.length ? [] : [whom.map(group => group.label).join(', ')]
    const place = question.element ? placeOf(room.plan, question, label, width) : ''
    const heading = place === '' ? [] : [paint.accent(oneRow(place, width))]
    const text = wrapped(question.text, width - 2).map(row => paint.accent('▌ ') + paint.bold(row))
    return [{ rows: [...heading, ...text, ''], whom: label.join('') }]
  })
}

/** `Table 1 · Element A: Academic Equity · the story · question 1 of 3`, or `Table 1 · A1 · the story`. */
function placeOf({ guide }: Plan, question: Question, label: readonly string[], width: number): string {
  const { element, kind, number } = question
  const whole = [...label, ...whereIs(guide, question).parts].join(' · ')
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
