/* What has a form in Markdown, and how words are kept from being taken for it. */

export const MARK = { strong: '**', emphasis: '*', strike: '~~' }

/** Whether marks around the text are taken for marks: not beside a space, nor between a letter and a sign. */
export function holds(before: string, text: string, after: string): boolean {
  const edge = (inside: string | undefined, outside: string | undefined) =>
    inside !== undefined &&
    /\S/u.test(inside) &&
    // Some readers take a tilde for no sign there.
    (!/[\p{P}\p{S}]/u.test(inside) || outside === undefined || /(?!~)[\p{P}\p{S}\s]/u.test(outside))
  const first = (words: string) => [...words.slice(0, 2)][0]
  const last = (words: string) => [...words.slice(-2)].at(-1)
  return edge(first(text), last(before)) && edge(last(text), first(after))
}

/** A fence of ticks that none in the text ends. */
const fenceFor = (text: string, least: number) =>
  '`'.repeat((text.match(/`+/g) ?? []).reduce((most, { length }) => Math.max(most, length + 1), least))

export function codeSpan(text: string): string {
  const fence = fenceFor(text, 1)
  const pad = /^`|`$|^ .* $/s.test(text) ? ' ' : ''
  return fence + pad + text.replaceAll('\n', ' ') + pad + fence
}

export function codeBlock(text: string): string[] {
  const fence = fenceFor(text, 3)
  return [fence, ...text.split('\n'), fence]
}

/** The words of cells, the heads first. */
export function tableLines([heads = [], ...rows]: string[][]): string[] {
  const line = (cells: string[]) =>
    `| ${cells.map(cell => cell.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`
  return [line(heads), `|${' --- |'.repeat(heads.length)}`, ...rows.map(line)]
}

/** Words that are Markdown already, leading to an address. */
export const linked = (words: string, href: string) =>
  `[${words}](${href.replace(/[\s<>()[\]\\]/g, percent).replace(/&(?=#?\w+;)/g, '%26')})`

const percent = (one: string) =>
  encodeURIComponent(one).replace(/^[()]$/, paren => (paren === '(' ? '%28' : '%29'))

interface Surroundings {
  inLink?: boolean
  /** Whether something else follows on its line. */
  more?: boolean
  /** Whether addresses in it may become links. */
  links?: boolean
}

/** The text with a backslash before each character that could be taken for form. */
export function escaped(text: string, { inLink = false, more = false, links = false }: Surroundings): string {
  return text.replace(links ? /[\\`*_~<&![\]]/g : /[\\`*_~<&![\]:.@]/g, (one, at: number) => {
    const before = text.slice(Math.max(0, at - 5), at)
    const rest = text.slice(at, at + 40)
    if (!mayForm(one, before, rest, more, inLink)) return one
    // Some readers take the backslash from brackets within a link before they look for links in it.
    return inLink && /[[\]]/.test(one) ? `&#${one.charCodeAt(0)};` : `\\${one}`
  })
}

function mayForm(one: string, before: string, rest: string, more: boolean, inLink: boolean): boolean {
  // Whatever follows where the text ends is no space.
  const after = rest[1] ?? (more ? 'more' : '')
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
