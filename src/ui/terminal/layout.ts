import chalk from 'chalk'
import { type Answers, answerTo, normalizeAnswer, stateOf, wordCount } from '../../domain/answers.ts'
import { type Guide, partOf, whereIs } from '../../domain/guide.ts'
import type { IntroBlock, QuestionContext, SaveResult } from '../../domain/interview-protocol.ts'
import { ACTIONS_HINT, afterSave, asksForActions, introText, pasteKeys, welcomeText } from '../messages.ts'
import { type Editing, isBlank, type ScreenRow, view } from './buffer.ts'
import { cellsIn, drawable, offsetAt, Wrap, wrapped } from './wrap.ts'

const { argv, env } = process
// chalk reads --color and FORCE_COLOR by itself, but not NO_COLOR.
if (argv.includes('--no-color') || (env.NO_COLOR && !argv.includes('--color'))) chalk.level = 0

/** Colors of middle brightness, which can be read on black and on white; in a terminal of 16 colors, the nearest. */
const middle = (color: number, plain: (text: string) => string) => (text: string) =>
  chalk.level > 1 ? chalk.ansi256(color)(text) : plain(text)

export const paint = {
  bold: (text: string) => chalk.bold(text),
  title: (text: string) => chalk.bold.underline(text),
  accent: middle(30, chalk.cyan),
  chosen: (text: string) => chalk.bold(paint.accent(text)),
  good: middle(28, chalk.green),
  warning: middle(130, chalk.yellow),
  late: middle(160, chalk.red),
  faint: middle(243, chalk.dim),
}

export const hasColor = () => chalk.level > 0

/** Lines longer than this are hard to read. */
const WIDEST = 100

export const contentWidth = (columns: number) => Math.max(10, Math.min(columns, WIDEST + 4) - 2)

/** Paragraphs as rows that fit the window. */
export const inRows = (text: string, columns: number) => wrapped(text, contentWidth(columns)).join('\n')

/** A text on one row, cut to a width, with an ellipsis. */
export function clip(text: string, width: number): string {
  const row = drawable(text)
  if (cellsIn(row) <= width) return row
  return `${row.slice(0, offsetAt(row, 0, row.length, width - 1))}…`
}

/** Keys and what they do, the most needed first, on at most so many rows: the right end is dropped first. */
export function keyRows(keys: readonly string[], width: number, most: number): string[] {
  const rows = ['']
  for (const key of keys) {
    const last = rows.at(-1) ?? ''
    const longer = last === '' ? key : `${last} · ${key}`
    if (longer.length <= width) rows[rows.length - 1] = longer
    else if (rows.length < most) rows.push(key)
    else break
  }
  const painted = (key: string) =>
    key.replace(/^(\S+) (.*)$/, (_, name, does) => `${paint.bold(name)} ${paint.faint(does)}`)
  return rows.map(row => row.split(' · ').map(painted).join(paint.faint(' · ')))
}

/* The rows of a question: above it, around it, and what an answer leaves behind. */

export interface FrameInput {
  editing: Editing
  top: ScreenRow
  notice?: string
  columns: number
  rows: number
  /** The rows of the text as the frame before knew them, which are kept as long as the width is. */
  wrap?: Wrap
}

/** What to know, and the keys. */
const FOOT_ROWS = 2
const BAR = '│ '
const QUESTION_BAR = '▌ '
const STORY_ROWS = 3
const HINT = 'Write as many lines as you like.'

/** The rows there are always to write in. */
const leastArea = (rows: number) => (rows >= 20 ? 4 : rows >= 12 ? 3 : 1)

/**
 * The question, the text with its caret, what to know and the keys below; a `heading` above all of it. The rows fit the
 * window, each narrower than it; `foot` of them, at the end, are not the question and the text.
 */
export function questionFrame(context: QuestionContext, input: FrameInput, heading = '') {
  const { editing, columns, notice } = input
  const width = contentWidth(columns)
  const textWidth = Math.max(1, width - BAR.length - 1)
  const most = Math.max(4, input.rows - 1)
  const foot = most > 6 ? FOOT_ROWS : 1
  const least = leastArea(input.rows)
  const head = headRows(context, width, most - foot - least, heading)
  const highest = most - foot - head.length
  const wrap = input.wrap?.width === textWidth ? input.wrap : new Wrap(textWidth)
  const seen = view(editing.text, wrap, highest, input.top)
  const areaHeight = Math.max(Math.min(least, highest), seen.rows.length)
  const area = Array.from({ length: areaHeight }, (_, i) => paint.accent(BAR) + (seen.rows[i] ?? ''))
  if (isBlank(editing) && editing.text.lines.length === 1)
    area[0] = paint.accent(BAR) + paint.faint(clip(HINT, textWidth))
  const more = [seen.above && '↑ more above', seen.below && '↓ more below'].filter(Boolean)
  const left = clip(notice ?? [wordsOf(editing), ...more].join('  '), width)
  const right = progressOf(context.count)
  const gap = width - cellsIn(left) - cellsIn(right)
  const status =
    (notice ? paint.warning : paint.faint)(left) + (gap < 2 ? '' : ' '.repeat(gap) + paint.faint(right))
  const menu = width < 48 ? 'Esc menu' : 'Esc menu (back, skip, …)'
  const keys = keyRows(['Ctrl+S save and go on', menu, 'Enter new line'], width, 1)
  return {
    rows: [...head, ...area, ...(foot === FOOT_ROWS ? [status] : []), ...keys],
    caret: { row: head.length + seen.caret.row, column: BAR.length + seen.caret.column },
    ...{ top: seen.top, areaHeight, foot, wrap },
  }
}

let known = { lines: [] as readonly string[], words: wordCount('') }

/** Counted once for each text: a long one takes its time, and the screen is drawn again as time goes by. */
function wordsOf({ text: { lines } }: Editing): string {
  if (known.lines !== lines) known = { lines, words: wordCount(lines.join('\n')) }
  return known.words
}

/** The question and as much of the text as there is room for above so many choices, and what they are about. */
export function aboveMenu(
  context: QuestionContext,
  area: Pick<FrameInput, 'editing' | 'top'>,
  ask: string,
  { columns, rows, choices, heading }: { columns: number; rows: number; choices: number; heading: string },
): string[] {
  const asked = ask === '' ? [''] : ['', paint.bold(inRows(ask, columns)), '']
  const room = Math.max(rows - choices - 5 - asked.length, Math.floor(rows / 4))
  const { editing, top } = area
  const drawn = questionFrame(context, { editing, top, columns, rows: room + FOOT_ROWS + 1 }, heading)
  return [...drawn.rows.slice(0, -drawn.foot), ...asked]
}

/**
 * Where we are, the question, and the answer about the story beside its comparison, in at most so many rows.
 * Where not all fits, the story goes first, then the place is shortened; the question comes last. A heading stays.
 */
function headRows(context: QuestionContext, width: number, most: number, heading = ''): string[] {
  if (heading !== '') return [paint.warning(clip(heading, width)), ...headRows(context, width, most - 1)]
  const textWidth = width - QUESTION_BAR.length
  const asked = wrapped(context.question.text, textWidth)
  const place = placeRows(context, width, most - asked.length)
  const room = Math.max(1, most - place.length)
  if (asked.length > room)
    asked.splice(room - 1, asked.length, withWhole(`${asked[room - 1]} ${asked[room]}`, textWidth))
  const left = most - place.length - asked.length
  const aside = asideRows(context, width, Math.min(STORY_ROWS, left - 1))
  const blanks = left - aside.length
  const apart = aside.length > 0 ? 1 : 0
  return [
    ...(blanks > 1 + apart ? [''] : []),
    ...place.map(row => paint.accent(row)),
    ...asked.map(row => paint.accent(QUESTION_BAR) + paint.bold(row)),
    ...(apart > 0 && blanks > 1 ? [''] : []),
    ...aside,
    ...(blanks > 0 ? [''] : []),
  ]
}

const WHOLE = ' (all: Esc)'
const withWhole = (text: string, width: number) => clip(text, width - WHOLE.length) + WHOLE

/** Where we are and what is known of the answer: in full where it fits a row or there are rows enough, else short. */
function placeRows(context: QuestionContext, width: number, most: number): string[] {
  const { guide, question } = context
  const { element, number, of, kind } = question
  const { parts, count } = whereIs(guide, question)
  const state = `(${count})${stateIn(context)}`
  const full = wrapped(`${parts.join(' › ')} ${state}`, width)
  if (full.length === 1) return full
  const short = element
    ? `${element.id.toUpperCase()} › ${partOf(guide, question)[1] ?? kind} › ${number} of ${of} ${state}`
    : `${parts.join(' › ')} ${state}`
  return cellsIn(drawable(short)) > width && full.length <= most ? full : [clip(short, width)]
}

/** What stands dimmed under the question: the answer about the story, what was noted while watching, how to write an action. */
function asideRows({ question, story, jots }: QuestionContext, width: number, most: number): string[] {
  if (most < 1) return []
  const hint = width < ACTIONS_HINT.length ? ACTIONS_HINT.replace('action ', '') : ACTIONS_HINT
  if (asksForActions(question)) return [paint.faint(clip(hint, width))]
  if (story && story.text !== '')
    return beside(`${width < 60 ? 'About' : 'You wrote about'} the story: `, story.text, width, most)
  return jots.length > 0 ? beside('Your jots: ', jots.map(({ text }) => text).join(' · '), width, most) : []
}

function beside(label: string, text: string, width: number, most: number): string[] {
  const lines = text.split('\n').filter(line => line.trim() !== '')
  const rows = wrapped(label + lines.join('\n'), width)
  const shown = rows.slice(0, most)
  if (rows.length > most) shown[most - 1] = withWhole(`${shown[most - 1]} …`, width)
  return shown.map(row => paint.faint(row))
}

/** Whether the question has to be cut in a window of this size. */
export function questionIsCut({ question }: QuestionContext, columns: number, rows: number): boolean {
  const asked = wrapped(question.text, contentWidth(columns) - QUESTION_BAR.length)
  return asked.length + 1 > rows - 1 - FOOT_ROWS - leastArea(rows)
}

function stateIn({ answer, draft }: QuestionContext): string {
  if (draft && normalizeAnswer(draft.text) !== answer.text) return ' · not in your notes yet'
  return answer.text !== '' ? ' · answered' : answer.skipped ? ' · skipped' : ''
}

/** `▰▰▰▱▱▱▱▱▱▱ 6 of 20 answered` */
function progressOf({ answered, total }: QuestionContext['count']): string {
  const cells = 10
  const full = total === 0 ? 0 : Math.floor((answered / total) * cells)
  return `${'▰'.repeat(full)}${'▱'.repeat(cells - full)} ${answered} of ${total} answered`
}

/** An intro block as it is printed above the question. */
export function introRows(block: IntroBlock, columns: number, notesPath: string): string {
  const inWidth = (text: string) => inRows(text, columns)
  if (block.kind === 'notes') return ''
  if (block.kind === 'welcome') return welcomeRows(welcomeText(block), inWidth, notesPath)
  const { title, paragraphs } = introText(block, 'Esc, then W,')
  const body = [...(title === '' ? [] : [paint.title(inWidth(title))]), ...paragraphs.map(inWidth)]
  return body.length === 0 ? '' : `\n${body.join('\n')}\n`
}

function welcomeRows(
  { title, about, how, remarks }: ReturnType<typeof welcomeText>,
  inWidth: (text: string) => string,
  notesPath: string,
): string {
  const saved = inWidth(`Saved as you go in ${notesPath}. Stop any time: Esc.`)
  // With the first question all of this fits a window of 24 rows, also where the path takes two or three.
  const rows = saved.split('\n').length
  const gap = (most: number) => (about.length > 0 && rows > most ? '\n' : '\n\n')
  const overview = about.length > 0 ? `${about.map(inWidth).join('\n')}${gap(1)}` : ''
  const spoken = inWidth('Screen reader? pl-stories --accessible')
  const told = remarks.map(remark => `\n${inWidth(remark)}\n`).join('')
  return `${paint.bold(inWidth(title))}${gap(2)}${overview}${inWidth(how)}\n${saved}\n${spoken}\n${told}`
}

/** The one tidy line that an answered question leaves behind; nothing where nothing changed. */
export function resultRows(result: SaveResult, guide: Guide, columns: number): string {
  const { sign, words, unsaved, reason } = afterSave(result)
  if (unsaved) return `${paint.bold(inRows(unsaved, columns))}\n${inRows(reason, columns)}\n`
  if (!sign) return ''
  const { question, outcome, text } = result
  const came = outcome === 'saved' ? `${words}, ${wordCount(text)}` : words
  const { count } = whereIs(guide, question)
  const room = contentWidth(columns) - count.length - came.length - 8
  const part = clip(partOf(guide, question).join(' › '), Math.max(10, room))
  return `${paint.good(sign)} ${paint.faint(`${count} · ${part} ·`)} ${came}\n`
}

/** A state where there is no room for a word. */
const SIGNS = { answered: '✓', skipped: '–', open: '○' }

/** The list to go to, by element: number, state, which side, and first words of the answer or of the question. */
export function listChoices(guide: Guide, answers: Answers, columns: number) {
  let above = ''
  return guide.questions.map(question => {
    const { id, text, number } = question
    const [part = '', side] = partOf(guide, question)
    const heading = part === above ? '' : part
    above = part
    const state = stateOf(answers, id)
    const words = answerTo(answers, id).text.trim().split('\n')[0] || text
    const mark = columns < 60 ? SIGNS[state] : state.padEnd(8)
    return { name: `${mark} ${side ? `${side} ${number}: ` : ''}${words}`, value: id, heading }
  })
}

export const KEYS_HELP = `Ctrl+S     save and go on
Enter      new line (it never submits)
Esc        menu: skip, notes, leave, …
Ctrl+G     list of questions
Shift+Tab  previous question
Ctrl+O     write in an editor
Ctrl+Z     undo (Ctrl+Y redo)
Ctrl+C     twice: leave
F1         help

Ctrl+D and Alt+Enter also save and go on.
Arrows, Home, End, PgUp and PgDn move the cursor. With Ctrl, arrows move by words, Home and End to the top and bottom.
Ctrl+W deletes a word, Ctrl+U to the start of the line, Ctrl+K to its end.
At the end of a list item ("- ", "1. " or "- [ ] "), Enter starts the next one. In an empty item, it ends the list.
To paste: ${pasteKeys()}. A paste of any length is fine.`
