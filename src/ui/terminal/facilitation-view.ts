import { askedIn, clockStatus, MINUTE, sayIn, timeLeft } from '../../domain/facilitation.ts'
import { type Guide, type Question, whereIs } from '../../domain/guide.ts'
import { inMinutes, type ShownStep, type Step } from '../../domain/plan.ts'
import { keysAt } from '../facilitation-actions.ts'
import type { Leaf } from '../facilitation-effects.ts'
import type { AtRoom } from '../facilitation-messages.ts'
import * as told from '../facilitation-messages.ts'
import { markedName } from '../group-actions.ts'
import type { GroupSummary } from '../session-port.ts'
import { clip, contentWidth, keyRows, paint } from './layout.ts'
import { cellsIn, wrapped } from './wrap.ts'

/*
 * The screen of a led room. Where it is mirrored on the wall it shows the question and the time first, and the
 * facilitator's notes only when asked for; with the room page on the wall it is the facilitator's.
 */

interface View {
  columns: number
  rows: number
  /** What the facilitator looks at. */
  leaf: Leaf | 'room'
  /** Which page of it, counted from 0. */
  page: number
  notice: string
  given: readonly GroupSummary[]
}

/** The whole window, at most `rows` rows of at most `columns` cells, and how many pages there are. */
export function roomScreen(at: AtRoom, view: View) {
  const width = contentWidth(view.columns)
  const head = headRows(at, view, width)
  const foot = footRows(at, view, width)
  const height = Math.max(1, view.rows - head.length - foot.length)
  const pages = pagesOf(at, view, width, height)
  const number = Math.min(view.page, pages.length - 1)
  const body = Array.from({ length: height }, (_, i) => pages[number]?.[i] ?? '')
  if (pages.length > 1) body[height - 1] = paint.faint(`PgDn: more (${number + 1} of ${pages.length})`)
  return { rows: [...head, ...body, ...foot].slice(0, view.rows), pages: pages.length }
}

/** Where the room is at the left, the time at the right. */
function headRows(at: AtRoom, view: View, width: number): string[] {
  const { plan, leading } = at.room
  const step = plan.steps[leading.at]
  if (!step || leading.startedAt === undefined) return [paint.bold(clip(plan.title, width)), '']
  const { left, running } = clockStatus(leading, at.now)
  const figures = timeFigures(left)
  const cells = cellsIn(figures[0] ?? '')
  const beside = Math.max(8, width - cells - 3)
  const colour = !running ? paint.faint : left <= 0 ? paint.late : left <= 1 ? paint.warning : paint.good
  const place = [`Step ${leading.at + 1} of ${plan.steps.length}`, step.protocol].filter(Boolean)
  const texts = [
    paint.accent(clip(place.join(' · '), beside)),
    paint.bold(clip(step.title, beside)),
    stateOf(at, beside),
  ]
  const rows = texts.map((text, i) => {
    const gap = ' '.repeat(Math.max(1, width - cellsIn(text) - cells))
    return text + gap + colour(figures[i] ?? '')
  })
  return view.rows >= 10 ? [...rows, ''] : rows
}

/** What is left, large, in three rows of equal length. */
function timeFigures(left: number): string[] {
  const time = timeLeft(left)
  if (!time) return ['           ', 'Time is up ', '           ']
  const unit = time.unit === 'minute' ? ' min' : ' sec'
  return inDigits(String(time.number)).map((row, i) => row + (i === 1 ? unit : '    '))
}

/** `4 minutes left of 5 · 2 minutes behind · ends 4:32 pm`; the left end is dropped first. */
function stateOf({ room: { leading, following }, now, services, named }: AtRoom, width: number): string {
  const { running, left, behind, toCome } = clockStatus(leading, now)
  if (following)
    return paint.warning(
      clip(`Another window leads${running ? '' : ', paused'}. ${named('lead')}: take over`, width),
    )
  if (!running) return paint.warning(clip(`Paused: ${named('pause')} resumes`, width))
  // Rounded as what is left of it.
  const allotted = Math.ceil((leading.steps[leading.at]?.allotted ?? 0) - 1e-6)
  // Rounded as the pace is, so that both change together: a screen reader reads the row each time.
  const over = Math.round(-left)
  const parts = [
    ...(left > 0 ? [`${told.leftText({ left })} of ${allotted}`] : []),
    ...(over > 0 ? [`${inMinutes(over)} over`] : []),
    told.pace({ behind }).replace(/\.$/, ''),
    `ends ${services.timeOf(now + toCome * MINUTE)}`,
  ]
  while (parts.length > 1 && cellsIn(parts.join(' · ')) > width) parts.shift()
  const text = clip(parts.join(' · '), width)
  return behind >= 0.5 ? paint.warning(text) : text
}

/** What comes next, and the keys: the right end is dropped first. */
function footRows(at: AtRoom, view: View, width: number): string[] {
  const rows = keyRows(keysAt(at), width, view.rows >= 20 ? 2 : 1)
  const started = at.room.leading.startedAt !== undefined
  const below = started
    ? told.nextText(at.room)
    : 'Zoom in so the back row can read it. Screen reader? Add --accessible.'
  const next = view.notice !== '' ? paint.warning(clip(view.notice, width)) : paint.faint(clip(below, width))
  return view.rows >= 8 ? [next, ...rows] : rows
}

function pagesOf(at: AtRoom, { leaf, given }: View, width: number, height: number): string[][] {
  const { room, now, services } = at
  const { plan, leading } = room
  const step = plan.steps[leading.at]
  const lines = (texts: readonly string[]) => texts.flatMap(text => wrapped(text, width))
  const spaced = (texts: readonly string[]) => texts.flatMap(text => [...wrapped(text, width), ''])
  const noted = (note: string, texts: readonly string[]) =>
    cut([...wrapped(note, width).map(row => paint.warning(row)), '', ...spaced(texts)], height)
  if (leading.startedAt === undefined || leaf === 'opening')
    return cut(lines(told.openingText(at, leaf === 'opening')), height)
  if (!step) return cut(lines(told.closeText(room, now, given)), height)
  const say = sayIn(room, step)
  if (leaf === 'notes')
    return noted('Facilitator notes (visible on a shared screen). F hides them.', told.notesText(step))
  if (leaf === 'say') return noted('What to say. T: back to the questions.', say)
  if (services.page() !== undefined) return cut(lines(deskText(at, step, say)), height)
  const opening = leading.at === 0 ? told.normsText(room) : []
  return questionPages(at, step, [...spaced(say), ...lines(opening)], width, height)
}

/** The facilitator's own screen, while the room looks at the room page. */
function deskText({ room, services }: AtRoom, step: Step, say: readonly string[]): string[] {
  const { groups, blank } = room
  const marked = groups.map(group => markedName(room, group))
  return [
    `Room page${blank ? ' (blank, B shows it)' : ''}: ${services.page()}`,
    ...(marked.length > 0 ? [`Captured in this step: ${marked.join(' · ')}`] : []),
    ...['', 'Say:', ...say],
    ...['', 'Notes:', ...told.notesText(step)],
    ...['', ...told.list('Questions', told.copyText(room))],
  ]
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

/** Each question with whom and what it is about, in rows, with an empty one below, and the groups that are asked. */
function questionBlocks({ room }: AtRoom, step: ShownStep, width: number) {
  return askedIn(room, step).map(({ question, whom }) => {
    const label = whom === '' ? [] : [whom]
    const place = question.element ? placeOf(room.plan.guide, question, label, width) : ''
    const heading = place === '' ? [] : [paint.accent(clip(place, width))]
    const text = wrapped(question.text, width - 2).map(row => paint.accent('▌ ') + paint.bold(row))
    return { rows: [...heading, ...text, ''], whom }
  })
}

/** `Table 1 · Element A: Academic Equity · the story · question 1 of 3`, or `Table 1 · A1 · the story`. */
function placeOf(guide: Guide, question: Question, label: readonly string[], width: number): string {
  const { element, kind, number } = question
  const whole = [...label, ...whereIs(guide, question).parts].join(' · ')
  if (cellsIn(whole) <= width || !element || (kind !== 'story' && kind !== 'comparison')) return whole
  return [...label, `${element.id.toUpperCase()}${number}`, guide.labels[kind]].join(' · ')
}

/* The time in letters three rows high, to be read from the last row of a room. */

const SIGNS = '0123456789:-'
const FIGURES = [
  '█▀█,▀█ ,▀▀█,▀▀█,█ █,█▀▀,█▀▀,▀▀█,█▀█,█▀█,▄,  ',
  '█ █, █ ,█▀▀, ▀█,▀▀█,▀▀█,█▀█,  █,█▀█,▀▀█,▄,▀▀',
  '▀▀▀,▀▀▀,▀▀▀,▀▀▀,  ▀,▀▀▀,▀▀▀,  ▀,▀▀▀,▀▀▀, ,  ',
].map(row => row.split(','))

/** A time such as `-4:07` as three rows of equal length. */
export const inDigits = (time: string) =>
  FIGURES.map(row => [...time].map(sign => row[SIGNS.indexOf(sign)] ?? sign).join(' '))
