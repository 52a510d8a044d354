import { parseDocument } from 'yaml'
import { type Diagnostic, UserError } from '../domain/errors.ts'
import { firstMarker } from './markers.ts'

/** What the front matter says about how these notes are worked on. */
export interface FrontMatter {
  guide?: string | undefined
  group?: string | undefined
  order?: string | undefined
  only?: string[] | undefined
  /** The ids that a plan asks of this group; undefined where all questions are asked. */
  asked?: string[] | undefined
  /** The file name of the round before this one. */
  previous?: string | undefined
}

/** The fields, the offset of what follows them, and what cannot be read. */
export function readFrontMatter(text: string): { fields: FrontMatter; body: number; problems: Diagnostic[] } {
  const found = blockIn(text)
  if (!found) return { fields: {}, body: text.startsWith('\ufeff') ? 1 : 0, problems: [] }
  const { from, to, body } = found
  if (to < 0) return { fields: {}, body, problems: [UNCLOSED] }
  // Remark escapes brackets.
  const yaml = text.slice(from, to).replaceAll('\\[', '[')
  const { front, fault } = asWritten(yaml) ?? parsed(yaml.trimEnd())
  if (fault === undefined) return { fields: fieldsOf(front), body, problems: [] }
  const guide = yaml.split('\n').flatMap(line => /^guide: *([\w.-]+)\s*$/.exec(line)?.[1] ?? [])
  const line = 1 + yaml.slice(0, fault).split('\n').length
  return { fields: fieldsOf({ guide: guide[0] }), body, problems: [{ line, ...UNREADABLE }] }
}

const UNREADABLE = {
  message: 'this line between the two "---" lines can\'t be read',
  hint: 'They look like this: guide: ID, format: 1. Remove what does not belong there.',
}
const UNCLOSED: Diagnostic = {
  line: 1,
  message: 'this "---" begins the lines about these notes, but no second "---" ends them',
  hint: 'Put a line "---" below them, or remove this one.',
}

/** Also as remark writes it, which takes front matter for a rule and a heading. */
const OPENING = /^\ufeff?(?:---[ \t]*\r?\n|\*\*\*\r?\n\r?\n(?=guide: ))/

/** Offsets of the lines between the two `---`, and of what follows them; `to` is -1 where no second one ends them. */
function blockIn(text: string): { from: number; to: number; body: number } | undefined {
  const from = OPENING.exec(text)?.[0].length
  if (from === undefined) return undefined
  // A "---" after the first mark is somebody's text, which must not change how the file is read.
  const closing = /(?:^|\n)-{3,}[ \t]*(?:\r?\n|$)/.exec(text.slice(from, firstMarker(text)))
  if (!closing) return { from, to: -1, body: text.startsWith('\ufeff') ? 1 : 0 }
  const to = from + closing.index + (closing[0].startsWith('\n') ? 1 : 0)
  return { from, to, body: from + closing.index + closing[0].length }
}

/** Those of a new file besides its guide and format, in their order. */
const OWN = ['group', 'order', 'only', 'asked', 'previous'] as const
const FIELDS = new Set(['guide', 'format', ...OWN])

/** What can be understood without YAML, which takes time to load; undefined if a line needs it. */
function asWritten(yaml: string): { front: unknown; fault?: undefined } | undefined {
  const front = new Map<string, unknown>()
  for (const line of yaml.split('\n')) {
    if (line.trim() === '') continue
    const [name = '', ...rest] = line.split(': ')
    const value = plainValue(name, rest.join(': ').trim())
    if (!FIELDS.has(name) || front.has(name) || value === undefined) return undefined
    front.set(name, value)
  }
  return { front: Object.fromEntries(front) }
}

/** A word, or text and lists as JSON has them. A group may be written as people do: `group: Table 1: west`. */
function plainValue(name: string, value: string): unknown {
  if (/^[\w.-]+$/.test(value)) return value
  if (name === 'group' && /^[\p{L}\p{N}]/u.test(value) && !value.includes(' #')) return value
  if (!/^(?:"[^"\\]*"|\[[^[\]\\]*\])$/.test(value)) return undefined
  try {
    const read: unknown = JSON.parse(value)
    return [read].flat().every(item => typeof item === 'string') ? read : undefined
  } catch {
    return undefined
  }
}

/**
 * Every scalar is read as text: an id such as `null` or `1e3` is a name, not a value. Never throws.
 * @returns the offset of the first fault, because one fault causes others.
 */
function parsed(yaml: string): { front?: unknown; fault?: number | undefined } {
  try {
    const doc = parseDocument(yaml, { prettyErrors: false, schema: 'failsafe', logLevel: 'error' })
    const [first] = doc.errors
    return first ? { fault: first.pos[0] } : { front: doc.toJS() }
  } catch {
    // The parser gives up on aliases that multiply and on nesting thousands deep.
    return { fault: 0 }
  }
}

function fieldsOf(front: unknown): FrontMatter {
  if (typeof front !== 'object' || front === null) return {}
  const { guide, group, order, only, asked, previous } = front as Record<string, unknown>
  const word = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
  const list = (value: unknown) => {
    const words = [value].flat().flatMap(item => word(item) ?? [])
    return words.length > 0 || Array.isArray(value) ? words : undefined
  }
  const parts = list(only)
  const fields = {
    ...{ guide: word(guide), group: word(group), order: word(order), previous: word(previous) },
    ...{ only: parts?.length === 0 ? undefined : parts, asked: list(asked) },
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

/** The front matter of a new file, without the two `---`. */
export function frontLines(guide: string, fields: Omit<FrontMatter, 'guide'>): string[] {
  const own = OWN.flatMap(name => {
    const value = fields[name]
    // Where nothing is asked, that is said.
    return value === undefined || (value.length === 0 && name !== 'asked') ? [] : [lineOf(name, value)]
  })
  return [`guide: ${guide}`, 'format: 1', ...own]
}

const lineOf = (name: string, value: string | readonly string[]) =>
  `${name}: ${name === 'order' ? value : JSON.stringify(value)}`

/**
 * The text with these fields in its front matter, each on a line of its own. No other line changes.
 * @throws UserError if the front matter is written so that a line cannot be put there.
 */
export function withFields(text: string, fields: Pick<FrontMatter, 'group' | 'asked'>, name: string): string {
  const wanted = Object.entries(fields).flatMap(([field, value]) => (value ? [[field, value] as const] : []))
  const after = wanted.reduce((changed, [field, value]) => withField(changed, field, value), text)
  const { fields: read, problems } = readFrontMatter(after)
  const now = new Map(Object.entries(read))
  if (problems.length === 0 && wanted.every(([field, value]) => String(now.get(field)) === String(value)))
    return after
  throw new UserError(
    `The lines between the two "---" at the beginning of ${name} can't be changed. Write there yourself: ${wanted.map(([field, value]) => lineOf(field, value)).join(' and ')}`,
  )
}

function withField(text: string, field: string, value: string | string[]): string {
  const found = blockIn(text)
  const eol = text.slice(0, text.indexOf('\n') + 1).endsWith('\r\n') ? '\r\n' : '\n'
  const line = lineOf(field, value) + eol
  if (!found || found.to < 0) {
    const start = text.startsWith('\ufeff') ? 1 : 0
    return `${text.slice(0, start)}---${eol}${line}---${eol}${eol}${text.slice(start)}`
  }
  const lines = text.slice(found.from, found.to).split(/(?<=\n)/)
  const at = lines.findIndex(each => each.startsWith(`${field}:`))
  // A value may go on over lines that are indented, or that are items of a list.
  const end = at === -1 ? -1 : lines.findIndex((each, i) => i > at && !/^(?:[ \t]|-[ \t\r\n])/.test(each))
  lines.splice(at === -1 ? lines.length : at, at === -1 ? 0 : (end === -1 ? lines.length : end) - at, line)
  return text.slice(0, found.from) + lines.join('') + text.slice(found.to)
}
