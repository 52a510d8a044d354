import { actionsIn } from '../domain/actions.ts'
import { type Count, count, type State, stateOf } from '../domain/answers.ts'
import type { Guide, Question } from '../domain/guide.ts'
import {
  type Block,
  type Document,
  type Inline,
  type Item,
  labelOf,
  outlined,
  paragraph,
  plainText,
  sourceNote,
  wordsOf,
} from './document.ts'
import { type ResponseSource, saidBy } from './guide-document.ts'
import { blocksOf } from './markdown-parser.ts'

/** About what one page holds besides headings and actions, in characters. */
export const PAGE = 2000
const SHORTEST = 40
export const LONGEST = 320

/** One page for a site leader: what was discussed, who will do what by when, and what was not reached. */
export function summaryDocument(
  guide: Guide,
  voice: ResponseSource,
  { title, facts }: { title: string; facts: (string | undefined)[] },
): Document {
  const those = (wanted: State) => guide.questions.filter(({ id }) => stateOf(voice.answers, id) === wanted)
  const discussed = those('answered').filter(({ kind }) => kind !== 'action')
  return outlined({
    language: guide.language,
    title,
    facts: facts.filter(fact => fact !== undefined),
    items: [
      heading('What was discussed', true),
      { kind: 'text', blocks: discussion(guide, voice, discussed) },
      ...actionHeading(guide),
      ...(asksForActions(guide) ? [{ kind: 'text' as const, blocks: [actionTable(guide, voice)] }] : []),
      heading('What was not reached', true),
      { kind: 'text', blocks: notReached(guide, those('open'), those('skipped')), ours: true },
    ],
    source: sourceNote(guide),
    brief: true,
  })
}

/** `7 of 20 questions answered, 1 skipped`. */
function reached({ total, answered, skipped }: Count): string {
  return `${answered} of ${total} questions answered${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

export const reachedBy = (guide: Guide, { answers }: ResponseSource) =>
  reached(count(guide.questions, answers))

/** A guide need not ask for actions. */
export const asksForActions = ({ action }: Guide) => action.questions.length > 0

/** What stands above the actions on one page. */
export function actionHeading(guide: Guide): Item[] {
  if (!asksForActions(guide)) return []
  return [guide.action.title ? heading(guide.action.title, false) : heading('Actions', true)]
}

export const heading = (text: string, ours: boolean): Item => ({ kind: 'heading', level: 2, text, ours })

/** A paragraph for each side of an element, so that it stays one page. */
function discussion(guide: Guide, voice: ResponseSource, questions: Question[]): Block[] {
  if (questions.length === 0) return [paragraph('Nothing has been answered yet.')]
  const longest = Math.min(LONGEST, Math.max(SHORTEST, Math.floor(PAGE / questions.length)))
  const items = bySide(guide, questions).map(([side, those]) => {
    const gists = those.flatMap(({ id, number, of }) => [
      ...(of > 1 ? [...plainText(' '), ...emphasis(`${number} of ${of}`)] : []),
      ...plainText(` ${excerpt(saidBy(voice, id).text, longest)}`),
    ])
    const inlines: Inline[] = [{ kind: 'strong', inlines: plainText(`${side}:`) }, ...gists]
    return { blocks: [{ kind: 'paragraph' as const, inlines }] }
  })
  return [{ kind: 'list', loose: false, items }]
}

const emphasis = (text: string): Inline[] => [{ kind: 'emphasis', inlines: plainText(text) }]

/** The questions by element and side: `Element B · the story`. */
function bySide(guide: Guide, questions: readonly Question[]): [string, Question[]][] {
  const sides = new Map<string, Question[]>()
  for (const question of questions) {
    const side = labelOf(guide, { ...question, of: 1 })
    sides.set(side, [...(sides.get(side) ?? []), question])
  }
  return [...sides]
}

/** The beginning of an answer in so many characters, as plain words. */
export function excerpt(text: string, longest: number): string {
  const all = plain(blocksOf(text)).replace(/\s+/g, ' ').trim()
  if (all.length <= longest) return all
  const cut = all.slice(0, longest)
  return `${cut.replace(/\s\S*$/, '').replace(/[\s,;:–-]+$/, '')} …`
}

function plain(blocks: readonly Block[]): string {
  return blocks
    .map(block => {
      if ('inlines' in block) return wordsOf(block.inlines)
      if (block.kind === 'list') return block.items.map(item => plain(item.blocks)).join('; ')
      if (block.kind === 'quote') return plain(block.blocks)
      if (block.kind === 'table')
        return [block.header, ...block.rows].map(row => row.map(wordsOf).join(', ')).join('; ')
      return block.kind === 'code' ? block.text : ''
    })
    .join(' ')
}

function actionTable(guide: Guide, voice: ResponseSource): Block {
  const rows = guide.action.questions.flatMap(({ id }) =>
    actionsIn(saidBy(voice, id).text).map(({ done, what, who, when }) => [
      `${done ? '☑ ' : ''}${plain(blocksOf(what))}`,
      who,
      when,
    ]),
  )
  if (rows.length === 0) return paragraph('No actions have been written down yet.')
  const header = ['Action', 'Who', 'By when']
  return { kind: 'table', header: header.map(plainText), rows: rows.map(row => row.map(plainText)) }
}

export function notReached(guide: Guide, open: Question[], skipped: Question[]): Block[] {
  if (open.length + skipped.length === 0) return [paragraph('Every question was answered.')]
  return [
    ...(open.length > 0 ? [paragraph(`Still open: ${places(guide, open)}.`)] : []),
    ...(skipped.length > 0 ? [paragraph(`Skipped: ${places(guide, skipped)}.`)] : []),
  ]
}

/** `Element B · the story · 2, 3 of 3`: questions of one side together. */
function places(guide: Guide, questions: Question[]): string {
  return bySide(guide, questions)
    .map(([side, [first, ...rest]]) =>
      !first || first.of === 1
        ? side
        : `${side} · ${[first, ...rest].map(({ number }) => number).join(', ')} of ${first.of}`,
    )
    .join('; ')
}
