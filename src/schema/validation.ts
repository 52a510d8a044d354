import * as z from 'zod/mini'
import { type Diagnostic, didYouMean } from '../domain/errors.ts'
import { ID } from '../domain/guide.ts'

/** Where each part of a YAML or JSON text stands. */
export interface Places {
  /** The problem `what` at the part the path leads to. */
  problemAt(path: Path, message: string, hint?: string): Diagnostic
  /** The same at the name of that part. */
  problemAtKey(path: Path, message: string, hint?: string): Diagnostic
  /** Whether a comment stands where the part the path leads to should stand. */
  isCommentedOut(path: Path): boolean
}

/** How a kind of file speaks of itself. */
interface Naming {
  /** What the file is, such as `guide`. */
  kind: string
  places: Places
  /** What helps where something else stands that should be a text. */
  textRemedy: string
  /** What could be written where a part is missing. */
  proposed?: ((path: Path) => string | undefined) | undefined
}

/** The value as the schema has it, or everything in which it is not so, each with its place and a remedy. */
export function validate<T>(
  plain: unknown,
  schema: z.ZodMiniType<T>,
  naming: Naming,
): { fits: true; value: T } | { fits: false; problems: Diagnostic[] } {
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
function explain(issue: Issue, plain: unknown, schema: z.core.$ZodType, naming: Naming): Diagnostic[] {
  const { problemAt } = naming.places
  const { path } = issue
  const name = path.length === 0 ? `this ${naming.kind}` : `"${label(path)}"`
  const found = partAt(plain, path)
  if (issue.code === 'unrecognized_keys') return unknownWords(path, issue.keys, schema, naming)
  if (found === undefined) return [missing(path, 'expected' in issue ? String(issue.expected) : '', naming)]
  if (issue.code === 'invalid_type') {
    const wanted = EXPECTED[issue.expected] ?? issue.expected
    const hint =
      issue.expected === 'string'
        ? textInstead(found, path, naming)
        : partsInstead(issue.expected, found, path, schema, naming)
    return [problemAt(path, `${name} should be ${wanted}, but is ${kindOf(found)}`, hint)]
  }
  const said = issue.message && issue.message !== 'Invalid input' ? issue.message : 'is not right here'
  const [message, hint] = said.split('\n')
  return [problemAt(path, `${name} ${message}`, hint)]
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
  { kind, places }: Naming,
): Diagnostic[] {
  const known = Object.keys(shapeAt(schema, path))
  return keys.map(key => {
    const here = [...path, key]
    if (key === '')
      return places.problemAtKey(
        here,
        'no name stands in front of this colon',
        'Write the name in front of it.',
      )
    const hint = didYouMean(key, known) || `${belonging(key, schema)}Words there: ${known.join(', ')}.`
    return places.problemAtKey(here, notAWord(here, kind), hint)
  })
}

/** Where a word belongs that stands where it does not; nothing where it could be anywhere. */
function belonging(word: string, schema: z.core.$ZodType): string {
  const owners = ownersOf(word, schema).filter(owner => owner !== '')
  if (owners.length === 0 || owners.length > 2) return ''
  return `It belongs below ${owners.map(owner => `"${owner}"`).join(' or ')}. `
}

/** That the last name of a path stands where no such name is known. */
export function notAWord(path: Path, kind: string): string {
  const above = path.slice(0, -1)
  const place = `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}${above.length ? ` in "${label(above)}"` : ''}`
  return `"${String(path.at(-1))}" is not a word of ${place}`
}

function missing(path: Path, expected: string, { places, proposed }: Naming): Diagnostic {
  const key = String(path.at(-1) ?? '')
  const proposal = proposed?.(path)
  const hint = proposal === undefined ? ADD[expected] : `Add a line "${key}: ${proposal}".`
  return path.length === 0
    ? places.problemAt(path, 'the file is empty')
    : places.problemAt(path, `"${label(path)}" is missing`, (hint ?? ADD.string)?.replaceAll('KEY', key))
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

/*
 * The fields that guides and plans are made of. What is said of a wrong one stands in two lines: what is wrong, and
 * what to do.
 */

export const text = z
  .string()
  .check(z.regex(/\S/, 'has no text\nWrite a text there, or take it out with its name.'))

export const id = z.string().check(
  z.regex(ID, {
    error: ({ input }) =>
      `should be small letters and digits, joined by . _ or -\nWrite it as "${mendedId(String(input))}", for example.`,
  }),
)

/** A scheme alone, or with a space in it, leads nowhere. */
export const address = z.string().check(
  z.regex(/^https?:\/\/[^\s/]+\S*$/, {
    error: ({ input }) =>
      `should be an address that begins with https://\n${/^[^\s/:]+\.[^\s]+$/.test(String(input)) ? `Did you mean "https://${input}"?` : 'Copy it whole from the browser, such as https://www.example.org/story.'}`,
  }),
)

/** Only its form: whether there is such a language is not for a pattern to say. */
export const languageTag = z.string().check(
  z.regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, {
    error: ({ input }) => `should be the short name of a language\n${languageRemedy(String(input))}`,
  }),
)

/** The id of something that stands elsewhere. */
export const reference = (to: string) => z.string().check(z.regex(ID, `is no id\nWrite the id of ${to}.`))

/** An id that was nearly one, with the signs that may join its parts. */
const mendedId = (wrong: string) =>
  wrong
    .split(/([._-])/)
    .map((part, i) => (i % 2 === 0 ? asId(part) : part))
    .join('')
    .replace(/([._-])[._-]+/g, '$1')
    .replace(/^[._-]+|[._-]+$/g, '') || 'a'

/** Any words as an id: `Élément A` becomes `element-a`. */
export function asId(words: string): string {
  return words
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
}

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz']

/** `Did you mean "es"?` for Spanish, español and es_MX. */
export function languageRemedy(wrong: string): string {
  const usual = 'Write a short name such as en, es or zh-Hant.'
  const dashed = wrong.replaceAll('_', '-')
  if (dashed !== wrong && isLanguage(dashed)) return `Did you mean "${dashed}"?`
  const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' })
  const found = LETTERS.flatMap(first => LETTERS.map(second => first + second)).find(code => {
    if (names.of(code)?.toLowerCase() === wrong.toLowerCase()) return true
    return code === asId(wrong).slice(0, 2) && nameOfItself(code) === wrong.toLowerCase()
  })
  return found ? `Did you mean "${found}"?` : usual
}

const nameOfItself = (code: string) =>
  new Intl.DisplayNames([code], { type: 'language', fallback: 'none' }).of(code)?.toLowerCase()

/** Whether a tag of the right form names a language that somebody speaks. */
export function isLanguage(tag: string): boolean {
  // The names of all languages take a third of a bare start to load.
  if (tag === 'en') return true
  try {
    const [canonical = ''] = Intl.getCanonicalLocales(tag)
    const language = new Intl.Locale(canonical).language
    return new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' }).of(language) !== undefined
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/* Looks into schemas, and into values of which a schema says what they should be. */

export type Path = readonly PropertyKey[]

/** What a schema holds: another, the items of a list, names, or one of several. */
interface Inside {
  innerType?: z.core.$ZodType
  element?: z.core.$ZodType
  shape?: Record<string, z.core.$ZodType>
  options?: z.core.$ZodType[]
}

export const inside = (schema: z.core.$ZodType) => schema._zod.def as Inside

/** The names a schema knows at a path, each with its own schema; none where no map stands. */
export function shapeAt(schema: z.core.$ZodType, path: Path): Record<string, z.core.$ZodType> {
  const { innerType, element, shape } = inside(schema)
  if (innerType) return shapeAt(innerType, path)
  const [key, ...rest] = path
  if (key === undefined) return shape ?? {}
  const inner = element ?? shape?.[String(key)]
  return inner ? shapeAt(inner, rest) : {}
}

/** Whether a part may be left out. */
export const isOptional = (schema: z.core.$ZodType | undefined) => schema?._zod.def.type === 'optional'

/** Every word that a schema knows, wherever it stands. */
export function wordsIn(schema: z.core.$ZodType): Set<string> {
  const { innerType, element, shape = {}, options = [] } = inside(schema)
  const inner = [innerType, element, ...Object.values(shape), ...options].filter(each => each !== undefined)
  return new Set([...Object.keys(shape), ...inner.flatMap(each => [...wordsIn(each)])])
}

/** The names of the parts below which a word stands, such as `warmup` for `questions`; an empty one at the top. */
export function ownersOf(word: string, schema: z.core.$ZodType, owner = ''): string[] {
  const { innerType, element, shape = {} } = inside(schema)
  const below = Object.entries(shape).flatMap(([name, part]) => ownersOf(word, part, name))
  const within = [innerType, element].flatMap(each => (each ? ownersOf(word, each, owner) : []))
  return [...new Set([...(Object.hasOwn(shape, word) ? [owner] : []), ...below, ...within])]
}

/** `stories.elements[2].story[1].text`, counted from 1 as people count. */
export function label(path: Path): string {
  return path
    .map((key, i) => (typeof key === 'number' ? `[${key + 1}]` : `${i ? '.' : ''}${String(key)}`))
    .join('')
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

/** Whether something is a map of names and values. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
