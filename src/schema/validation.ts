import * as z from 'zod/mini'
import { didYouMean, type Problem } from '../domain/errors.ts'
import { isOptional, label, ownersOf, type Path, partAt, shapeAt } from './shapes.ts'

/** Where each part of a YAML or JSON text stands. */
export interface Places {
  /** The problem `what` at the part the path leads to. */
  problemAt(path: Path, what: string, remedy?: string): Problem
  /** The same at the name of that part. */
  problemAtKey(path: Path, what: string, remedy?: string): Problem
  /** Whether a comment stands where the part the path leads to should stand. */
  isCommentedOut(path: Path): boolean
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
  const { issues } = result.error
  const strays = issues.flatMap(issue => (issue.code === 'unrecognized_keys' ? issue.keys : []))
  // One mistake, told once: what is missing here stands elsewhere, where it does not belong.
  const isAstray = (path: Path) =>
    partAt(plain, path) === undefined &&
    strays.includes(String(path.at(-1))) &&
    ownersOf(String(path.at(-1)), schema).length === 1
  const told = issues.filter(({ path }) => path.length === 0 || !isAstray(path))
  return { fits: false, problems: told.flatMap(issue => explain(issue, plain, schema, naming)) }
}

type Issue = z.core.$ZodIssue

/** The schema library says only "Invalid input"; the sentences are ours. */
function explain(issue: Issue, plain: unknown, schema: z.core.$ZodType, naming: Naming): Problem[] {
  const { problemAt } = naming.places
  const { path } = issue
  const name = path.length === 0 ? `this ${naming.what}` : `"${label(path)}"`
  const found = partAt(plain, path)
  if (issue.code === 'unrecognized_keys') return unknownWords(path, issue.keys, schema, naming)
  if (found === undefined) return [missing(path, 'expected' in issue ? String(issue.expected) : '', naming)]
  if (issue.code === 'invalid_type') {
    const wanted = EXPECTED[issue.expected] ?? issue.expected
    const remedy =
      issue.expected === 'string'
        ? textInstead(found, path, naming)
        : partsInstead(issue.expected, found, path, schema, naming)
    return [problemAt(path, `${name} should be ${wanted}, but is ${kindOf(found)}`, remedy)]
  }
  const said = issue.message && issue.message !== 'Invalid input' ? issue.message : 'is not right here'
  const [what, remedy] = said.split('\n')
  return [problemAt(path, `${name} ${what}`, remedy)]
}

/** What helps where no text stands that should be one. */
function textInstead(found: unknown, path: Path, { textRemedy, proposed, places }: Naming): string {
  if (found === null && places.isCommentedOut(path)) return `"#" begins a comment in YAML. ${textRemedy}`
  const proposal = proposed?.(path)
  if (proposal !== undefined) return `Write one, such as "${proposal}".`
  if (found === null) return 'Write a text there, or take it out with its name.'
  if (Array.isArray(found) && found.length === 1 && typeof found[0] === 'string')
    return `Write it without brackets or a dash: ${found[0]}.`
  return typeof found === 'object' ? textRemedy : `Put it in quotes: "${String(found)}".`
}

/** What helps where no list or map stands that should be one. */
function partsInstead(
  expected: string,
  found: unknown,
  path: Path,
  schema: z.core.$ZodType,
  { proposed }: Naming,
): string | undefined {
  const usual = INSTEAD[expected]
  const [above, name] = [path.slice(0, -1), String(path.at(-1))]
  if (found === null && isOptional(shapeAt(schema, above)[name])) return `${usual} Or take it out.`
  const needed = Object.entries(shapeAt(schema, path)).filter(([, part]) => !isOptional(part))
  if (expected !== 'object' || typeof found !== 'string' || needed.length === 0) return usual
  const names = needed.map(([each]) => each)
  const home = /^https?:/.test(found)
    ? 'url'
    : ['text', 'label', 'publisher'].find(each => names.includes(each))
  const [first = '', ...more] = names.map(each => {
    const own = each === home && found.length <= 60 && !/[:#]\s|\n/.test(found) ? found : '…'
    return `"${each}: ${proposed?.([...path, each]) ?? own}"`
  })
  const rest = more.length > 0 ? `, and below it ${more.join(' and ')}` : ''
  return typeof path.at(-1) === 'number'
    ? `Begin it with ${first}${rest}.`
    : `Write below it ${first}${rest}.`
}

function unknownWords(
  path: Path,
  keys: string[],
  schema: z.core.$ZodType,
  { what, places }: Naming,
): Problem[] {
  const known = Object.keys(shapeAt(schema, path))
  return keys.map(key => {
    const here = [...path, key]
    if (key === '')
      return places.problemAtKey(
        here,
        'no name stands in front of this colon',
        'Write the name in front of it.',
      )
    const remedy = didYouMean(key, known) || `${belonging(key, schema)}Words there: ${known.join(', ')}.`
    return places.problemAtKey(here, notAWord(here, what), remedy)
  })
}

/** Where a word belongs that stands where it does not; nothing where it could be anywhere. */
function belonging(word: string, schema: z.core.$ZodType): string {
  const owners = ownersOf(word, schema).filter(owner => owner !== '')
  if (owners.length === 0 || owners.length > 2) return ''
  return `It belongs below ${owners.map(owner => `"${owner}"`).join(' or ')}. `
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
