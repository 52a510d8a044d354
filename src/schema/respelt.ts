import type * as z from 'zod/mini'
import { nearest } from '../domain/errors.ts'
import { inside, type Path } from './shapes.ts'

/** What a text holds, read as if each misspelt name were the one that was meant. */
export interface Respelt {
  plain: unknown
  misspelt: { path: Path; meant: string }[]
  /** A path in `plain`, as it is written in the text. */
  written(path: Path): Path
}

/** A name counts as misspelt where the schema does not know it and one near it is missing. */
export function respelt(plain: unknown, schema: z.core.$ZodType): Respelt {
  const misspelt: Respelt['misspelt'] = []
  const words = new Map<string, string>()
  const written = (path: Path) => path.map((key, i) => words.get(JSON.stringify(path.slice(0, i + 1))) ?? key)
  const spell = (value: unknown, schema: z.core.$ZodType | undefined, path: Path): unknown => {
    const { innerType, element, shape } = schema ? inside(schema) : {}
    if (innerType) return spell(value, innerType, path)
    if (Array.isArray(value)) return value.map((item, i) => spell(item, element, [...path, i]))
    if (typeof value !== 'object' || value === null || !shape) return value
    const missing = new Set(Object.keys(shape).filter(name => !Object.hasOwn(value, name)))
    return Object.fromEntries(
      Object.entries(value).map(([word, part]) => {
        const meant = (!Object.hasOwn(shape, word) && nearest(word, [...missing])) || word
        const here = [...path, meant]
        if (meant !== word) {
          missing.delete(meant)
          words.set(JSON.stringify(here), word)
          misspelt.push({ path: written(here), meant })
        }
        return [meant, spell(part, shape[meant], here)]
      }),
    )
  }
  return { plain: spell(plain, schema, []), misspelt, written }
}
