import {
  type Asked,
  type Block,
  type Document,
  type Inline,
  type Item,
  paragraph,
  plainText,
  type Said,
  SILENCE,
  setUnder,
} from './document.ts'
import { inlineMarkdown, onOneLine } from './markdown-inline.ts'
import { blocksOf } from './markdown-parser.ts'

/*
 * Markdown that every reader of Markdown takes the same way: only what is written here has a form, and the rest
 * is escaped where it could be taken for form.
 */

/** The document in pieces: each heading, text, question and answer. */
export function* markdown(document: Document): Generator<string> {
  const { title, facts, items, source } = document
  const head: Block[] = [
    { kind: 'heading', level: 1, inlines: plainText(title) },
    ...(facts.length > 0 ? [strong(facts.join(' · '))] : []),
  ]
  const before: Before = {}
  const piece = (blocks: Block[]) =>
    blocks.length === 0 ? '' : `${blockLines(blocks, true, before).join('\n')}\n`
  yield piece(head)
  for (const item of items) for (const blocks of itemBlocks(item)) yield piece(blocks)
  if (source !== '') yield piece([{ kind: 'rule' }, ...blocksOf(source)])
}

const strong = (text: string): Block => ({
  kind: 'paragraph',
  inlines: [{ kind: 'strong', inlines: plainText(text) }],
})
const emphasis = (text: string): Block => ({
  kind: 'paragraph',
  inlines: [{ kind: 'emphasis', inlines: plainText(text) }],
})

function* itemBlocks(item: Item): Generator<Block[]> {
  if (item.kind === 'heading') yield [{ kind: 'heading', level: item.level, inlines: plainText(item.text) }]
  else if (item.kind === 'text') yield item.blocks
  else if (item.kind === 'question') yield* askedBlocks(item)
  else for (const asked of item.rows.flat()) if (asked) yield* askedBlocks(asked)
}

function* askedBlocks({ level, label, text, question, said, room = 0 }: Asked): Generator<Block[]> {
  const words = text.replace(/\s*\n\s*/g, ' ')
  // The only question of its section: the section's heading is label enough.
  const only = question !== undefined && !question.element && question.of === 1
  yield [
    { kind: 'heading', level, inlines: plainText(only ? words : label) },
    ...(only ? [] : [strong(words)]),
  ]
  for (const each of said) yield saidBlocks(level, each)
  yield Array.from({ length: room }, (): Block => ({ kind: 'rule' }))
}

function saidBlocks(level: number, { who, state, text }: Said): Block[] {
  return [
    ...(who === undefined ? [] : [strong(`${who}:`)]),
    ...(state === 'answered' ? setUnder(level, blocksOf(text)) : [emphasis(SILENCE[state])]),
  ]
}

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
      lines.push(...Array.from({ length: Math.min(block.gap ?? 1, MOST_EMPTY) }, () => ''))
    lines.push(...own)
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
  const [usual, instead] = list.start === undefined ? ['-', '*'] : ['.', ')']
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
      return fenced(block.text)
    case 'table':
      return tableLines(block)
    case 'rule':
      return [RULE]
    case 'comment':
      return block.text.split('\n')
  }
}

/** Long enough to be a line to write on where Markdown is printed as it is. */
const RULE = '_'.repeat(72)

function listLines({ start, loose, items }: List, marker = ''): string[] {
  return items.flatMap(({ done, blocks }, i) => {
    const bullet = start === undefined ? marker : `${Math.min(start + i, LARGEST)}${marker}`
    const task = done === undefined ? '' : done ? '[x] ' : '[ ] '
    // A task is a task only in front of words.
    const bare = done === undefined || blocks[0]?.kind === 'paragraph'
    const [head = '', ...rest] = blockLines(bare ? blocks : [paragraph('\u00a0'), ...blocks], loose)
    const indent = ' '.repeat(bullet.length + 1)
    return [
      ...(loose && i > 0 ? [''] : []),
      `${bullet} ${task}${head}`.trimEnd(),
      ...rest.map(line => (line === '' ? '' : indent + line)),
    ]
  })
}

/** Nine digits are the most that a list may begin with. */
const LARGEST = 999_999_999

function fenced(text: string): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return [fence, ...text.split('\n'), fence]
}

function tableLines({ header, rows }: Extract<Block, { kind: 'table' }>): string[] {
  const row = (cells: Inline[][]) =>
    `| ${cells.map(cell => onOneLine(cell).replaceAll('|', '\\|')).join(' | ')} |`
  return [row(header), `|${' --- |'.repeat(header.length)}`, ...rows.map(row)]
}
