import type { State } from '../domain/answers.ts'
import { type Element, type Guide, partOf, type Question, SIDE } from '../domain/guide.ts'

/*
 * The middle form: what an export says, before any format. Whatever comes out (notes, a digest, a handout) is
 * built as a document, and every writer reads documents alone.
 */

export interface Document {
  /** A language tag, such as `en`. */
  language: string
  title: string
  /** Lines under the title: the guide's subtitle, whose notes they are, when. */
  facts: string[]
  /** One after the other, and from the start again each time: a digest may hold more than fits in memory. */
  items: Iterable<Item>
  /** Where the questions come from, and that the tool is unofficial. Empty only in what nobody takes elsewhere. */
  source: string
  /** Set close, to fit one page. */
  brief?: boolean
}

export type Item =
  | ({ kind: 'heading'; level: number; text: string } & Wording)
  | ({ kind: 'text'; blocks: Block[] } & Wording)
  | ({ kind: 'question' } & QuestionItem)
  /** Answers about the story, each beside its counterpart about your PL system. */
  | ({ kind: 'pairs'; level: number; rows: [QuestionItem, QuestionItem | undefined][] } & Pick<
      Wording,
      'language'
    >)

/** In whose words something is: the tool's are English, whatever language the guide is in. */
interface Wording {
  ours?: boolean
  /** Where it is another than the document's. Set by {@link outlined}. */
  language?: string
}

/** A question with what was said to it. Its language is that of what the tool says of it. */
export interface QuestionItem extends Pick<Wording, 'language'> {
  level: number
  /** Tells it from others of the same words: `Element A · the story · 1 of 3`. */
  label: string
  text: string
  id: string
  /** Unless the guide no longer has it. */
  question?: Question
  said: Response[]
  /** So many empty lines to write on. */
  room?: number
}

export interface Response {
  /** Who said it, where several people's notes come together. */
  who?: string
  state: State
  /** Markdown as somebody wrote it. A writer reads it by itself, so that nothing in it reaches past its end. */
  text: string
}

export type Block = BlockKind & {
  /** The Markdown as it was typed, where it can mean nothing else to any reader. */
  typed?: string
  /** The empty lines typed before it, where they are more than one. */
  gap?: number
}

type BlockKind =
  | { kind: 'paragraph'; inlines: Inline[] }
  | { kind: 'heading'; level: number; inlines: Inline[] }
  /** `start` only in ordered lists. */
  | { kind: 'list'; start?: number; loose: boolean; items: ListItem[] }
  | { kind: 'quote'; blocks: Block[] }
  | { kind: 'code'; text: string }
  | { kind: 'table'; header: Inline[][]; rows: Inline[][][] }
  | { kind: 'rule' }
  /** A Markdown comment of the file's owner, which no reader of a page sees. */
  | { kind: 'comment'; text: string }

export interface ListItem {
  /** Of a task: whether it is done. */
  done?: boolean
  blocks: Block[]
}

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'break' }
  | { kind: 'strong' | 'emphasis' | 'strike'; inlines: Inline[] }
  /** Only addresses that begin with http:, https: or mailto:. */
  | { kind: 'link'; href: string; inlines: Inline[] }

const LOWEST = 6

/**
 * The document with no heading more than one level below the one before it: the title alone is on level 1. Words of
 * ours in a document of another language are marked.
 */
export function outlined(document: Document): Document {
  return { ...document, items: afresh(() => placed(document)) }
}

const OUR_LANGUAGE = 'en'
/** The language to mark our words with in a document; undefined if it is in the same. */
export const differsFrom = (language: string) =>
  new RegExp(`^${OUR_LANGUAGE}(?:-|$)`, 'i').test(language) ? undefined : OUR_LANGUAGE

/** What a generator makes, made anew whenever somebody asks. */
export const afresh = <T>(make: () => Iterator<T>): Iterable<T> => ({ [Symbol.iterator]: make })

function* placed({ items, language: own }: Document): Generator<Item> {
  let above = 1
  const language = differsFrom(own)
  const mark = (ours = true) => (ours && language !== undefined ? { language } : {})
  const below = (wanted: number) => Math.min(Math.max(2, wanted), above + 1, LOWEST)
  for (const item of items) {
    if (item.kind === 'heading') {
      above = below(item.level)
      yield { ...item, ...mark(item.ours === true), level: above }
    } else if (item.kind === 'text') yield { ...item, ...mark(item.ours === true) }
    else yield atLevel(item, { ...mark(), level: below(LOWEST) })
  }
}

function atLevel(
  item: Extract<Item, { kind: 'question' | 'pairs' }>,
  place: { level: number; language?: string },
): Item {
  if (item.kind === 'question') return { ...item, ...place }
  const rows = item.rows.map(([left, right]): [QuestionItem, QuestionItem | undefined] => [
    { ...left, ...place },
    right && { ...right, ...place },
  ])
  return { ...item, ...place, rows }
}

/** The blocks of an answer with their headings set below the question's level, none skipping a level. */
export function setUnder(level: number, blocks: Block[]): Block[] {
  let above = level
  const wanted = blocks.filter(block => block.kind === 'heading').map(block => block.level)
  const highest = Math.min(...wanted)
  return blocks.map((block): Block => {
    if (block.kind !== 'heading') return block
    const lower = Math.min(level + 1 + block.level - highest, above + 1)
    if (lower > LOWEST) return asParagraph(block.inlines)
    above = lower
    return { kind: 'heading', level: lower, inlines: block.inlines }
  })
}

export const asParagraph = (inlines: Inline[]): Block => ({
  kind: 'paragraph',
  inlines: [{ kind: 'strong', inlines }],
})

export const plainText = (text: string): Inline[] => [{ kind: 'text', text }]
export const paragraph = (text: string): Block => ({ kind: 'paragraph', inlines: plainText(text) })

/** What the reader sees of inlines, without their form. */
export function wordsOf(inlines: readonly Inline[]): string {
  return inlines
    .map(inline =>
      inline.kind === 'break' ? ' ' : 'inlines' in inline ? wordsOf(inline.inlines) : inline.text,
    )
    .join('')
}

/** `Element A · the story · 1 of 3`: tells apart the questions that have the same words. */
export function labelOf(guide: Guide, question: Question): string {
  const { kind, element, number, of } = question
  const parts =
    kind === 'story' || kind === 'comparison'
      ? [(element && shortTitle(guide, element)) || guide.stories.title, SIDE[kind]]
      : partOf(guide, question)
  return [...parts, ...(of > 1 ? [`${number} of ${of}`] : [])].join(' · ')
}

/** What stands in front of the colon of its title, where that tells it from the others. */
function shortTitle({ stories }: Guide, element: Element): string {
  const short = ({ title }: Element) => title.split(':')[0]?.trim() ?? ''
  const same = stories.elements.filter(other => short(other) === short(element))
  return same.length > 1 ? element.title : short(element)
}

/** A question of the guide with what was said to it. Its level is set by {@link outlined}. */
export function asked(guide: Guide, question: Question, said: Response[]): QuestionItem {
  const { id, text } = question
  return { level: LOWEST, label: labelOf(guide, question), text, id, question, said }
}

/** What every export says of its source, as Markdown. */
export function sourceNote({ title, subtitle, source }: Guide): string {
  const { publisher, url, note } = source
  const named = `The questions are from ${[title, subtitle].filter(Boolean).join(': ')}. Publisher: ${publisher}${url ? `, <${url}>` : ''}.`
  const unofficial = /unofficial/i.test(note ?? '') ? '' : 'pl-stories is an unofficial tool.'
  return [named, note, unofficial].filter(Boolean).join(' ')
}

/** What stands where nothing was said. */
export const SILENCE = { open: 'Not answered yet.', skipped: 'Skipped.' } as const
