import { Lexer, type Token, Tokenizer, type Tokens } from 'marked'
import {
  asParagraph,
  type Block,
  type Inline,
  type ListItem,
  legal,
  plainText,
  SAFE,
  simpleBlocks,
  withoutLineEnds,
} from './blocks.ts'

/* Markdown of people who are not trusted, as blocks. */

/** Deeper nesting nobody means, and no format shows. */
const DEEPEST = 12

type Links = Record<string, { href: string | null; title: string | null | undefined }>

/** Makes readers of Markdown when the first text needs one: the library takes its time to load. */
function makeLexers() {
  /**
   * Raw HTML is no HTML here: the lines are read as other text is, and `[Maria]: unsure` is what somebody said. In the
   * own lines of the file's owner a comment is a comment, and an address may stand apart from its link.
   */
  class PlainTokenizer extends Tokenizer {
    own = false

    override html(source: string): Tokens.HTML | undefined {
      const raw = this.own && /^ {0,3}<!--(?:(?!-->)[\s\S])*-->[ \t]*(?:\n+|$)/.exec(source)?.[0]
      return raw ? { type: 'html', raw, text: raw.trim(), pre: false, block: true } : undefined
    }

    override def(source: string): Tokens.Def | undefined {
      const found = super.def(source)
      return found && this.own && SAFE.test(found.href) ? found : undefined
    }

    override tag(source: string): Tokens.Tag | undefined {
      const before = { ...this.lexer.state }
      const token = super.tag(source)
      Object.assign(this.lexer.state, before)
      return token
    }
  }

  return (own: boolean, links: Links = {}) => {
    const tokenizer = Object.assign(new PlainTokenizer(), { own })
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
export const blocksOf = (markdown: string): Block[] => read(legal(markdown), false)

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
    return [asTyped(text)]
  }
}

/** The blocks of a text as the library reads it. */
export const parsedBlocks = (text: string, own = false, links?: Links) =>
  withTyped(lexer(own, links).lex(text))

const asTyped = (text: string): Block => ({ kind: 'paragraph', inlines: lines(text.trim()) })

/** A line of Markdown for use within another. */
export function lineOf(text: string): Inline[] {
  const [first, ...more] = blocksOf(text)
  return first?.kind === 'paragraph' && more.length === 0 ? first.inlines : plainText(text)
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

const blocks = (tokens: Token[], depth: number): Block[] =>
  tokens.flatMap(token => block(token as Tokens.Generic, depth))

function block(token: Tokens.Generic, depth: number): Block[] {
  const inner = depth + 1
  if (depth > DEEPEST) return [asTyped(token.raw)]
  switch (token.type) {
    case 'space':
    case 'def':
    case 'checkbox':
      return []
    case 'heading': {
      const inlines = inlinesOf(token.tokens)
      if (inlines.length === 0) return [asTyped(token.raw)]
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
      return [token.tokens ? { kind: 'paragraph', inlines: inlinesOf(token.tokens) } : asTyped(token.raw)]
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
  if (wide) return asTyped(raw)
  const cells = (row: Tokens.TableCell[]) => row.map(cell => inlinesOf(cell.tokens))
  return { kind: 'table', header: cells(header), rows: rows.map(cells) }
}

const cellsIn = (row: string) =>
  row
    .trim()
    .replace(/^\||(?<!\\)\|$/g, '')
    .split(/(?<!\\)\|/).length

const inlinesOf = (tokens: readonly Token[] = []): Inline[] =>
  joined(tokens.flatMap(token => inline(token as Tokens.Generic)))

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
  const each = text.split('\n').flatMap(line => [{ kind: 'break' } as const, ...plainText(line)])
  return each.slice(1)
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

const ENTITIES = new Map(Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' }))

/** What `&amp;` and its like stand for; rarer names stay as they were typed. */
function withoutEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-z]{2,4}));/g,
    (whole, decimal, hex, name) => {
      if (name !== undefined) return ENTITIES.get(name) ?? whole
      const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex, 16)
      return code > 0x10ffff ? whole : legal(String.fromCodePoint(code))
    },
  )
}
