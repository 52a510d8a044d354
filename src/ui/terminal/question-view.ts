import { type Answers, answerTo, normalizeAnswer, stateOf, wordCount } from '../../domain/answers.ts'
import { type Guide, partOf, type Question, whereIs } from '../../domain/guide.ts'
import type { QuestionContext, SaveResult } from '../../domain/interview-protocol.ts'
import type { IntroBlock } from '../../domain/intro-blocks.ts'
import { ACTIONS_HINT, afterSave, asksForActions, introText, pasteKeys, welcomeText } from '../messages.ts'
import { textOf } from './buffer.ts'
import { paint } from './colors.ts'
import {
  clip,
  contentWidth,
  FOOT_ROWS,
  type Frame,
  type FrameInput,
  frame,
  inRows,
  leastArea,
} from './layout.ts'
import { cellsIn, drawable, Wrap, wrapped } from './wrap.ts'

/* The rows of a question: above it, around it, and what an answer leaves behind. */

const QUESTION_BAR = '▌ '
const STORY_ROWS = 3

/** `Element A: Academic Equity › your PL system › question 2 of 3 (6 of 20)` */
export function placeOf(guide: Guide, question: Question): string {
  const { parts, count } = whereIs(guide, question)
  return `${parts.join(' › ')} (${count})`
}

/** The same where there is little room: `A › your PL system › 2 of 3 (6 of 20)` */
function shortPlaceOf(guide: Guide, question: Question): string {
  const { element, number, of, kind } = question
  if (!element) return placeOf(guide, question)
  return `${element.id.toUpperCase()} › ${partOf(guide, question)[1] ?? kind} › ${number} of ${of} (${whereIs(guide, question).count})`
}

const FOOTER = [
  { key: 'Ctrl+S', does: 'save and go on' },
  { key: 'Esc', does: 'menu (back, skip, …)', short: 'menu' },
  { key: 'Enter', does: 'new line' },
]
const HINT = 'Write here, as many lines as you like.'

/** The question above the text that is being written, and the footer; a `heading` above all of it. */
export function questionFrame(context: QuestionContext, input: FrameInput, heading = ''): Frame {
  const head = (width: number, most: number) => headRows(context, width, most, heading)
  const around = { head, progress: progressOf(context.count), keys: FOOTER, hint: HINT }
  return frame(input, around, now => wordCount(textOf(now)))
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
  const input = { editing, top, columns, rows: room + FOOT_ROWS + 1 }
  const drawn = questionFrame(context, { ...input, wrapFor: width => new Wrap(width) }, heading)
  return [...drawn.rows.slice(0, -drawn.foot), ...asked]
}

/**
 * Where we are, the question, and the answer about the story beside its comparison, in at most so many rows.
 * Where not all fits, the story goes first, then the place is shortened; the question comes last. A heading stays.
 */
function headRows(context: QuestionContext, width: number, most: number, heading = ''): string[] {
  if (heading !== '')
    return [paint.warning(clip(drawable(heading), width)), ...headRows(context, width, most - 1)]
  const { question } = context
  const asked = wrapped(question.text, width - QUESTION_BAR.length)
  const place = placeRows(context, width, most - asked.length)
  const room = Math.max(1, most - place.length)
  const cut = asked.length > room
  const rows = cut
    ? [
        ...asked.slice(0, room - 1),
        clip(`${asked[room - 1]} ${asked[room]}`, width - QUESTION_BAR.length - WHOLE.length) + WHOLE,
      ]
    : asked
  const parts = [
    place.map(row => paint.accent(row)),
    rows.map(row => paint.accent(QUESTION_BAR) + paint.bold(row)),
  ]
  const left = () => most - parts.reduce((sum, part) => sum + part.length, 0)
  const aside = asideRows(context, width, Math.min(STORY_ROWS, left() - 1))
  if (aside.length > 0) parts.push(aside)
  if (left() > 0) parts.push([''])
  if (left() > 0 && aside.length > 0) parts.splice(2, 0, [''])
  if (left() > 0) parts.unshift([''])
  return parts.flat()
}

/** Where we are and what is known of the answer: in full where it fits a row or there are rows enough, else short. */
function placeRows(context: QuestionContext, width: number, most: number): string[] {
  const { guide, question } = context
  const state = stateIn(context)
  const full = wrapped(placeOf(guide, question) + state, width)
  if (full.length === 1) return full
  const short = drawable(shortPlaceOf(guide, question) + state)
  if (cellsIn(short) <= width) return [short]
  return full.length <= most ? full : [clip(short, width)]
}

/** What stands dimmed under the question: the answer about the story, what was noted while watching, how to write an action. */
function asideRows({ question, story, jots }: QuestionContext, width: number, most: number): string[] {
  if (most < 1) return []
  if (asksForActions(question)) return [paint.faint(clip(ACTIONS_HINT, width))]
  if (story && story.text !== '')
    return beside(`${width < 60 ? 'About' : 'You wrote about'} the story: `, story.text, width, most)
  return jots.length > 0 ? beside('Your jots: ', jots.map(({ text }) => text).join(' · '), width, most) : []
}

function beside(label: string, text: string, width: number, most: number): string[] {
  const [first = '', ...more] = text.split('\n').filter(line => line.trim() !== '')
  const rows = [...wrapped(label + first, width), ...more.flatMap(line => wrapped(line, width))]
  const shown = rows.slice(0, most)
  if (rows.length > most) shown[most - 1] = `${clip(`${shown[most - 1]} …`, width - WHOLE.length)}${WHOLE}`
  return shown.map(row => paint.faint(row))
}

const WHOLE = ' (all: Esc)'

/** Whether the question has to be cut in a window of this size. */
export function questionIsCut(context: QuestionContext, columns: number, rows: number): boolean {
  return (
    wrapped(context.question.text, contentWidth(columns) - QUESTION_BAR.length).length + 1 >
    rows - 1 - FOOT_ROWS - leastArea(rows)
  )
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
  const heading = title === '' ? [] : [styled(inWidth(title), paint.title)]
  const body = [...heading, ...paragraphs.map(inWidth)]
  return body.length === 0 ? '' : `\n${body.join('\n')}\n`
}

const styled = (rows: string, style: (row: string) => string) =>
  rows
    .split('\n')
    .map(row => style(row))
    .join('\n')

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
  const spoken = 'Screen reader? pl-stories --accessible'
  const told = remarks.map(remark => `\n${inWidth(remark)}\n`).join('')
  return `${paint.bold(inWidth(title))}${gap(2)}${overview}${inWidth(how)}\n${saved}\n${spoken}\n${told}`
}

/** The one tidy line that an answered question leaves behind; nothing where nothing changed. */
export function resultRows(result: SaveResult, guide: Guide, columns: number): string {
  const { sign, words, unsaved, reason } = afterSave(result)
  if (unsaved) return `${styled(inRows(unsaved, columns), paint.bold)}\n${inRows(reason, columns)}\n`
  if (!sign) return ''
  const { question, outcome, text } = result
  const came = outcome === 'saved' ? `${words}, ${wordCount(text)}` : words
  const { count } = whereIs(guide, question)
  const room = contentWidth(columns) - count.length - came.length - 8
  const part = clip(drawable(partOf(guide, question).join(' › ')), Math.max(10, room))
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
    const place = side ? `${side} ${number}: ` : ''
    const mark = columns < 60 ? SIGNS[state] : state.padEnd(8)
    return { name: `${mark} ${place}${drawable(words)}`, value: id, heading }
  })
}

export const KEYS_HELP = `Ctrl+S      save and go on (also Ctrl+D, Alt+Enter)
Enter       start a new line (it never submits)
Esc         menu: previous, later, skip, notes, leave
Ctrl+G      list of questions
Shift+Tab   previous question
Ctrl+O      write in an editor
Ctrl+Z      undo (Ctrl+Y redo)
Ctrl+C      twice: leave
F1          this help

Arrows, Home, End, PgUp and PgDn move. With Ctrl, arrows move by words, Home and End to the top and bottom.
Ctrl+W deletes a word, Ctrl+U to the start of the line, Ctrl+K to its end.
Enter after "- ", "1. " or "- [ ] " and some words starts the next item; after an empty item it ends the list.
To paste: ${pasteKeys()}. A paste of any length is fine.`
