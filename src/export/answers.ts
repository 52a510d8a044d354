import { Scalar, visit, Document as YamlDocument } from 'yaml'
import { type Answers, answerTo, listing, stateOf } from '../domain/answers.ts'
import type { Guide, QuestionId } from '../domain/guide.ts'
import { strayIds } from '../notes/notes.ts'
import { STRAY } from '../schema/answers.ts'
import type { Document, Item, QuestionItem } from './document.ts'
import { legal } from './markdown-parser.ts'

/** One header, and a row for each question and each who said something to it. Pairs stand below each other. */
export function* csv({ items }: Document): Generator<string> {
  const named = hasNames(items)
  const header = [
    ...(named ? ['who'] : []),
    'id',
    'element',
    'about',
    'number',
    'of',
    'question',
    'state',
    'answer',
  ]
  // Without the mark in front, Excel takes UTF-8 for an older encoding.
  yield `\ufeff${row(header)}`
  for (const item of items)
    for (const asked of askedIn(item)) for (const cells of rowsOf(asked, named)) yield row(cells)
}

function hasNames(items: Iterable<Item>): boolean {
  for (const item of items)
    if (askedIn(item).some(({ said }) => said.some(({ who }) => who !== undefined))) return true
  return false
}

function* rowsOf({ id, question, text, said }: QuestionItem, named: boolean): Generator<string[]> {
  for (const { who = '', state, text: answer } of said)
    yield [
      ...(named ? [who] : []),
      id,
      question?.element?.title ?? '',
      question ? ABOUT[question.kind] : '',
      String(question?.number ?? ''),
      String(question?.of ?? ''),
      question ? text : 'no longer in the guide',
      state,
      answer,
    ]
}

const row = (cells: string[]) => `${cells.map(cell).join(',')}\r\n`

const ABOUT = {
  warmup: 'warmup',
  story: 'the story',
  comparison: 'your PL system',
  action: 'action',
} as const

function askedIn(item: Item): QuestionItem[] {
  if (item.kind === 'question') return [item]
  return item.kind === 'pairs' ? item.rows.flat().filter(asked => asked !== undefined) : []
}

/** A spreadsheet takes what begins like this for a formula; an apostrophe in front makes it text. */
const FORMULA = /^[\s\u00a0]*[=+\-@|\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/

function cell(value: string): string {
  const text = legal(value)
  const safe = FORMULA.test(text) ? `'${text}` : text
  return /[",;\t\n\r]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** The answers as JSON, in the form of an answers file: what is answered, what is skipped, and every question's state. */
export function answersJson(guide: Guide, answers: Answers): string {
  return `${JSON.stringify(answersFile(guide, answers), null, 2)}\n`
}

export function answersFile(guide: Guide, answers: Answers) {
  const ids = guide.questions.map(({ id }) => id)
  const stray = texts(answers, strayIds({ answers }, guide))
  return {
    guide: guide.id,
    answers: texts(answers, ids),
    skipped: ids.filter(id => stateOf(answers, id) === 'skipped'),
    questions: listing(guide, answers),
    ...(Object.keys(stray).length > 0 && { [STRAY]: stray }),
  }
}

function texts(answers: Answers, ids: readonly QuestionId[]): Record<QuestionId, string> {
  const entries = ids.map(id => [id, answerTo(answers, id).text] as const)
  return Object.fromEntries(entries.filter(([, text]) => text !== ''))
}

/** Not for the eye, or a line end to some readers of YAML: such characters are safe only as escapes in quotes. */
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/

/** The answers as YAML, in the form of an answers file: the same as in JSON. */
export const answersYaml = (guide: Guide, answers: Answers) => yamlText(answersFile(guide, answers))

/** A value as YAML, its texts of several lines as blocks. */
export function yamlText(value: unknown): string {
  const doc = new YamlDocument(value, { aliasDuplicateObjects: false })
  visit(doc, {
    Scalar(key, node) {
      if (key === 'key' || typeof node.value !== 'string') return
      if (UNSAFE.test(node.value)) node.type = Scalar.QUOTE_DOUBLE
      else if (node.value.includes('\n')) node.type = Scalar.BLOCK_LITERAL
    },
  })
  const text = doc.toString({ lineWidth: 0, doubleQuotedAsJSON: true })
  return text.replace(
    new RegExp(UNSAFE, 'g'),
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
