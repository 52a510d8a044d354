import { legal } from './blocks.ts'
import type { Asked, Document, Item } from './document.ts'

/** One header, and a row for each question and each who said something to it. Pairs stand below each other. */
export function csv({ items }: Document): string {
  const questions = items.flatMap(askedIn)
  const named = questions.some(({ said }) => said.some(({ who }) => who !== undefined))
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
  const rows = questions.flatMap(({ id, question, text, said }) =>
    said.map(({ who = '', state, text: answer }) => [
      ...(named ? [who] : []),
      id,
      question?.element?.title ?? '',
      question ? ABOUT[question.kind] : '',
      String(question?.number ?? ''),
      String(question?.of ?? ''),
      question ? text : 'no longer in the guide',
      state,
      answer,
    ]),
  )
  // Without the mark in front, Excel takes UTF-8 for an older encoding.
  return `\ufeff${[header, ...rows].map(row => `${row.map(cell).join(',')}\r\n`).join('')}`
}

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
