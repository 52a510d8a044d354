import * as z from 'zod/mini'
import { didYouMean, type Problem } from './errors.ts'

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
  return { fits: false, problems: result.error.issues.flatMap(issue => explain(issue, plain, known, naming)) }
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

type Issue = z.core.$ZodIssue

/** The schema library says only "Invalid input"; the sentences are ours. */
function explain(issue: Issue, plain: unknown, known: (path: Path) => string[], naming: Naming): Problem[] {
  const { what, textRemedy } = naming
  const { problemAt, problemAtKey } = naming.places
  const { path } = issue
  const name = path.length === 0 ? `this ${what}` : `"${label(path)}"`
  const found = path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    plain,
  )
  if (issue.code === 'unrecognized_keys') {
    const place = `${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what}${path.length ? ` in ${name}` : ''}`
    return issue.keys.map(key =>
      problemAtKey([...path, key], `"${key}" is not a word of ${place}`, didYouMean(key, known(path))),
    )
  }
  if (found === undefined)
    return [problemAt(path, path.length === 0 ? 'the file is empty' : `${name} is missing`)]
  if (issue.code === 'invalid_type') {
    const wanted = EXPECTED[issue.expected] ?? issue.expected
    const remedy = issue.expected === 'string' ? textRemedy : undefined
    return [problemAt(path, `${name} should be ${wanted}, but is ${kindOf(found)}`, remedy)]
  }
  const message = issue.message && issue.message !== 'Invalid input' ? issue.message : 'is not right here'
  return [problemAt(path, `${name} ${message}`)]
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
  return typeof value === 'string' ? 'text' : `the ${typeof value} ${String(value)}`
}

/** `stories.elements[2].story[1].text`, counted from 1 as people count. */
function label(path: Path): string {
  return path
    .map((key, i) => (typeof key === 'number' ? `[${key + 1}]` : `${i ? '.' : ''}${String(key)}`))
    .join('')
}
