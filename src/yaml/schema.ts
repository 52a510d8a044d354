import * as z from 'zod/mini'
import { didYouMean, type Problem } from '../errors.ts'

export type Path = readonly PropertyKey[]

/** Where each part of a YAML or JSON text stands. */
export interface Places {
  /** The problem `what` at the part the path leads to. */
  problemAt(path: Path, what: string, remedy?: string): Problem
  /** The same at the name of that part. */
  problemAtKey(path: Path, what: string, remedy?: string): Problem
}

/** How a kind of file speaks of itself. */
interface Naming {
  /** What the file is, such as `guide`. */
  what: string
  places: Places
  /** What helps where something else stands that should be a text. */
  textRemedy: string
  /** What could be written where a part is missing. */
  proposed?: ((path: Path) => string | undefined) | undefined
}

/** The value as the schema has it, or everything in which it is not so, each with its place and a remedy. */
export function inForm<T>(
  plain: unknown,
  schema: z.ZodMiniType<T>,
  naming: Naming,
): { fits: true; value: T } | { fits: false; problems: Problem[] } {
  const result = z.safeParse(schema, plain)
  if (result.success) return { fits: true, value: result.data }
  const known = (path: Path) => Object.keys(shapeAt(schema, path))
  const { issues } = result.error
  return { fits: false, problems: issues.flatMap(issue => explain(issue, plain, known, naming)) }
}

/** The keys a schema knows at a path, each with its own schema; none where no map stands. */
function shapeAt(schema: z.core.$ZodType, path: Path): Record<PropertyKey, z.core.$ZodType> {
  const def = schema._zod.def as {
    innerType?: z.core.$ZodType
    element?: z.core.$ZodType
    shape?: Record<PropertyKey, z.core.$ZodType>
  }
  if (def.innerType) return shapeAt(def.innerType, path)
  const [key, ...rest] = path
  if (key === undefined) return def.shape ?? {}
  const inner = def.element ?? def.shape?.[key]
  return inner ? shapeAt(inner, rest) : {}
}

/** Every word that a schema knows, wherever it stands. */
export function wordsIn(schema: z.core.$ZodType): Set<string> {
  const {
    innerType,
    element,
    shape = {},
    options = [],
  } = schema._zod.def as {
    innerType?: z.core.$ZodType
    element?: z.core.$ZodType
    shape?: Record<string, z.core.$ZodType>
    options?: z.core.$ZodType[]
  }
  const inner = [innerType, element, ...Object.values(shape), ...options].filter(each => each !== undefined)
  return new Set([...Object.keys(shape), ...inner.flatMap(each => [...wordsIn(each)])])
}

type Issue = z.core.$ZodIssue

/** The schema library says only "Invalid input"; the sentences are ours. */
function explain(issue: Issue, plain: unknown, known: (path: Path) => string[], naming: Naming): Problem[] {
  const { problemAt } = naming.places
  const { path } = issue
  const name = path.length === 0 ? `this ${naming.what}` : `"${label(path)}"`
  const found = partAt(plain, path)
  if (issue.code === 'unrecognized_keys') return unknownWords(path, issue.keys, known(path), naming)
  if (found === undefined) return [missing(path, 'expected' in issue ? String(issue.expected) : '', naming)]
  if (issue.code === 'invalid_type') {
    const wanted = EXPECTED[issue.expected] ?? issue.expected
    const remedy = issue.expected === 'string' ? textInstead(found, path, naming) : INSTEAD[issue.expected]
    return [problemAt(path, `${name} should be ${wanted}, but is ${kindOf(found)}`, remedy)]
  }
  const said = issue.message && issue.message !== 'Invalid input' ? issue.message : 'is not right here'
  const [what, remedy] = said.split('\n')
  return [problemAt(path, `${name} ${what}`, remedy)]
}

/** What helps where no text stands that should be one. */
function textInstead(found: unknown, path: Path, { textRemedy, proposed }: Naming): string {
  const proposal = proposed?.(path)
  if (proposal !== undefined) return `Write one, such as "${proposal}".`
  if (found === null) return 'Write a text there, or take it out with its name.'
  return typeof found === 'object' ? textRemedy : `Put it in quotes: "${String(found)}".`
}

/** What stands at a path, whatever the text holds. */
export function partAt(plain: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    plain,
  )
}

function unknownWords(path: Path, keys: string[], known: string[], { what, places }: Naming): Problem[] {
  return keys.map(key => {
    const here = [...path, key]
    if (key === '')
      return places.problemAtKey(
        here,
        'no name stands in front of this colon',
        'Write the name in front of it.',
      )
    const remedy = didYouMean(key, known) || `Words there: ${known.join(', ')}.`
    return places.problemAtKey(here, notAWord(here, what), remedy)
  })
}

/** That the last name of a path stands where no such name is known. */
export function notAWord(path: Path, what: string): string {
  const above = path.slice(0, -1)
  const place = `${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what}${above.length ? ` in "${label(above)}"` : ''}`
  return `"${String(path.at(-1))}" is not a word of ${place}`
}

function missing(path: Path, expected: string, { places, proposed }: Naming): Problem {
  const key = String(path.at(-1) ?? '')
  const proposal = proposed?.(path)
  const remedy = proposal === undefined ? ADD[expected] : `Add a line "${key}: ${proposal}".`
  return path.length === 0
    ? places.problemAt(path, 'the file is empty')
    : places.problemAt(path, `"${label(path)}" is missing`, (remedy ?? ADD.string)?.replaceAll('KEY', key))
}

const ADD: Record<string, string> = {
  string: 'Add a line "KEY: …".',
  number: 'Add a line "KEY: 5", with the right number.',
  array: 'Add "KEY:" and a list below it, each of its items with a "- " in front.',
  object: 'Add "KEY:" and its parts below it, indented.',
}

const INSTEAD: Record<string, string> = {
  array: 'Write a list below it, each of its items with a "- " in front.',
  object: 'Write its parts below it as "name: value", one a line.',
  record: 'Write its parts below it as "name: value", one a line.',
  number: 'Write digits without quotes, such as 5.',
}

const EXPECTED: Record<string, string> = {
  string: 'text',
  array: 'a list',
  object: 'a map of names and values',
  number: 'a number',
  record: 'a map of names and values',
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map (a colon makes one)'
  if (typeof value === 'boolean') return `the word ${value}, which has a meaning in YAML`
  return typeof value === 'string' ? 'text' : `the ${typeof value} ${String(value)}`
}

/** `stories.elements[2].story[1].text`, counted from 1 as people count. */
function label(path: Path): string {
  return path
    .map((key, i) => (typeof key === 'number' ? `[${key + 1}]` : `${i ? '.' : ''}${String(key)}`))
    .join('')
}

/** A part of a file that is read as far as it is sound: what is wrong with its form is told elsewhere. */
export type Lenient<Shape> = { [Key in keyof Shape]?: z.infer<Shape[Key]> }

export function soundParts<Shape extends Record<string, z.ZodMiniType>>(
  shape: Shape,
  plain: unknown,
): Lenient<Shape> {
  const found: Record<string, unknown> = {}
  for (const [key, schema] of Object.entries(shape)) {
    const result = z.safeParse(schema, partAt(plain, [key]))
    if (result.success) found[key] = result.data
  }
  return found as Lenient<Shape>
}

/** The list at a path, or an empty one where something else stands. */
export function listAt(plain: unknown, path: Path): unknown[] {
  const found = partAt(plain, path)
  return Array.isArray(found) ? found : []
}
