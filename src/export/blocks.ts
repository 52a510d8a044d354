/*
 * Texts as blocks. Raw HTML, images and links that could do anything but lead to a page are the text they were typed
 * as; a line end stays a line end, as people expect who press Enter.
 */

export type Block = BlockKind & {
  /** The Markdown as it was typed, where it can mean nothing else to any reader. */
  typed?: string | undefined
  /** The empty lines typed before it, where they are more than one. */
  gap?: number
}

type BlockKind =
  | { kind: 'paragraph'; inlines: Inline[] }
  | { kind: 'heading'; level: number; inlines: Inline[] }
  | { kind: 'list'; loose: boolean; items: ListItem[] }
  | { kind: 'quote'; blocks: Block[] }
  | { kind: 'code'; text: string }
  | { kind: 'table'; header: Inline[][]; rows: Inline[][][] }
  | { kind: 'rule' }
  /** A Markdown comment of the file's owner, which no reader of a page sees. */
  | { kind: 'comment'; text: string }

export interface ListItem {
  /** As it was typed, in lists with numbers: people answer numbered questions. */
  number?: number
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

export const plainText = (text: string): Inline[] => [{ kind: 'text', text }]
export const paragraph = (text: string): Block => ({ kind: 'paragraph', inlines: plainText(text) })
export const strong = (inlines: Inline[]): Inline => ({ kind: 'strong', inlines })
export const asParagraph = (inlines: Inline[]): Block => ({ kind: 'paragraph', inlines: [strong(inlines)] })
export const bullets = (lines: Inline[][]): Block => ({
  kind: 'list',
  loose: false,
  items: lines.map(inlines => ({ blocks: [{ kind: 'paragraph', inlines }] })),
})
export const table = (header: string[], rows: Inline[][][]): Block => ({
  kind: 'table',
  header: header.map(words => (words === '' ? [] : plainText(words))),
  rows,
})

/** What the reader sees of inlines, without their form. */
export function wordsOf(inlines: readonly Inline[], lineEnd = ' '): string {
  const words = (inline: Inline) =>
    inline.kind === 'break' ? lineEnd : 'inlines' in inline ? wordsOf(inline.inlines, lineEnd) : inline.text
  return inlines.map(words).join('')
}

/** The words of blocks, line by line. */
export function textLines(blocks: readonly Block[], bullet = ''): string[] {
  return blocks.flatMap((block): string[] => {
    switch (block.kind) {
      case 'paragraph':
      case 'heading':
        return wordsOf(block.inlines, '\n').split('\n')
      case 'list':
        return block.items.flatMap(({ number, blocks }) => {
          const [first = '', ...more] = textLines(blocks, bullet)
          return [(number === undefined ? bullet : `${number}. `) + first, ...more]
        })
      case 'quote':
        return textLines(block.blocks, bullet)
      case 'code':
        return block.text.split('\n')
      case 'table':
        return [block.header, ...block.rows].map(row => row.map(cell => wordsOf(cell)).join(', '))
      default:
        return []
    }
  })
}

export const SAFE = /^(?:https?:\/\/|mailto:)[^\s]/i

/** Without control characters and halves of characters, which are illegal in XML and could steer a terminal. */
export function legal(text: string): string {
  const sound = text.toWellFormed()
  return ILLEGAL.test(sound) ? sound.replace(/\r\n?/g, '\n').replace(new RegExp(ILLEGAL, 'g'), '') : sound
}

const ILLEGAL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]/

/** Any text as itself in HTML and XML, within elements and within quoted attributes. */
export const escaped = (text: string) =>
  legal(text).replace(/[&<>"]/g, sign => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? '&quot;')

/** Line ends are looked for from the end: an expression would try each of a million empty lines. */
export function withoutLineEnds(text: string): string {
  let end = text.length
  while (text[end - 1] === '\n') end--
  return text.slice(0, end)
}

/* Most texts are lines, `- ` lists, tasks, headings and addresses in angle brackets, which need no library. */

/** Where these stand, or white space but spaces and LF, nearly everything may mean something. */
const FORMING = /[\\`*_~&|@\t\v\f\r\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]/
/** What may be HTML, or an address that only some readers recognize. */
const ADDRESSING = /[wW]{3}\.(?<!<https?:\/\/www\.)|<(?!https?:)/
const ITEM = /^- (?:\[([ xX])\] )?(?=\S)/
const HEADING = /^(#{1,6}) (?=\S)(?!.*#\s*$)/
/** Begins no block, and ends in no space. */
const WORDS = /^(?![-+#>=:]|\d{1,9}[.)])[^\s[\]](?:[^[\]]*[^\s[\]])?$/
const ADDRESS = /<(https?:\/\/[^\s<>]+)>/

/** The blocks of such a text, the same as the library's; undefined of any other. */
export function simpleBlocks(text: string): Block[] | undefined {
  if (FORMING.test(text) || ADDRESSING.test(text)) return undefined
  const result: Block[] = []
  const [first = '', ...rest] = withoutLineEnds(text).split(BETWEEN)
  const parts = [first.replace(/^\n/, ''), ...rest]
  for (let i = 0; i < parts.length; i += 2) {
    const [ends = '', part = ''] = [parts[i - 1], parts[i]]
    if (part === '') continue
    const block = simpleBlock(part)
    // Lists with an empty line between them are one.
    if (!block || (block.kind === 'list' && result.at(-1)?.kind === 'list')) return undefined
    if (ends.length > 2) block.gap = ends.length - 1
    result.push(block)
  }
  return result
}

/** Empty lines, or the line end beside a heading, or between words and a list. */
const BETWEEN = /(\n{2,}|\n(?=#{1,6} )|\n(?<=^#{1,6} .*\n)|\n(?<!^- .*\n)(?=- ))/m

/** Lines with no empty one between them. */
function simpleBlock(typed: string): Block | undefined {
  const [mark = '', signs] = HEADING.exec(typed) ?? []
  if (signs !== undefined) {
    const words = simpleInlines(typed.slice(mark.length))
    return words && { kind: 'heading', level: signs.length, inlines: words }
  }
  const lines = typed.split('\n')
  const items = lines.map(line => ITEM.exec(line))
  const isList = items[0] !== null
  const inlines: Inline[][] = []
  for (const [i, line] of lines.entries()) {
    const words = simpleInlines(line.slice(items[i]?.[0].length ?? 0))
    if (!words || isList !== (items[i] !== null)) return undefined
    inlines.push(words)
  }
  const plain = typed.includes('<') ? undefined : typed
  if (!isList)
    return { kind: 'paragraph', inlines: inlines.flatMap(line => [BREAK, ...line]).slice(1), typed: plain }
  const listItems = inlines.map((words, i): ListItem => {
    const box = items[i]?.[1]
    return { ...(box && { done: box !== ' ' }), blocks: [{ kind: 'paragraph', inlines: words }] }
  })
  return { kind: 'list', loose: false, items: listItems, typed: plain }
}

const BREAK = { kind: 'break' } as const

/** Words and addresses; undefined where an address stands bare, or a bracket stands alone. */
function simpleInlines(words: string): Inline[] | undefined {
  if (!WORDS.test(words)) return undefined
  if (!words.includes('<')) return words.includes('://') ? undefined : plainText(words)
  const parts = words.split(ADDRESS)
  if (parts.some((part, i) => i % 2 === 0 && (part.includes('://') || part.includes('<')))) return undefined
  return parts.flatMap((part, i): Inline[] => {
    if (i % 2 === 1) return [{ kind: 'link', href: part, inlines: plainText(part) }]
    return part === '' ? [] : plainText(part)
  })
}
