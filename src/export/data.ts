import { type Scalar, visit, Document as YamlDocument } from 'yaml'
import { type Answers, answerTo, guardedCell, listing, stateOf } from '../domain/answers.ts'
import { type Guide, headLabel, type Question, type QuestionId } from '../domain/guide.ts'
import { strayIds } from '../notes/notes.ts'
import { STRAY } from '../schema/answers.ts'
import { legal } from './blocks.ts'
import { type Document, type Item, isNamed, type QuestionItem, questionsIn } from './document.ts'

/** One header, and a row for each question and each who said something to it. Pairs stand below each other. */
export function* csv({ items }: Document): Generator<string> {
  const named = hasNames(items)
  // Some readers keep the mark of the first line in the first head, which is therefore not the id.
  const header = 'element,part,question number,questions in part,id,question,status,answer'.split(',')
  // Without the mark in front, Excel takes UTF-8 for an older encoding.
  yield `\ufeff${row([...(named ? ['who'] : []), ...header])}`
  for (const item of items)
    for (const asked of questionsIn(item)) for (const cells of rowsOf(asked, named)) yield row(cells)
}

/** The heads of a form that asks these questions. */
export const formHeads = (guide: Guide, questions: readonly Question[]) =>
  `\ufeff${row(questions.map(question => `${headLabel(guide, question)}: ${question.text}`))}`

function hasNames(items: Iterable<Item>): boolean {
  for (const item of items) if (questionsIn(item).some(isNamed)) return true
  return false
}

function* rowsOf({ id, question, text, said }: QuestionItem, named: boolean): Generator<string[]> {
  const { element, kind, number = '', of = '' } = question ?? {}
  for (const { who = '', state, text: answer } of said)
    yield [
      ...(named ? [who] : []),
      ...[element?.title ?? '', kind ? PART[kind] : '', String(number), String(of)],
      ...[id, question ? text : 'No longer in the guide', state, answer],
    ]
}

export const row = (cells: string[]) => `${cells.map(cell).join(',')}\r\n`

const PART = {
  warmup: 'Warmup',
  story: 'The story',
  comparison: 'Your PL system',
  action: 'Take Action',
} as const

function cell(value: string): string {
  const text = guardedCell(legal(value))
  return /[",;\t\n\r]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The answers as JSON, in the form of an answers file: what is answered, what is skipped, and every question's state. */
export const answersJson = (guide: Guide, answers: Answers, only?: readonly Question[]): string =>
  `${JSON.stringify(answersFile(guide, answers, only), null, 2)}\n`

function answersFile(guide: Guide, answers: Answers, only?: readonly Question[]) {
  const questions = guide.questions.filter(question => !only || only.includes(question))
  const ids = questions.map(({ id }) => id)
  const stray = only ? {} : texts(answers, strayIds({ answers }, guide))
  return {
    guide: guide.id,
    answers: texts(answers, ids),
    skipped: ids.filter(id => stateOf(answers, id) === 'skipped'),
    questions: listing({ questions }, answers),
    ...(Object.keys(stray).length > 0 && { [STRAY]: stray }),
  }
}

function texts(answers: Answers, ids: readonly QuestionId[]): Record<QuestionId, string> {
  const entries = ids.map(id => [id, answerTo(answers, id).text] as const)
  return Object.fromEntries(entries.filter(([, text]) => text !== ''))
}

/** The answers as YAML, in the form of an answers file: the same as in JSON. */
export const answersYaml = (guide: Guide, answers: Answers, only?: readonly Question[]) =>
  yamlText(answersFile(guide, answers, only))

/** A value as YAML that readers of YAML 1.1 and of 1.2 take for the same. */
export function yamlText(value: unknown): string {
  const document = new YamlDocument(value, { aliasDuplicateObjects: false })
  visit(document, {
    Scalar(_, scalar) {
      if (typeof scalar.value === 'string') scalar.type = styleOf(scalar.value)
    },
  })
  const text = document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.POSITIVE_INFINITY })
  // Only quoted texts hold any.
  return text.replace(new RegExp(ODD, 'gu'), escapedUnit)
}

/** A word that no reader takes for anything else: not `no`, `10:30`, `1_000`, `<<`, `=` or a date. */
const PLAIN = /^(?!(?:true|false|yes|no|on|off|y|n|null|nan|inf|infinity)$)[a-z][\w./-]*(?: [\w./()-]+)*$/i
/** Neither tabs, odd spaces nor what some readers take for a line end. */
const ODD = /(?!\u200d)[^\p{L}\p{N}\p{M}\p{P}\p{S} \n]/u

function styleOf(text: string): Scalar.Type {
  if (PLAIN.test(text)) return 'PLAIN'
  const isBlock = text.includes('\n') && !ODD.test(text) && !/^[ \n]|\n$/.test(text)
  return isBlock ? 'BLOCK_LITERAL' : 'QUOTE_DOUBLE'
}

const escapedUnit = (odd: string) =>
  odd.length > 1
    ? `\\U${(odd.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`
    : `\\u${odd.charCodeAt(0).toString(16).padStart(4, '0')}`

/* Due dates for calendars. */

/** Something that is due on a day. */
export interface DueDay {
  /** The same whenever this is written, so that a second import changes the event and doesn't double it. */
  uid: string
  /** `2027-01-15` */
  day: string
  summary: string
  description: string
  /** When what it was read from was last changed. */
  changed: Date
}

/** An iCalendar file (RFC 5545) with an all-day event for each: calendars of schools import events, and not to-dos. */
export function* calendar(events: Iterable<DueDay>): Generator<string> {
  yield* contentLines(['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//pl-stories//actions//EN'])
  for (const { uid, day, summary, description, changed } of events)
    yield* contentLines([
      'BEGIN:VEVENT',
      `UID:${uid}`,
      `DTSTAMP:${changed.toISOString().replace(/[-:]|\.\d+/g, '')}`,
      // Grows with every change, as readers that keep the newer of two expect.
      `SEQUENCE:${Math.max(0, Math.floor(changed.getTime() / 1000) - START_OF_2020)}`,
      `DTSTART;VALUE=DATE:${compact(day)}`,
      `DTEND;VALUE=DATE:${compact(dayAfter(day))}`,
      // Some readers leave out an event whose summary has a line break.
      `SUMMARY:${calendarText(summary.replace(/\s+/g, ' ').trim())}`,
      ...(description === '' ? [] : [`DESCRIPTION:${calendarText(description)}`]),
      'TRANSP:TRANSPARENT',
      'END:VEVENT',
    ])
  yield* contentLines(['END:VCALENDAR'])
}

const START_OF_2020 = 1_577_836_800
const compact = (day: string) => day.replaceAll('-', '')
const DAY_MS = 86_400_000
const dayAfter = (day: string) => new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10)

const calendarText = (text: string) =>
  text
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r\n|[\r\n\u2028\u2029]/g, '\\n')
    .replace(/[\u0000-\u001f\u007f]/g, ' ')

const MOST_OCTETS = 75

/** Lines that end with CRLF, folded at 75 octets, never inside a character: no reader puts its bytes together again. */
function* contentLines(lines: readonly string[]): Generator<string> {
  for (const line of lines) {
    let octets = 0
    let folded = ''
    for (const character of line) {
      const size = Buffer.byteLength(character)
      const full = octets + size > MOST_OCTETS
      folded += full ? `\r\n ${character}` : character
      octets = full ? 1 + size : octets + size
    }
    yield `${folded}\r\n`
  }
}
