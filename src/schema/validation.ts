import * as z from 'zod/mini'
import { type Diagnostic, didYouMean, nearest } from '../domain/errors.ts'
import { ID } from '../domain/guide.ts'
import { IF_TEXT } from './yaml-errors.ts'

/** The places of the parts of a YAML or JSON text. */
export interface Places {
  /** A problem at the part the path leads to; at the first such `part` of its text, if one is given. */
  problemAt(path: Path, message: string, hint?: string, part?: string): Diagnostic
  /** The same at the name of that part. */
  problemAtKey(path: Path, message: string, hint?: string): Diagnostic
  /** A number or another bare word at the path as it is written, such as `007`. */
  sourceAt(path: Path): string | undefined
  /** Whether there is a comment in place of the part the path leads to. */
  isCommentedOut(path: Path): boolean
}

/** How a kind of file speaks of itself. */
interface Naming {
  /** What the file is, such as `guide`. */
  kind: string
  places: Places
  /** The remedy for a value that should be a text. */
  textRemedy: string
  /** What could be written where a part is missing. */
  proposed?: ((path: Path) => string | undefined) | undefined
}

/** The value as the schema has it, or every problem with its place and a remedy. */
export function validate<T>(
  plain: unknown,
  schema: z.ZodMiniType<T>,
  naming: Naming,
): { value?: T; problems: Diagnostic[] } {
  const { data: value, error } = z.safeParse(schema, plain)
  if (!error) return { value, problems: [] }
  const { issues } = error
  const misspelled = new Set<string>()
  const astray = new Set<string>()
  for (const issue of issues)
    for (const key of issue.code === 'unrecognized_keys' ? issue.keys : []) {
      const meant = nearest(key, Object.keys(shapeAt(schema, issue.path)))
      if (meant !== undefined) misspelled.add(label([...issue.path, meant]))
      if (ownersOf(key, schema).length === 1) astray.add(key)
    }
  // A missing field that is misspelled, or in the wrong place, is one mistake and reported once.
  const isTold = (path: Path) => misspelled.has(label(path)) || astray.has(String(path.at(-1)))
  const told = issues.filter(({ path }) => partAt(plain, path) !== undefined || !isTold(path))
  return { problems: told.flatMap(issue => explain(issue, plain, schema, naming)) }
}

type Issue = z.core.$ZodIssue

/** The schema library says only "Invalid input"; the sentences are ours. */
function explain(issue: Issue, plain: unknown, schema: z.core.$ZodType, naming: Naming): Diagnostic[] {
  const { problemAt } = naming.places
  const { path } = issue
  const name = path.length === 0 ? `this ${naming.kind}` : `"${label(path)}"`
  const found = partAt(plain, path)
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => unknownField([...path, key], schema, naming))
  // Of a list that may stand for one text, each item is told.
  const items =
    issue.code === 'invalid_union' ? issue.errors.find(([each]) => each && each.path.length > 0) : []
  if (items && items.length > 0)
    return items.flatMap(item => explain({ ...item, path: [...path, ...item.path] }, plain, schema, naming))
  if (found === undefined) return [missing(path, 'expected' in issue ? String(issue.expected) : '', naming)]
  if (issue.code === 'invalid_type') {
    const expected = issue.expected === 'record' ? 'object' : issue.expected
    const source = naming.places.sourceAt(path) ?? String(found)
    const message = `${name} should be ${EXPECTED.get(expected)}, but is ${kindOf(found, source)}`
    const isText = expected === 'string'
    const hint = isText
      ? textInstead(found, source, path, schema, naming)
      : partsInstead(issue, found, schema, naming)
    return [problemAt(path, message, hint)]
  }
  const said = issue.message && issue.message !== 'Invalid input' ? issue.message : 'does not fit here'
  const [message, hint] = said.split('\n')
  const isEmpty = typeof found === 'string' && found.trim() === ''
  return [problemAt(path, `${name} ${message}`, hint ?? (isEmpty ? emptyRemedy(path, schema) : undefined))]
}

/** The remedy for a value that should be a text. */
function textInstead(
  found: unknown,
  source: string,
  path: Path,
  schema: z.core.$ZodType,
  naming: Naming,
): string {
  const { textRemedy, proposed, places } = naming
  if (found === null && places.isCommentedOut(path))
    return `YAML reads "#" as the start of a comment. ${textRemedy}`
  const proposal = proposed?.(path)
  const isBare = found !== null && typeof found !== 'object'
  if (proposal !== undefined && !(isBare && ID.test(source))) return `Write one, such as "${proposal}".`
  if (isBare) return `Put it in quotes: "${source}".`
  if (found === null) return emptyRemedy(path, schema)
  if (Array.isArray(found) && found.length === 1 && typeof found[0] === 'string')
    return `Write it without brackets or a dash: ${found[0]}.`
  return textRemedy
}

/** The remedy for a value that should be a list or fields. */
function partsInstead(
  { expected, path }: z.core.$ZodIssueInvalidType,
  found: unknown,
  schema: z.core.$ZodType,
  { proposed }: Naming,
): string | undefined {
  const usual = INSTEAD.get(expected)
  if (found === null && mayBeDeleted(path, schema)) return `${usual} Or delete the field.`
  const needed = Object.entries(shapeAt(schema, path)).filter(([, part]) => !isOptional(part))
  if (typeof found !== 'string' || needed.length === 0 || expected !== 'object') return usual
  const lines = needed.map(([name]) => `"${name}: ${proposed?.([...path, name]) ?? '…'}"`)
  return `Start it with ${lines.join(', and below it ')}.`
}

/** The remedy for a text that is empty. */
const emptyRemedy = (path: Path, schema: z.core.$ZodType) =>
  mayBeDeleted(path, schema) ? 'Write a text, or delete the field.' : 'Write a text.'

function mayBeDeleted(path: Path, schema: z.core.$ZodType): boolean {
  const [above, name] = [shapeAt(schema, path.slice(0, -1)), String(path.at(-1))]
  return Object.hasOwn(above, name) && isOptional(above[name])
}

function unknownField(path: Path, schema: z.core.$ZodType, { places }: Naming): Diagnostic {
  const [above, key] = [path.slice(0, -1), String(path.at(-1))]
  if (key === '')
    return places.problemAtKey(path, 'the name before this colon is missing', 'Write the name of the field.')
  const known = Object.keys(shapeAt(schema, above))
  // Where a misplaced field belongs, unless it could be anywhere.
  const owners = ownersOf(key, schema).flatMap(owner => (owner === '' ? [] : `"${owner}"`))
  const place = owners.length === 1 || owners.length === 2 ? `It belongs under ${owners.join(' or ')}. ` : ''
  const isWords = /\S\s+\S/.test(key)
  const hint = didYouMean(key, known) || (isWords ? IF_TEXT : `${place}Fields here: ${known.join(', ')}.`)
  const where = above.length > 0 ? ` in "${label(above)}"` : ''
  return places.problemAtKey(path, `unknown field "${key}"${where}`, hint)
}

function missing(path: Path, expected: string, { places, proposed }: Naming): Diagnostic {
  const usual = ADD.get(expected) ?? `Add a line "KEY: ${proposed?.(path) ?? '…'}".`
  const hint = usual.replace('KEY', String(path.at(-1)))
  return places.problemAt(path, `"${label(path)}" is missing`, hint)
}

const ADD = new Map([
  ['number', 'Add a line "KEY: 5", with the right number.'],
  ['array', 'Add "KEY:" and a list below it, each item starting with "- ".'],
  ['object', 'Add "KEY:" and its fields below it, indented.'],
])

const FIELDS = 'Write its fields below it as "name: value", one per line.'
const INSTEAD = new Map([
  ['array', 'Write a list below it, each item starting with "- ".'],
  ['object', FIELDS],
  ['record', FIELDS],
  ['number', 'Write digits without quotes, such as 5.'],
])

const EXPECTED = new Map([
  ['string', 'text'],
  ['array', 'a list'],
  ['object', 'a group of fields'],
  ['number', 'a number'],
])

function kindOf(value: unknown, source: string): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a group of fields (a colon starts a field)'
  if (typeof value === 'boolean') return `the value ${source}`
  return typeof value === 'string' ? 'text' : `the number ${source}`
}

/* Looking into schemas, and into values that should match one. */

export type Path = readonly PropertyKey[]

/** What a schema holds: another, the items of a list, names, or one of several. */
interface Inside {
  innerType?: z.core.$ZodType
  element?: z.core.$ZodType
  shape?: Record<string, z.core.$ZodType>
  options?: z.core.$ZodType[]
}

const inside = (schema: z.core.$ZodType) => schema._zod.def as Inside

/** The fields of a schema at a path, each with its own schema; none where it has no fields. */
function shapeAt(schema: z.core.$ZodType, path: Path): Record<string, z.core.$ZodType> {
  const { innerType, element, shape } = inside(schema)
  if (innerType) return shapeAt(innerType, path)
  const [key, ...rest] = path
  if (key === undefined) return shape ?? {}
  const name = String(key)
  const inner = element ?? (shape && Object.hasOwn(shape, name) ? shape[name] : undefined)
  return inner ? shapeAt(inner, rest) : {}
}

/** Whether a part may be left out. */
const isOptional = (schema: z.core.$ZodType | undefined) => schema?._zod.def.type === 'optional'

/** The names of all fields in a schema. */
export function wordsIn(schema: z.core.$ZodType): Set<string> {
  const { innerType, element, shape = {}, options = [] } = inside(schema)
  const inner = [innerType, element, ...Object.values(shape), ...options].filter(each => each !== undefined)
  return new Set([...Object.keys(shape), ...inner.flatMap(each => [...wordsIn(each)])])
}

/** The parents of a field in a schema, such as `warmup` for `questions`; an empty one at the top. */
function ownersOf(word: string, schema: z.core.$ZodType, owner = ''): string[] {
  const { innerType, element, shape = {} } = inside(schema)
  const below = Object.entries(shape).flatMap(([name, part]) => ownersOf(word, part, name))
  const within = [innerType, element].flatMap(each => (each ? ownersOf(word, each, owner) : []))
  return [...new Set([...(Object.hasOwn(shape, word) ? [owner] : []), ...below, ...within])]
}

/** `stories.elements[2].story[1].text`, counted from 1 as people count. */
function label(path: Path): string {
  return path
    .map((key, i) => (typeof key === 'number' ? `[${key + 1}]` : `${i ? '.' : ''}${String(key)}`))
    .join('')
}

/** The value at a path, whatever the text holds. */
export function partAt(plain: unknown, path: Path): unknown {
  let value = plain
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<PropertyKey, unknown>)[key]
  }
  return value
}

/** The parts of a file that are valid: problems with the others are reported elsewhere. */
export type Lenient<Shape> = { [Key in keyof Shape]?: z.infer<Shape[Key]> }

export function soundParts<Shape extends Record<string, z.ZodMiniType>>(shape: Shape, plain: unknown) {
  const found: Record<string, unknown> = {}
  for (const [key, schema] of Object.entries(shape)) {
    const result = z.safeParse(schema, partAt(plain, [key]))
    if (result.success) found[key] = result.data
  }
  return found as Lenient<Shape>
}

/** The list at a path; empty if there is no list. */
export function listAt(plain: unknown, path: Path): unknown[] {
  const found = partAt(plain, path)
  return Array.isArray(found) ? found : []
}

/** Whether something is a map of names and values. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
