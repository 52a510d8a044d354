import { codeBlock, codeSpan, escaped, holds, linked, MARK, tableLines } from '../notes/markdown.ts'
import { asParagraph, type Block, type Inline, paragraph, plainText, textLines, wordsOf } from './blocks.ts'
import { type Document, type Item, type QuestionItem, questionsIn } from './document.ts'

/*
 * Markdown that every reader of Markdown takes the same way: only what is written here has a form, and the rest
 * is escaped where it could be taken for form.
 */

/** The document in pieces: each heading, text, question and answer. */
export function* markdown({ title, facts, items, source }: Document): Generator<string> {
  const before: Before = {}
  const piece = (blocks: Block[]) =>
    blocks.length === 0 ? '' : `${blockLines(blocks, true, before).join('\n')}\n`
  yield piece([heading(1, title), ...(facts.length > 0 ? [strong(facts.join(' · '))] : [])])
  for (const item of items) for (const blocks of itemBlocks(item)) yield piece(blocks)
  if (source.length > 0) yield piece([{ kind: 'rule' }, ...source])
}

const heading = (level: number, text: string): Block => ({ kind: 'heading', level, inlines: plainText(text) })
const strong = (text: string) => asParagraph(plainText(text))
const emphasized = (block: Block): Block =>
  block.kind === 'paragraph' ? { ...block, inlines: [{ kind: 'emphasis', inlines: block.inlines }] } : block

function* itemBlocks(item: Item): Generator<Block[]> {
  if (item.kind === 'heading') yield [heading(item.level, item.text)]
  else if (item.kind === 'text') yield item.blocks
  else for (const asked of questionsIn(item)) yield* askedBlocks(asked)
}

function* askedBlocks({ level, label, text, said, room }: QuestionItem): Generator<Block[]> {
  const words = text.replace(/\s*\n\s*/g, ' ')
  yield label === undefined ? [heading(level, words)] : [heading(level, label), strong(words)]
  for (const { who, state, blocks } of said)
    yield [
      ...(who === undefined ? [] : [strong(`${who}:`)]),
      ...(state === 'answered' ? blocks(level) : blocks(level).map(emphasized)),
    ]
  yield Array.from({ length: Math.round((room ?? 0) / LINE) }, (): Block => ({ kind: 'rule' }))
}

/** Points between two lines to write on by hand. */
const LINE = 24

/** The block that was written last, and the marker of its items if it is a list. */
interface Before {
  kind?: Block['kind']
  marker?: string
}

/** The lines of blocks, with an empty one between two blocks. */
function blockLines(blocks: readonly Block[], loose = true, before: Before = {}): string[] {
  const lines: string[] = []
  for (const block of blocks) {
    // Two lists in a row would become one, were their markers the same.
    const other = before.kind === 'list' ? (before.marker ?? '') : ''
    const own =
      block.kind === 'list' ? linesOfList(block, other) : (block.typed?.split('\n') ?? linesOf(block))
    if (before.kind && (loose || block.kind !== 'list'))
      for (let gap = Math.min(block.gap ?? 1, MOST_EMPTY); gap > 0; gap--) lines.push('')
    for (const line of own) lines.push(line)
    before.kind = block.kind
    before.marker = markerOf(own[0] ?? '')
  }
  return lines
}

/** More empty lines than this nobody means. */
const MOST_EMPTY = 20

/** What makes the line an item of the list before it: `-`, `*`, `+`, `.` or `)`. */
const markerOf = (line: string) => /^(?:([-+*])|\d+([.)]))/.exec(line)?.slice(1).find(Boolean) ?? ''

type List = Extract<Block, { kind: 'list' }>

function linesOfList(list: List, other: string): string[] {
  if (list.typed !== undefined && markerOf(list.typed) !== other) return list.typed.split('\n')
  const [usual, instead] = list.items[0]?.number === undefined ? ['-', '*'] : ['.', ')']
  return listLines(list, usual === other ? instead : usual)
}

function linesOf(block: Exclude<Block, List>): string[] {
  switch (block.kind) {
    case 'paragraph':
      return inlineMarkdown(block.inlines)
    case 'heading':
      return [`${'#'.repeat(block.level)} ${onOneLine(block.inlines).replace(/(#+)$/, '\\$1')}`.trimEnd()]
    case 'quote':
      return blockLines(block.blocks).map(line => (line === '' ? '>' : `> ${line}`))
    case 'code':
      return codeBlock(block.text)
    case 'table':
      return tableLines([block.header, ...block.rows].map(row => row.map(onOneLine)))
    case 'rule':
      return [RULE]
    case 'comment':
      return block.text.split('\n')
  }
}

/** Long enough to be a line to write on where Markdown is printed as it is. */
const RULE = '_'.repeat(72)

function listLines({ loose, items }: List, marker = ''): string[] {
  return items.flatMap(({ number = '', done, blocks }, i) => {
    const bullet = `${number}${marker}`
    const task = done === undefined ? '' : done ? '[x] ' : '[ ] '
    // A task is a task only in front of words.
    const bare = done === undefined || blocks[0]?.kind === 'paragraph'
    const [head = '', ...rest] = blockLines(bare ? blocks : [paragraph('\u00a0'), ...blocks], loose)
    const indent = ' '.repeat(bullet.length + 1)
    return [
      ...(loose && i > 0 ? [''] : []),
      // What somebody wrote like a box, but not as one, stays words.
      `${bullet} ${task}${done === undefined ? head.replace(/^\[(?=[ xX]\])/, '\\[') : head}`.trimEnd(),
      ...rest.map(line => (line === '' ? '' : indent + line)),
    ]
  })
}

/** Inlines as lines of Markdown that begin and end nothing but themselves. */
function inlineMarkdown(inlines: readonly Inline[]): string[] {
  const lines = written(inlines)
    .split('\n')
    .map(line => line.trim())
  return lines.map((line, i) => safeStart(line, i > 0) + (i < lines.length - 1 ? HARD_BREAK : ''))
}

/** Inlines within a line that has begun already. */
function onOneLine(inlines: readonly Inline[]): string {
  return written(inlines)
    .replace(/\s*\n\s*/g, ' ')
    .trim()
}

/** A line end that every reader of Markdown keeps and nobody sees. */
const HARD_BREAK = '  '

function written(inlines: readonly Inline[], inLink = false): string {
  const pieces = inlines.map((inline, i) => {
    switch (inline.kind) {
      case 'break':
        return { mark: '', text: '\n' }
      case 'text':
        return { mark: '', text: escaped(inline.text, { inLink, more: inlines[i + 1] !== undefined }) }
      case 'code':
        return { mark: '', text: codeSpan(inline.text) }
      case 'link':
        return { mark: '', text: link(inline.href, inline.inlines) }
      default:
        return { mark: MARK[inline.kind], text: written(inline.inlines, inLink) }
    }
  })
  return pieces.reduce((before, { mark, text }, i) => {
    const next = pieces[i + 1]
    const after = next ? next.mark + next.text : ''
    return before + (mark !== '' && holds(before.slice(-2), text, after) ? mark + text + mark : text)
  }, '')
}

/** Of an e-mail address that every reader takes for one in angle brackets. */
const DOMAIN = /@[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*$/i

function link(href: string, inlines: Inline[]): string {
  const words = wordsOf(inlines)
  const isItself = words === href || (`mailto:${words}` === href && DOMAIN.test(words))
  if (isItself && !/[\s<>\\]/.test(href)) return `<${words}>`
  return linked(written(inlines, true), href)
}

/** The line with a backslash where its beginning could be taken for a heading, a list, a quote, a fence or a table. */
function safeStart(line: string, underText: boolean): string {
  if (/^(?:#{1,6}(?:\s|$)|>|[-+*](?:\s|$)|~~~|\|)/.test(line)) return `\\${line}`
  const number = /^\d{1,9}(?=[.)](?:\s|$))/.exec(line)?.[0]
  if (number !== undefined) return `${number}\\${line.slice(number.length)}`
  if (/^(?:(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})$/.test(line)) return `\\${line}`
  if (underText && /^(?:=+|-+)[ \t]*$/.test(line)) return `\\${line}`
  if (underText && /^[|:\-\s]+$/.test(line) && line.includes('-')) return `\\${line}`
  return line
}

/** A document as lines that can be read aloud: nothing in them is a mark, but for what people typed themselves. */
export function* spokenText({ title, facts, items, source }: Document): Generator<string> {
  yield `${[title, ...facts].map(sentence).join(' ')}\n`
  for (const item of items) yield `\n${spokenItem(item).join('\n')}\n`
  if (source.length > 0) yield `\n${spoken(source).join('\n')}\n`
}

const spoken = (blocks: readonly Block[]) => textLines(blocks, '- ')
const sentence = (text: string) => (/[.?!:]$/.test(text) ? text : `${text}.`)

function spokenItem(item: Item): string[] {
  if (item.kind === 'heading') return [sentence(item.text)]
  if (item.kind === 'text') return spoken(item.blocks)
  return questionsIn(item).flatMap(spokenQuestion)
}

const spokenQuestion = ({ label, text, level, said }: QuestionItem) => [
  `${label === undefined ? '' : `${label.replaceAll(' · ', ', ')}. `}${sentence(text)}`,
  ...[...said].flatMap(({ who, state, text, blocks }) => [
    ...(who === undefined ? [] : [`${who}:`]),
    ...(state === 'answered' ? [text] : spoken(blocks(level))),
  ]),
]
