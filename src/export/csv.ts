import type { Asked, Document, Item } from './document.ts'
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

function* rowsOf({ id, question, text, said }: Asked, named: boolean): Generator<string[]> {
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

function askedIn(item: Item): Asked[] {
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
