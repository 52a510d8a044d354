import { type Inline, wordsOf } from './document.ts'

/** Inlines as lines of Markdown that begin and end nothing but themselves. */
export function inlineMarkdown(inlines: readonly Inline[]): string[] {
  const lines = written(inlines)
    .split('\n')
    .map(line => line.trim())
  return lines.map((line, i) => safeStart(line, i > 0) + (i < lines.length - 1 ? HARD_BREAK : ''))
}

/** Inlines within a line that has begun already. */
export function onOneLine(inlines: readonly Inline[]): string {
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
        return { mark: '', text: escaped(inline.text, inLink, inlines[i + 1] !== undefined) }
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

const MARK = { strong: '**', emphasis: '*', strike: '~~' }

/** Whether marks around the text are taken for marks: not beside a space, nor between a letter and a sign. */
function holds(before: string, text: string, after: string): boolean {
  const edge = (inside: string | undefined, outside: string | undefined) =>
    inside !== undefined &&
    /\S/u.test(inside) &&
    (!SIGN.test(inside) || outside === undefined || /\s/u.test(outside) || SIGN.test(outside))
  const inner = [...text]
  return edge(inner[0], [...before].at(-1)) && edge(inner.at(-1), [...after][0])
}

const SIGN = /[\p{P}\p{S}]/u

function codeSpan(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = /^`|`$|^ .* $/s.test(text) ? ' ' : ''
  return fence + pad + text.replaceAll('\n', ' ') + pad + fence
}

function link(href: string, inlines: Inline[]): string {
  const words = wordsOf(inlines)
  if ((words === href || `mailto:${words}` === href) && !/[\s<>\\]/.test(href)) return `<${words}>`
  const address = href.replace(/[\s<>()[\]\\]/g, percent).replace(/&(?=#?\w+;)/g, '%26')
  return `[${written(inlines, true)}](${address})`
}

const percent = (one: string) =>
  encodeURIComponent(one).replace(/^[()]$/, paren => (paren === '(' ? '%28' : '%29'))

/** The text with a backslash before each character that could be taken for form. */
function escaped(text: string, inLink: boolean, more: boolean): string {
  return text.replace(/[\\`*_~<&![\]:.@]/g, (one, at: number) => {
    const place: Place = {
      before: text.slice(Math.max(0, at - 5), at),
      after: text[at + 1] ?? (more ? 'more' : ''),
      rest: text.slice(at, at + 40),
      inLink,
    }
    if (!mayForm(one, place)) return one
    // Some readers take the backslash from brackets within a link before they look for links in it.
    return inLink && /[[\]]/.test(one) ? `&#${one.charCodeAt(0)};` : `\\${one}`
  })
}

interface Place {
  before: string
  /** The next character; `more` where the text ends and something else follows. */
  after: string
  rest: string
  inLink: boolean
}

function mayForm(one: string, { before, after, rest, inLink }: Place): boolean {
  const lone = /(?:^|\s)$/.test(before) && /^(?:\s|$)/.test(after)
  switch (one) {
    case '\\':
      return /^(?:$|more|[!-/:-@[-`{-~])/.test(after)
    case '`':
      return true
    case '<':
      return /^[a-z/!?]/i.test(after)
    case '&':
      return /^&#?\w+;/.test(rest)
    case '_':
      return !lone && !(/[\p{L}\p{N}]$/u.test(before) && /^[\p{L}\p{N}]$/u.test(after))
    case '*':
      return !lone
    case '~':
      return /~$/.test(before) || after === '~' || /\S$/.test(before)
    case '!':
      return after === 'more'
    case '[':
      return inLink || before.endsWith('!')
    case ']':
      return inLink || /^(?:[([:]|more)/.test(after)
    default:
      return isAddress(one, before, rest)
  }
}

/** Whether the sign belongs to an address that many readers would make a link of, where the person made none. */
function isAddress(one: string, before: string, rest: string): boolean {
  if (one === ':') return /(?:https?|ftp)$/i.test(before) && rest.startsWith('://')
  if (one === '.') return /(?:^|\W|_)www$/i.test(before)
  return /[\w.+-]$/.test(before) && /^@[\w-]+\.\w/.test(rest)
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
