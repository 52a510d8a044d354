import type { State } from '../domain/answers.ts'
import {
  anchorsOf,
  capitalized,
  type Guide,
  LABELS,
  type Labels,
  labelOf,
  type Question,
  sourceText,
} from '../domain/guide.ts'
import { asParagraph, type Block, paragraph } from './blocks.ts'
import { blocksOf } from './markdown-parser.ts'

/*
 * The middle form: what an export says, before any format, its Markdown parsed. Whatever comes out (notes, a digest, a
 * handout) is built as a document, and every writer reads documents alone.
 */

export interface Document {
  /** A language tag, such as `en`. */
  language: string
  title: string
  /** Lines under the title: the guide's subtitle, whose notes they are, when. */
  facts: string[]
  /** Iterable more than once: a digest may hold more than fits in memory. */
  items: Iterable<Item>
  /** Where the questions come from, and that the tool is unofficial. Empty only in what nobody takes elsewhere. */
  source: Block[]
  /** The id of the guide, in what is handed out to come back. */
  guide?: string
  /** `small`: set small and close, to fit few pages; `wide`: on paper in landscape. */
  shape?: 'small' | 'wide'
}

export type Item =
  | ({ kind: 'heading'; level: number; text: string; newPage?: boolean } & Wording)
  /** `leads`: stays on the page of what follows. */
  | ({ kind: 'text'; blocks: Block[]; leads?: boolean } & Wording)
  | QuestionItem
  /** Answers about the story, each beside its counterpart about your PL system, under the words for the two. */
  | ({ kind: 'pairs'; heads: [string, string]; rows: Pair[] } & Pick<Wording, 'language'>)

/** The questions of an item, pairs one below the other. */
export function questionsIn(item: Item): QuestionItem[] {
  if (item.kind === 'question') return [item]
  return item.kind === 'pairs' ? item.rows.flatMap(row => row.filter(asked => asked !== undefined)) : []
}

/** A question about the story and its counterpart about your PL system. */
export type Pair = [QuestionItem | undefined, QuestionItem | undefined]

/** Whether the answers say who gave them. */
export function isNamed({ said }: QuestionItem): boolean {
  for (const { who } of said) if (who !== undefined) return true
  return false
}

/** What a pair asks, once where both ask the same words: `Element A · 1 of 3`. The columns say which side. */
export function titlesOf(pair: Pair): (Title | undefined)[] {
  const [story, comparison] = pair
  if (!story || story.text !== comparison?.text) return pair
  const [place = '', , ...rest] = story.label?.split(' · ') ?? []
  return [{ level: story.level, text: story.text, label: [place, ...rest].join(' · ') }]
}

/** What is asked, above what is said to it. */
export type Title = Pick<QuestionItem, 'level' | 'label' | 'text' | 'language' | 'anchor'>

interface Wording {
  /** Whether the words are the tool's English, whatever language the guide is in. */
  ours?: boolean
  /** Where it is another than the document's. Set by {@link documentOf}. */
  language?: string
}

/** A question with what was said to it. Its language is that of what the tool says of it. */
export interface QuestionItem extends Wording {
  kind: 'question'
  level: number
  /** Tells it from others of the same words, where its heading does not: `Element A · the story · 1 of 3`. */
  label?: string
  text: string
  id: string
  /** Names its place in files that may come back: see {@link anchorsOf}. */
  anchor?: string
  /** Unless the guide no longer has it. */
  question?: Question
  /** Iterable more than once, as items are. */
  said: Iterable<Response>
  /** Height of the box to write in, in points. */
  room?: number
}

export interface Response {
  /** Who said it, where several people's notes come together. */
  who?: string | undefined
  state: State
  /** As it is stored, for tables and for other programs. */
  text: string
  /**
   * The same as blocks, or that nothing was said, with headings below this level. Parsed when asked for, by itself:
   * nothing in it reaches past its end.
   */
  blocks(level: number): Block[]
}

export function response(guide: Guide, state: State, text: string, who?: string): Response {
  const blocks = (level: number) =>
    state === 'answered' ? setUnder(level, blocksOf(text)) : [paragraph(guide.labels[state])]
  return { who, state, text, blocks }
}

/** A heading in our words, or in those that the guide has for them. */
export const ourHeading = ({ labels }: Guide, label: keyof Labels, level = 2): Item => ({
  ...{ kind: 'heading', level, text: capitalized(labels[label]), ours: labels[label] === LABELS[label] },
})

/** A heading in the tool's own English. */
export const toolHeading = (text: string, level = 2): Item => ({ kind: 'heading', level, text, ours: true })

const LOWEST = 6

export interface Parts extends Pick<Document, 'title' | 'items' | 'guide' | 'shape'> {
  facts?: (string | undefined)[]
}

/**
 * A document about a guide, with no heading more than one level below the one before it: the title alone is on level 1.
 * Words of ours in a document of another language are marked.
 */
export function documentOf(guide: Guide, { facts = [], items, ...parts }: Parts): Document {
  return {
    ...{ ...parts, language: guide.language, source: blocksOf(sourceText(guide)) },
    facts: facts.filter(fact => fact !== undefined),
    items: afresh(() => placed(items, differsFrom(guide.language))),
  }
}

const OUR_LANGUAGE = 'en'
/** The language to mark our words with in a document; undefined if it is in the same. */
export const differsFrom = (language: string) =>
  new RegExp(`^${OUR_LANGUAGE}(?:-|$)`, 'i').test(language) ? undefined : OUR_LANGUAGE

/** Re-iterable wrapper for a generator. */
export const afresh = <T>(make: () => Iterator<T>): Iterable<T> => ({ [Symbol.iterator]: make })

function* placed(items: Iterable<Item>, language: string | undefined): Generator<Item> {
  let above = 1
  const mark = (ours?: boolean) => (ours && language !== undefined ? { language } : {})
  const below = (wanted: number) => Math.min(Math.max(2, wanted), above + 1, LOWEST)
  for (const item of items) {
    const level = below(item.kind === 'heading' ? item.level : LOWEST)
    const at = (asked: QuestionItem) => ({ ...asked, ...mark(asked.ours), level })
    if (item.kind === 'heading') above = level
    if (item.kind === 'question') yield at(item)
    else if (item.kind === 'pairs')
      yield {
        ...{ ...item, ...mark(true) },
        rows: item.rows.map(
          ([story, comparison]): Pair => [story && at(story), comparison && at(comparison)],
        ),
      }
    else yield { ...item, ...mark(item.ours), ...(item.kind === 'heading' && { level }) }
  }
}

/** The blocks of an answer with their headings set below the question's level, none skipping a level. */
function setUnder(level: number, blocks: Block[]): Block[] {
  let above = level
  const highest = blocks.reduce(
    (least, one) => (one.kind === 'heading' ? Math.min(least, one.level) : least),
    6,
  )
  return blocks.map((block): Block => {
    if (block.kind !== 'heading') return block
    const lower = Math.min(level + 1 + block.level - highest, above + 1)
    if (lower > LOWEST) return asParagraph(block.inlines)
    above = lower
    return { kind: 'heading', level: lower, inlines: block.inlines }
  })
}

/** A question of the guide with what was said to it. Its level is set by {@link documentOf}. */
export function asked(guide: Guide, question: Question, said: Iterable<Response>): QuestionItem {
  const { id, text, element, of } = question
  // The only question of its section: the section's heading is label enough.
  const label = element || of > 1 ? { label: labelOf(guide, question) } : {}
  const anchor = anchorsOf(guide).get(id)
  const ours = guide.labels.open === LABELS.open
  return {
    ...{ kind: 'question', level: LOWEST, ours, text, id, question, said },
    ...label,
    ...(anchor && { anchor }),
  }
}
