import { Lexer, type Token, Tokenizer, type Tokens } from 'marked'
import { asParagraph, type Block, type Inline, type ListItem } from './document.ts'

/*
 * Markdown as blocks. Raw HTML, images and links that could do anything but lead to a page are the text they were
 * typed as; a line end stays a line end, as people expect who press Enter.
 */

/** Deeper nesting nobody means, and no format shows. */
const DEEPEST = 12

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

type Links = Record<string, { href: string | null; title: string | null | undefined }>

/** The blocks of an answer, or of any other Markdown that is not to be trusted. */
export function blocksOf(markdown: string): Block[] {
  return read(new Lexer({ gfm: true, breaks: true, tokenizer: new PlainTokenizer() }), markdown)
}

/** The blocks of texts that stand apart in one file: each ends by itself, but a link may be defined in another. */
export function blocksOfFile(texts: readonly string[]): Block[][] {
  const lexer = (links: Links) => {
    const fresh = new Lexer({ gfm: true, breaks: true, tokenizer: new OwnTokenizer() })
    Object.assign(fresh.tokens.links, links)
    return fresh
  }
  const links: Links = {}
  for (const text of texts) if (text.includes(']:')) Object.assign(links, lexer({}).lex(text).links)
  return texts.map(text => read(lexer(links), text))
}

function read(lexer: Lexer, markdown: string): Block[] {
  try {
    return withTyped(lexer.lex(legal(markdown)))
  } catch (error) {
    // Thousands of nested quotes exhaust the stack of any reader of Markdown.
    if (!(error instanceof RangeError)) throw error
    return [{ kind: 'paragraph', inlines: lines(legal(markdown).trim()) }]
  }
}

/** The blocks of a whole text, each with what was typed where that is plain. */
function withTyped(tokens: Token[]): Block[] {
  let before = ''
  return tokens.flatMap(token => {
    const empty = (/\n*$/.exec(before)?.[0].length ?? 0) - 1
    before = token.type === 'space' ? before + token.raw : token.raw
    const typed = token.raw.replace(/\n+$/, '')
    return block(token as Tokens.Generic, 0).map(
      (one): Block => ({
        ...one,
        ...(isPlain(token, typed) && { typed }),
        ...(empty > 1 && { gap: empty }),
      }),
    )
  })
}

/** What could be HTML, a heading, a definition, an image, a link by reference or address, or a fence. */
const FORM =
  /<[a-z/!?]|&#?\w+;|\\|!\[|\][([:]|^[ \t>]*(?:[-+*]|\d+[.)])?[ \t]*(?:#{1,6}(?:\s|$)|```|~~~)|^[ \t>]*(?:=+|-+)[ \t]*$|^[ \t]*:?-+:?[ \t]*\|/im
const FENCED = /^(`{3,})[^`\n]*\n(?:[\s\S]*\n)?\1$/

/** Whether every reader of Markdown takes a text as we do, whatever stands before and after it. */
function isPlain(token: Token, typed: string): boolean {
  if (token.type === 'code') return FENCED.test(typed)
  if (token.type === 'hr') return /^(?:\*{3,}|_{3,})$/.test(typed)
  return !/^\s/.test(typed) && !FORM.test(typed)
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
      return [table(token as Tokens.Table)]
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
      ...(item.task && { done: item.checked ?? false }),
      blocks: blocks(item.tokens, depth),
    }),
  )
  return {
    kind: 'list',
    ...(token.ordered && { start: Number(token.start) }),
    loose: token.loose,
    items,
  }
}

/** What has more cells in a row than columns is shown as it was typed: a table would leave them out. */
function table({ header, rows, raw }: Tokens.Table): Block {
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
