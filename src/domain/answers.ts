import type { Guide, Question, QuestionId } from './guide.ts'
import { onStopwatch } from './plan.ts'

export type State = 'answered' | 'skipped' | 'open'

/** What somebody said to one question: a text as stored, or that they skip it. No text and not skipped: open. */
export interface Answer {
  text: string
  skipped: boolean
}

export type Answers = ReadonlyMap<QuestionId, Answer>

export const OPEN: Answer = { text: '', skipped: false }

export const answerTo = (answers: Answers, id: QuestionId): Answer => answers.get(id) ?? OPEN

export function stateOf(answers: Answers, id: QuestionId): State {
  const { text, skipped } = answerTo(answers, id)
  return text !== '' ? 'answered' : skipped ? 'skipped' : 'open'
}

export type Count = Record<State | 'total', number>

export function count(questions: readonly Question[], answers: Answers): Count {
  const result = { total: questions.length, answered: 0, skipped: 0, open: 0 }
  for (const question of questions) result[stateOf(answers, question.id)]++
  return result
}

/** `7 of 20 answered, 1 skipped, 12 open`; no skipped or open ones are not mentioned. */
export function countInWords({ total, answered, skipped, open }: Count): string {
  const parts = [`${answered} of ${total} answered`]
  if (skipped > 0) parts.push(`${skipped} skipped`)
  if (open > 0) parts.push(`${open} open`)
  return parts.join(', ')
}

/**
 * Which of the given answers are to be recorded, and which differ from what the notes say and so stay out.
 * An open one says nothing.
 */
export function toRecord(there: Answers, given: Answers, overwrite: boolean) {
  const record = new Map<QuestionId, Answer>()
  const differing: QuestionId[] = []
  for (const [id, answer] of given) {
    const before = answerTo(there, id)
    const same = answer.text === before.text && (answer.text !== '' || before.skipped)
    if (stateOf(given, id) === 'open' || same) continue
    if (before.text === '' || overwrite) record.set(id, answer)
    else differing.push(id)
  }
  return { record, differing }
}

/** Whether a line says what became of an action of an earlier round. */
export const isOutcome = (line: string) => /^- (?:Done|Dropped|Still open): /.test(line)

/** The form in which a text is stored: LF line ends, no blank lines at its edges, no broken surrogates, else as given. */
export function normalizeAnswer(text: string): string {
  const sound = text.toWellFormed()
  // Asked first: the expression takes its time over a megabyte.
  const whole = sound.includes('\r') ? sound.replace(/\r\n?/g, '\n') : sound
  let last = whole.length - 1
  while (last >= 0 && ' \t\n'.includes(whole[last] ?? '')) last--
  if (last < 0) return ''
  const end = whole.indexOf('\n', last)
  let first = 0
  while (' \t\n'.includes(whole[first] ?? '')) first++
  return whole.slice(whole.lastIndexOf('\n', first) + 1, end === -1 ? whole.length : end)
}

/** What was typed or pasted in a terminal, without escape sequences and control characters but tabs and line ends. */
export function sanitizeInput(text: string): string {
  return text
    .replace(ESCAPE_SEQUENCE, '')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '')
}

/** A string sequence (title, hyperlink) that has no end is not taken for one: it would swallow the text behind it. */
const ESCAPE_SEQUENCE =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]*[0-~])?/g

/** How many words a text has; the sign, number or check box of a list item is none. */
export function words(text: string): number {
  const said = text.replace(/^[ \t]*(?:[-*+•]|\d+[.)])[ \t]+(?:\[[ xX-]\](?=\s))?/gm, '')
  // From its first letter on: what is punctuation alone has none. They are counted at each key of a long answer.
  const word = /[^\s\p{P}]\S*/gu
  let count = 0
  while (word.test(said)) count++
  return count
}

/** `1 word`, `34 words` */
export const wordCount = (text: string): string => counted(words(text), 'word')

/** `1 word`, `2 words`. */
export const counted = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`

/** What was said to everything, each question with its state: the form of `export json` and `status --json`. */
export function listing(guide: Pick<Guide, 'questions'>, answers: Answers) {
  return guide.questions.map(({ id, element, kind, text }) => {
    const state = stateOf(answers, id)
    return { id, element: element?.id ?? null, kind, text, state }
  })
}

/**
 * Two versions of one answer made one without losing a word: where one contains the other, it is that one; else they
 * stand one above the other.
 */
export function mergeVersions(theirs: string, ours: string): string {
  if (contains(theirs, ours)) return theirs
  if (contains(ours, theirs)) return ours
  return `${theirs}\n\n---\n\n${ours}`
}

/** A single word is not found inside another one: "not" does not contain "no". */
function contains(long: string, short: string): boolean {
  // Scripts without spaces between words. Compiled here: a start should not wait for such a pattern.
  const unspaced =
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
  if (/\s/.test(short) || unspaced.test(short)) return long.includes(short)
  const isLetter = (text: string, at: number) => /^[\p{L}\p{N}]$/u.test(text.charAt(at))
  for (let at = long.indexOf(short); at !== -1; at = long.indexOf(short, at + 1)) {
    const cutsBefore = isLetter(long, at - 1) && isLetter(short, 0)
    const cutsBehind = isLetter(short, short.length - 1) && isLetter(long, at + short.length)
    if (!cutsBefore && !cutsBehind) return true
  }
  return false
}

/** One line written down while watching, `- [03:12] A2 uses survey data`, as it stands in the notes. */
export interface Jot {
  /** Without the dash: what is shown. */
  text: string
  /** The story question that its label names. A jot without a label is unsorted. */
  question?: Question
}

/** A stopwatch that can be paused. Like every clock here it is told the time (`now`, in milliseconds). */
export interface Stopwatch {
  /** Minutes, without the stretch that is running. */
  minutes: number
  since?: number | undefined
}

export const elapsed = ({ minutes, since }: Stopwatch, now: number): number =>
  minutes + (since === undefined ? 0 : Math.max(0, now - since) / 60_000)

export function toggled(stopwatch: Stopwatch, now: number): Stopwatch {
  const minutes = elapsed(stopwatch, now)
  return stopwatch.since === undefined ? { minutes, since: now } : { minutes }
}

/** The line of a jot. A label that names a story question of the guide, such as `a2`, is written large. */
export function jotLine(guide: Guide, minutes: number, said: string): string {
  const { label, text } = labelled(guide, said.trim().replace(/\s+/g, ' '))
  return `- [${onStopwatch(minutes).padStart(5, '0')}] ${label ? `${label.toUpperCase()} ` : ''}${text}`
}

/** The jots as they were written, one a line, also where a formatter has wrapped or escaped them. */
export function jotLines(jots: string): string[] {
  const lines: string[] = []
  for (const line of jots.split('\n')) {
    const text = line.trim()
    if (text === '') continue
    const goesOn = /^[ \t]/.test(line) && !/^[-*+•]\s/.test(text)
    if (goesOn && lines.length > 0) lines.push(`${lines.pop()} ${text}`)
    else lines.push(text.replace(/^([-*+•]\s+)\\\[([\d:]+)\\?\]/, '$1[$2]'))
  }
  return lines
}

export function jotsIn(guide: Guide, jots: string): Jot[] {
  return jotLines(jots).map(line => {
    const text = line.replace(/^[-*+•]\s+/, '')
    const { question } = labelled(guide, text.replace(/^\[[\d:]+\]\s*/, ''))
    return { text, ...(question && { question }) }
  })
}

/** The jots that belong to a story question, its own before the unsorted, without those that its answer has taken in. */
export function jotsFor(question: Question, jots: readonly Jot[], answer: string): Jot[] {
  if (question.kind !== 'story') return []
  const open = jots.filter(jot => !answer.includes(jot.text))
  return [...open.filter(jot => jot.question === question), ...open.filter(jot => !jot.question)]
}

/** The element letter and number at the beginning of a jot: `a2 `, `A2: `. */
function labelled(guide: Guide, said: string): { label: string; text: string; question?: Question } {
  const [, label = '', text = ''] = /^([\p{L}\p{N}._-]+):?\s+(.*)$/su.exec(said) ?? []
  const place = label.toLowerCase()
  const stories = guide.questions.filter(({ kind }) => kind === 'story')
  const question = stories.find(({ element, number }) => `${element?.id}${number}` === place)
  return question ? { label, text, question } : { label: '', text: said }
}

/** Shows nothing. */
const GUARD = '\u200b'
/** What spreadsheets take for a formula, also behind guards of its own. */
const FORMULA = /^\u200b*(?:[\s\u00a0]*[=+\-@|\uff1d\uff0b\uff0d\uff20]|[\t\r\n])/

/** The text of a cell so that no spreadsheet reckons with it, and nobody sees that. */
export const guardedCell = (text: string) => (FORMULA.test(text) ? GUARD + text : text)
/** The text of a cell as it was before {@link guardedCell}. */
export const unguardedCell = (cell: string) =>
  cell.startsWith(GUARD) && FORMULA.test(cell) ? cell.slice(1) : cell
