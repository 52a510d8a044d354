import * as z from 'zod/mini'

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
