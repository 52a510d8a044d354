import { Lexer, type Token, Tokenizer, type Tokens } from 'marked'

/*
 * Markdown as blocks. Raw HTML, images and links that could do anything but lead to a page are the text they were
 * typed as; a line end stays a line end, as people expect who press Enter.
 */

export type Block = BlockKind & {
  /** The Markdown as it was typed, where it can mean nothing else to any reader. */
  typed?: string
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
export function wordsOf(inlines: readonly Inline[]): string {
  return inlines
    .map(inline =>
      inline.kind === 'break' ? ' ' : 'inlines' in inline ? wordsOf(inline.inlines) : inline.text,
    )
    .join('')
}

/** Deeper nesting nobody means, and no format shows. */
const DEEPEST = 12

type Links = Record<string, { href: string | null; title: string | null | undefined }>

/** Makes the readers of Markdown when the first text needs one: the library takes its time to load. */
function makeLexers() {
  /** Raw HTML is no HTML here: the lines are read as other text is. */
  class PlainTokenizer extends Tokenizer {
    override html(_: string): Tokens.HTML | undefined {
      return undefined
    }

    override def(source: string): Tokens.Def | undefined {
      const found = super.def(source)
      return found && this.defines(found.href) ? found : undefined
    }

    /** `[Maria]: unsure` is what somebody said, and no address for elsewhere. */
    protected defines(_: string): boolean {
      return false
    }

    override tag(source: string): Tokens.Tag | undefined {
      const { state } = this.lexer
      const before = { ...state }
      const token = super.tag(source)
      Object.assign(state, before)
      return token
    }
  }

  /** In the owner's own lines a comment is a comment, and an address may stand apart from its link. */
  class OwnTokenizer extends PlainTokenizer {
    protected override defines(href: string): boolean {
      return SAFE.test(href)
    }

    override html(source: string): Tokens.HTML | undefined {
      const comment = /^ {0,3}<!--(?:(?!-->)[\s\S])*-->[ \t]*(?:\n+|$)/.exec(source)?.[0]
      return comment === undefined
        ? undefined
        : { type: 'html', raw: comment, text: comment.trim(), pre: false, block: true }
    }
  }

  return (own: boolean, links: Links = {}) => {
    const tokenizer = own ? new OwnTokenizer() : new PlainTokenizer()
    const lexer = new Lexer({ gfm: true, breaks: true, tokenizer })
    Object.assign(lexer.tokens.links, links)
    return lexer
  }
}

let made: ReturnType<typeof makeLexers> | undefined
const lexer: ReturnType<typeof makeLexers> = (...given) => {
  made ??= makeLexers()
  return made(...given)
}

/** The blocks of an answer, or of any other Markdown that is not to be trusted. */
export function blocksOf(markdown: string): Block[] {
  return read(legal(markdown), false)
}

/** The blocks of texts that stand apart in one file: each ends by itself, but a link may be defined in another. */
export function blocksOfFile(texts: readonly string[]): Block[][] {
  const links: Links = {}
  for (const text of texts) if (text.includes(']:')) Object.assign(links, lexer(true).lex(text).links)
  return texts.map(text => read(legal(text), true, links))
}

function read(text: string, own: boolean, links?: Links): Block[] {
  try {
    return simpleBlocks(text) ?? parsedBlocks(text, own, links)
  } catch (error) {
    // Thousands of nested quotes exhaust the stack of any reader of Markdown.
    if (!(error instanceof RangeError)) throw error
    return [{ kind: 'paragraph', inlines: lines(text.trim()) }]
  }
}

/** The blocks of a text as the library reads it. */
export const parsedBlocks = (text: string, own = false, links?: Links) =>
  withTyped(lexer(own, links).lex(text))

/** Where these stand, nearly everything may mean something. */
const FORMING = /[\\`*_~&|@]|[^\S \n]|(?<!<https?:\/\/)www\.|<(?!https?:)/i
const SIMPLE_ITEM = /^- (?:\[([ xX])\] )?(?=\S)/
const SIMPLE_HEADING = /^(#{1,6}) (?=\S)/
/** Begins no block, and ends in no space. */
const SIMPLE_WORDS = /^(?![-+#>=:]|\d{1,9}[.)])[^\s[\]](?:[^[\]]*[^\s[\]])?$/
const ADDRESS = /<(https?:\/\/[^\s<>]+)>/

/**
 * The blocks of a text that is made of lines, `- ` lists, tasks, headings and addresses in angle brackets alone, as
 * most are: the same as {@link parsedBlocks}, without the library. Undefined of any other.
 */
export function simpleBlocks(text: string): Block[] | undefined {
  if (FORMING.test(text)) return undefined
  const result: Block[] = []
  let before: 'paragraph' | 'list' | 'heading' | undefined
  // The first line end of a text ends no line.
  let empty = -1
  for (const line of text.trimEnd() === '' ? [] : text.split('\n')) {
    const item = SIMPLE_ITEM.exec(line)
    const heading = item ? null : SIMPLE_HEADING.exec(line)
    const kind = item ? 'list' : heading ? 'heading' : 'paragraph'
    const words = line.slice((item ?? heading)?.[0].length ?? 0)
    const last = result.at(-1)
    if (line === '') empty++
    else {
      const inlines = SIMPLE_WORDS.test(words) ? simpleInlines(words) : undefined
      const goesOn = before === kind && kind !== 'heading'
      // A line below an item goes on with it, and lists with an empty line between them are one.
      if (!inlines || (before === 'list' && (empty === 0 ? kind !== 'list' : kind === 'list')))
        return undefined
      if (heading && (/#\s*$/.test(words) || (before && empty === 0))) return undefined
      const done = item?.[1] === undefined ? {} : { done: item[1] !== ' ' }
      const listItem = { ...done, blocks: [{ kind: 'paragraph' as const, inlines }] }
      if (goesOn && empty === 0 && last?.kind === 'paragraph') {
        last.inlines.push({ kind: 'break' }, ...inlines)
        if (last.typed !== undefined) last.typed += `\n${line}`
      } else if (goesOn && last?.kind === 'list') {
        last.items.push(listItem)
        if (last.typed !== undefined) last.typed += `\n${line}`
      } else {
        const gap = empty > 1 ? { gap: empty } : {}
        const typed = heading ? {} : { typed: line }
        if (heading) result.push({ kind: 'heading', level: heading[1]?.length ?? 1, inlines, ...gap })
        else if (item) result.push({ kind: 'list', loose: false, items: [listItem], ...typed, ...gap })
        else result.push({ kind: 'paragraph', inlines, ...typed, ...gap })
      }
      const now = result.at(-1)
      if (now && words.includes('<')) delete now.typed
      before = kind
      empty = 0
    }
  }
  return result
}

/** Words and addresses; undefined where an address stands bare, or a bracket stands alone. */
function simpleInlines(words: string): Inline[] | undefined {
  const parts = words.split(ADDRESS)
  const bare = parts.some((part, i) => i % 2 === 0 && (part.includes('://') || part.includes('<')))
  return bare
    ? undefined
    : parts.flatMap((part, i): Inline[] =>
        i % 2 === 1
          ? [{ kind: 'link', href: part, inlines: plainText(part) }]
          : part === ''
            ? []
            : plainText(part),
      )
}

/** The blocks of a whole text, each with what was typed where that is plain. */
function withTyped(tokens: Token[]): Block[] {
  let lineEnds = 0
  return tokens.flatMap(token => {
    const typed = withoutLineEnds(token.raw)
    const gap = lineEnds - 1
    lineEnds = token.raw.length - typed.length + (token.type === 'space' ? lineEnds : 0)
    return block(token as Tokens.Generic, 0).map(
      (one): Block => ({ ...one, ...(isPlain(token, typed) && { typed }), ...(gap > 1 && { gap }) }),
    )
  })
}

/** Line ends are looked for from the end: an expression would try each of a million empty lines. */
function withoutLineEnds(text: string): string {
  let end = text.length
  while (text[end - 1] === '\n') end--
  return text.slice(0, end)
}

/** What could be HTML, a definition, an image, a link by reference or an address. */
const FORM = /<[a-z/!?]|&#?\w+;|\\|!\[|\][([:]/i
/** Where a line begins, behind its indents and quote marks: a heading, a fence, an underline or the rule of a table. */
const FORMED_LINE =
  /^(?:(?:[-+*]|\d{1,9}[.)])?[ \t]*(?:#{1,6}(?:\s|$)|```|~~~)|(?:=+|-+)[ \t]*$|:?-+:?[ \t]*\|)/
const FENCED = /^(`{3,})[^`\n]*\n(?:[\s\S]*\n)?\1$/

/** Whether every reader of Markdown takes a text as we do, whatever stands before and after it. */
function isPlain(token: Token, typed: string): boolean {
  if (token.type === 'code') return FENCED.test(typed)
  if (token.type === 'hr') return /^(?:\*{3,}|_{3,})$/.test(typed)
  return (
    !/^\s/.test(typed) &&
    !FORM.test(typed) &&
    !typed.split('\n').some(line => FORMED_LINE.test(line.replace(/^[ \t>]+/, '')))
  )
}

/** Without control characters and halves of characters, which are illegal in XML and could steer a terminal. */
export function legal(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]/g, '')
}

function blocks(tokens: Token[], depth: number): Block[] {
  return tokens.flatMap(token => block(token as Tokens.Generic, depth))
}

function block(token: Tokens.Generic, depth: number): Block[] {
  const inner = depth + 1
  if (depth > DEEPEST) return [{ kind: 'paragraph', inlines: lines(token.raw.trim()) }]
  switch (token.type) {
    case 'space':
    case 'def':
    case 'checkbox':
      return []
    case 'heading': {
      const inlines = inlinesOf(token.tokens)
      if (inlines.length === 0) return [{ kind: 'paragraph', inlines: lines(token.raw.trim()) }]
      return [depth === 0 ? { kind: 'heading', level: token.depth, inlines } : asParagraph(inlines)]
    }
    case 'list':
      return [list(token as Tokens.List, inner)]
    case 'blockquote':
      return [{ kind: 'quote', blocks: blocks(token.tokens ?? [], inner) }]
    case 'code':
      return [{ kind: 'code', text: [token.lang, token.text].filter(Boolean).join('\n') }]
    case 'table':
      return [tableOf(token as Tokens.Table)]
    case 'hr':
      return [{ kind: 'rule' }]
    case 'html':
      return [{ kind: 'comment', text: token.text }]
    default:
      return [
        { kind: 'paragraph', inlines: token.tokens ? inlinesOf(token.tokens) : lines(token.raw.trim()) },
      ]
  }
}

function list(token: Tokens.List, depth: number): Block {
  const items = token.items.map(
    (item): ListItem => ({
      ...(token.ordered && { number: Number.parseInt(item.raw, 10) }),
      ...(item.task && { done: item.checked ?? false }),
      blocks: blocks(item.tokens, depth),
    }),
  )
  return { kind: 'list', loose: token.loose, items }
}

/** What has more cells in a row than columns is shown as it was typed: a table would leave them out. */
function tableOf({ header, rows, raw }: Tokens.Table): Block {
  const wide = raw.split('\n').some(row => cellsIn(row) > header.length)
  if (wide) return { kind: 'paragraph', inlines: lines(raw.trim()) }
  const cells = (row: Tokens.TableCell[]) => row.map(cell => inlinesOf(cell.tokens))
  return { kind: 'table', header: cells(header), rows: rows.map(cells) }
}

const cellsIn = (row: string) =>
  row
    .trim()
    .replace(/^\||(?<!\\)\|$/g, '')
    .split(/(?<!\\)\|/).length

const SAFE = /^(?:https?:\/\/|mailto:)[^\s]/i

function inlinesOf(tokens: readonly Token[] = []): Inline[] {
  return joined(tokens.flatMap(token => inline(token as Tokens.Generic)))
}

function inline(token: Tokens.Generic): Inline[] {
  switch (token.type) {
    case 'strong':
    case 'em':
    case 'del': {
      const kind = { strong: 'strong', em: 'emphasis', del: 'strike' } as const
      return [styled(kind[token.type], inlinesOf(token.tokens))]
    }
    case 'codespan':
      return [{ kind: 'code', text: token.text }]
    case 'br':
      return [{ kind: 'break' }]
    case 'link':
      return SAFE.test(token.href) ? link(token as Tokens.Link) : lines(token.raw)
    case 'escape':
      return lines(token.text)
    case 'text':
      return token.tokens ? inlinesOf(token.tokens) : lines(withoutEntities(token.text))
    case 'checkbox':
      return []
    default:
      return lines(token.raw)
  }
}

function link({ href, title, tokens }: Tokens.Link): Inline[] {
  const inlines = inlinesOf(tokens)
  return [
    { kind: 'link', href, inlines: inlines.length > 0 ? inlines : lines(href) },
    ...(title ? lines(` (${title})`) : []),
  ]
}

/** Any text as it was typed. */
function lines(text: string): Inline[] {
  return text
    .split('\n')
    .flatMap((line, i): Inline[] => [
      ...(i > 0 ? [{ kind: 'break' } as const] : []),
      { kind: 'text', text: line },
    ])
}

type Styled = Extract<Inline, { kind: 'strong' | 'emphasis' | 'strike' }>

/** Bold within bold is bold. */
function styled(kind: Styled['kind'], inlines: Inline[]): Styled {
  return { kind, inlines: joined(inlines.flatMap(one => (one.kind === kind ? one.inlines : [one]))) }
}

/** Neighbours of one form as one. */
function joined(inlines: Inline[]): Inline[] {
  const result: Inline[] = []
  for (const inline of inlines) {
    const last = result.at(-1)
    if (inline.kind === 'text' && last?.kind === 'text')
      result[result.length - 1] = { kind: 'text', text: last.text + inline.text }
    else if (isStyled(inline) && last && isStyled(last) && last.kind === inline.kind)
      result[result.length - 1] = styled(last.kind, [...last.inlines, ...inline.inlines])
    else if (inline.kind !== 'text' || inline.text !== '') result.push(inline)
  }
  return result
}

const isStyled = (inline: Inline): inline is Styled =>
  inline.kind === 'strong' || inline.kind === 'emphasis' || inline.kind === 'strike'

const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
}

/** What `&amp;` and its like stand for; rarer names stay as they were typed. */
function withoutEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-z]{2,4}));/g,
    (whole, decimal, hex, name) => {
      if (name !== undefined) return ENTITIES[name] ?? whole
      const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex, 16)
      return code > 0x10ffff ? whole : legal(String.fromCodePoint(code))
    },
  )
}
