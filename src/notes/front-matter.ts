import { parseDocument } from 'yaml'
import type { Problem } from '../domain/errors.ts'
import { firstMark } from './markers.ts'

/** What the front matter says about how these notes are worked on. */
export interface FrontMatter {
  guide?: string
  group?: string
  order?: string
  only?: string[]
}

export function readFrontMatter(text: string): {
  fields: FrontMatter
  body: number
  bodyLine: number
  problems: Problem[]
} {
  const opening = /^\ufeff?---[ \t]*\r?\n/.exec(text)?.[0]
  const none = { fields: {}, body: text.startsWith('\ufeff') ? 1 : 0, bodyLine: 1, problems: [] }
  if (!opening) return none
  // A "---" behind the first mark is somebody's text, which must not change how the file is read.
  const closing = /(?:^|\n)---[ \t]*(?:\r?\n|$)/.exec(text.slice(opening.length, firstMark(text)))
  if (!closing) return { ...none, problems: [UNCLOSED] }
  const yaml = text.slice(opening.length, opening.length + closing.index)
  const body = opening.length + closing.index + closing[0].length
  const bodyLine = text.slice(0, body).split('\n').length
  const written = asWritten(yaml)
  const { front, faults } = written ? { front: written, faults: [] } : parsed(yaml)
  const problems = faults.map(at => ({
    line: 1 + yaml.slice(0, at).split('\n').length,
    what: 'this line between the two "---" cannot be read',
    remedy: 'They begin as guide: ID, format: 1; what does not fit there can be taken out.',
  }))
  const guide = /^guide: *([\w.-]+)[ \t]*\r?$/m.exec(yaml)?.[1]
  const fields = problems.length > 0 ? fieldsOf({ guide }) : fieldsOf(front)
  return { fields, body, bodyLine, problems }
}

const UNCLOSED: Problem = {
  line: 1,
  what: 'here begin lines about these notes, but no second "---" ends them',
  remedy: 'Put a line "---" below them, or take this one out.',
}

/** A line as this program writes it: a word, or text and lists as JSON has them. */
const OUR_LINE = /^(guide|format|group|order|only): (?:([\w.-]+)|("[^"\\]*"|\[[^[\]\\]*\]))\r?$/
/** A group as a person writes it, whatever its signs mean elsewhere: `group: Table 1: west`. */
const GROUP = /^group: +([\p{L}\p{N}](?:(?! #)[^\r\n])*?)[ \t]*\r?$/u

/** What needs no YAML to be understood, which takes its time to load; undefined if a line is somebody else's. */
function asWritten(yaml: string): Record<string, unknown> | undefined {
  const front: Record<string, unknown> = {}
  for (const line of yaml.split('\n')) {
    if (line.trim() === '') continue
    const group = GROUP.exec(line)?.[1]
    const [, name = '', word = group, json] = OUR_LINE.exec(line) ?? (group ? ['', 'group'] : [])
    if (name === '' || name in front) return undefined
    const value = word ?? parsedJson(json ?? '')
    if (!isWords(value)) return undefined
    front[name] = value
  }
  return front
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isWords = (value: unknown) =>
  (Array.isArray(value) ? value : [value]).every(item => typeof item === 'string')

/**
 * Every scalar is read as text: an id such as `null` or `1e3` is a name, not a value. Never throws.
 * @returns where a fault is, for one brings about others.
 */
function parsed(yaml: string): { front: unknown; faults: number[] } {
  try {
    const doc = parseDocument(yaml, { prettyErrors: false, schema: 'failsafe', logLevel: 'error' })
    const faults = [...new Set(doc.errors.map(error => error.pos[0]))].slice(0, 1)
    return { front: faults.length > 0 ? undefined : doc.toJS({ maxAliasCount: 0 }), faults }
  } catch {
    // The parser gives up on aliases and on nesting thousands deep.
    return { front: undefined, faults: [0] }
  }
}

function fieldsOf(front: unknown): FrontMatter {
  if (typeof front !== 'object' || front === null) return {}
  const { guide, group, order, only } = front as Record<string, unknown>
  const word = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
  const list = (Array.isArray(only) ? only : [only]).map(word).filter(item => item !== undefined)
  const fields = {
    guide: word(guide),
    group: word(group),
    order: word(order),
    ...(list.length > 0 && { only: list }),
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
